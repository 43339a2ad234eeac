package dev.tidemark.sql.script;

import java.util.List;

import dev.tidemark.sql.SqlSyntaxException;

/**
 * The text of an SQL script, cut into its statements. Immutable and safe for use by many
 * threads.
 * <p>
 * A script is cut as the server cuts a string of several statements, not as psql does:
 * every statement's text is accepted by the server as exactly one statement, or has a
 * syntax error that the server reports. In addition, inline rows after
 * {@code COPY … FROM STDIN} are understood as psql and pg_dump write them.
 *
 * @since 0.1.0
 */
public final class SqlScript {

	private final ScriptText text;

	private final List<SqlStatement> statements;

	private final List<Remark> remarks;

	private SqlScript(ScriptText text, List<SqlStatement> statements, List<Remark> remarks) {
		this.text = text;
		this.statements = List.copyOf(statements);
		this.remarks = List.copyOf(remarks);
	}

	/**
	 * Cuts a text into statements, in time proportional to its length.
	 * <p>
	 * A semicolon ends a statement unless it stands in parentheses (the commands of a
	 * {@code CREATE RULE}) or in a {@code BEGIN ATOMIC} body of a function or procedure.
	 * Empty statements are left out, and the last one needs no semicolon.
	 * <p>
	 * {@code SET standard_conforming_strings} and {@code RESET} are followed: plain
	 * strings of later statements are read accordingly. The script is taken to start with
	 * {@code on}, and {@code RESET} to mean {@code on}. A change through
	 * {@code set_config()} is not seen.
	 * <p>
	 * The rows of {@code COPY … FROM STDIN} begin on the line after the semicolon, behind
	 * which only blanks and comments may stand on its line, and end before a line that is
	 * exactly {@code \.}. Unlike psql, the end of the file does not end them: a file that
	 * was cut off must not be loaded by half. The two lines by which pg_dump restricts
	 * psql, {@code \restrict} and its counterpart, are passed over.
	 * @param text the text of the script, with any line ends and without byte order mark
	 * @return the script
	 * @throws SqlSyntaxException if a literal, comment, block or inline data has no end,
	 * or commands for psql are met; errors of grammar are left to the server
	 */
	public static SqlScript parse(String text) {
		return parse(ScriptText.of(text));
	}

	/**
	 * Replaces the placeholders of a text, and cuts it into statements. A value is text
	 * of the script like any other: it may hold quotes, semicolons and whole statements.
	 * Lines, columns and excerpts are those of the text before.
	 * @param text as {@link #parse(String)} takes it, with placeholders; quotes,
	 * parentheses and comments have to be balanced without their values
	 * @param substitution says what takes the place of the placeholders
	 * @return the script
	 * @throws SqlSyntaxException as {@link #parse(String)}, for the text before and
	 * after; where a value is what is wrong, its placeholder is named
	 */
	public static SqlScript parse(String text, Substitution substitution) {
		if (!text.contains(substitution.prefix())) {
			return parse(text);
		}
		Substitutor substitutor = new Substitutor(text, substitution);
		ScriptText script = substitutor.substitute();
		try {
			return parse(script);
		}
		catch (SqlSyntaxException ex) {
			throw (script.placeholders() > 0) ? substitutor.culprit(script, ex.reason()) : ex;
		}
	}

	private static SqlScript parse(ScriptText text) {
		Splitter splitter = new Splitter(text);
		return new SqlScript(text, splitter.split(), splitter.remarks());
	}

	/**
	 * Returns the script with a word in the place of parts of its text, filled up with
	 * blanks: the statements, their positions and their source stay.
	 * @param word the word
	 * @param parts the parts, each at least as long as the word and within one statement
	 * @return the script
	 */
	public SqlScript withWord(String word, List<TextRange> parts) {
		if (parts.isEmpty()) {
			return this;
		}
		StringBuilder filled = new StringBuilder(this.text.text());
		for (TextRange part : parts) {
			for (int i = part.start(); i < part.end(); i++) {
				int index = i - part.start();
				filled.setCharAt(i, (index < word.length()) ? word.charAt(index) : ' ');
			}
		}
		ScriptText changed = this.text.withText(filled.toString());
		return new SqlScript(changed, this.statements.stream().map((statement) -> statement.in(changed)).toList(),
				this.remarks);
	}

	/**
	 * Returns the text of the script, with values for its placeholders.
	 * @return the text, to which all offsets refer
	 */
	public String text() {
		return this.text.text();
	}

	/**
	 * Returns the statements in the order of the text.
	 * @return an unmodifiable list, empty if the script has nothing but blanks, comments
	 * and semicolons
	 */
	public List<SqlStatement> statements() {
		return this.statements;
	}

	/**
	 * Returns the comments of the form {@code -- tidemark: …} behind the first token,
	 * outside of constants.
	 * @return the remarks as the text had them before placeholders were replaced, in
	 * order
	 */
	public List<Remark> remarks() {
		return this.remarks;
	}

}
