package dev.tidemark.migration;

import java.util.List;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.sql.SyntaxFault;

/**
 * What is told of a file that cannot be cut into statements.
 *
 * @param script the path of the file
 * @param placeholders what is declared
 */
record SyntaxProblems(String script, Placeholders placeholders) {

	private static final String ONLY_SHOWS = "Remove the line: it says nothing but how psql works and what it shows.";

	List<Problem> of(List<SyntaxFault> faults) {
		return faults.stream().map(this::problem).toList();
	}

	private Problem problem(SyntaxFault fault) {
		Place place = Place.position(this.script, fault.line(), fault.column());
		if (fault.placeholder() != null) {
			return ofValue(this.placeholders.name(fault.placeholder()), fault.reason(), place);
		}
		String remedy = (fault.reason() == SyntaxFault.Reason.META_COMMAND) ? insteadOf(fault.command())
				: "Close what the line opens; the rest of the file cannot be split until then.";
		return Problem.error(ErrorCode.SYNTAX, place,
				fault.message() + " (line " + fault.line() + ", column " + fault.column() + ").", remedy);
	}

	/** The value may be a secret: it is named, never shown. */
	private Problem ofValue(String name, SyntaxFault.Reason reason, Place place) {
		String cause = switch (reason) {
			case UNTERMINATED_STRING -> "a string constant ends too early, or not at all";
			case UNTERMINATED_IDENTIFIER -> "a quoted identifier ends too early, or not at all";
			case UNTERMINATED_DOLLAR_QUOTE -> "a dollar-quoted string has no end";
			case UNTERMINATED_COMMENT -> "a comment has no end";
			case UNTERMINATED_BLOCK -> "a parenthesis or a body has no end";
			case UNTERMINATED_COPY -> "the rows of a COPY have no end";
			case META_COMMAND -> "there is a command for psql in the text";
		};
		String correct = (this.placeholders.value(name) != null)
				? "Correct " + SettingNames.name("placeholders") + "." + name + ": a"
				: BuiltIns.isReserved(name)
						? "Ask the server for it in place of the placeholder, as in current_database(): its"
						: "Correct the default that stands in the file: a";
		return Problem.error(ErrorCode.SYNTAX, place,
				"The value of the placeholder " + this.placeholders.written(name)
						+ " breaks the text that it is put into: with it " + cause + ".",
				correct + " value is put into the text as it is. Between quotes, each quote in it has to be written "
						+ "twice, as in O''Reilly.");
	}

	private static String insteadOf(String command) {
		return switch (command) {
			case "." -> "Remove the line, or put the COPY ... FROM stdin before it whose rows it ends.";
			case "restrict", "unrestrict" -> "Remove the line. As pg_dump writes it, at the start of a line and between"
					+ " statements, it may stay.";
			case "c", "connect" -> "Remove the line: migrations run in the database that "
					+ SettingNames.name("connection.url") + " or the DataSource"
					+ " leads to. What belongs into another one belongs to the files of that one, tidemark.databases.<name>.";
			case "i", "ir", "include", "include_relative" ->
				"Put the text of that file in the place of the line, or" + " make it a migration of its own.";
			case "copy" -> "Write COPY ... FROM stdin; with the rows on the lines behind it and \\. on the last one, or"
					+ " INSERT.";
			case "set", "unset", "gset", "prompt", "getenv" ->
				"Declare a placeholder, as " + SettingNames.name("placeholders") + ".name,"
						+ " and write it where the file has the variable, or compute the value in a DO block.";
			case "g", "gx", "gdesc", "crosstabview", "watch" -> "Write a semicolon in its place.";
			case "gexec" -> "Execute what the query returns in a DO block: FOR ... IN ... LOOP EXECUTE ...; END LOOP.";
			case "bind", "bind_named", "parse" -> "Write the values into the statement, and a semicolon behind it.";
			case "if", "elif", "else", "endif" -> "Decide in a DO block, or put what only some environments need into a"
					+ " file with -- tidemark: only=name at its head.";
			case "q", "quit" -> "Remove the line, and what stands behind it, which psql would not have run.";
			case "!", "cd", "setenv" -> "Remove the line: migrations run no command of the operating system.";
			case "encoding" ->
				"Remove the line: what encoding the file has, " + SettingNames.name("files.encoding") + " says.";
			case "password" -> "Write ALTER ROLE ... PASSWORD '${name}' with a placeholder.";
			case "lo_import", "lo_export", "lo_unlink" ->
				"Use the server's functions, as lo_from_bytea() and" + " lo_unlink().";
			case "echo", "qecho", "warn", "o", "out", "w", "write", "timing", "pset", "x", "t", "a", "f", "C", "H", "T",
					"html", "errverbose", "conninfo", "help", "h", "?", "s", "p", "print", "r", "reset", "e", "edit" ->
				ONLY_SHOWS;
			default -> command.startsWith("d") || command.equals("l") || command.equals("z") ? ONLY_SHOWS
					: "Remove the line: commands that begin with a backslash belong to psql, not to the server.";
		};
	}

}
