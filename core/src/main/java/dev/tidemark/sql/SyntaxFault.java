package dev.tidemark.sql;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.SqlSyntaxException.Reason;

/**
 * One reason why a script cannot be cut into statements.
 *
 * @param reason what is wrong
 * @param message what is wrong, in words, which quote no content of literals and no value
 * of a placeholder
 * @param line the line where the construct starts that is wrong or has no end, the first
 * one being 1; {@code \n}, {@code \r\n} and a lone {@code \r} end a line
 * @param column its column in UTF-16 characters, the first one being 1
 * @param command the name of the command for psql, without its backslash; empty if it is
 * none, {@code .} for the line that ends rows
 * @param placeholder the placeholder whose value is what is wrong, as it stands between
 * prefix and suffix, or {@code null}
 */
public record SyntaxFault(Reason reason, String message, int line, int column, String command,
		@Nullable String placeholder) {

	static SyntaxFault at(String text, int offset, Reason reason, String message) {
		LineCounter position = new LineCounter(text);
		position.advanceTo(offset);
		return new SyntaxFault(reason, message, position.line(), position.column(), "", null);
	}

	static SyntaxFault psql(String command, LineCounter position) {
		String message = command.equals(".")
				? "A line \\. ends inline rows, but no COPY ... FROM STDIN stands before it"
				: "\\" + command + " is a command for psql, not for the server";
		return new SyntaxFault(Reason.META_COMMAND, message, position.line(), position.column(), command, null);
	}

	/** What is wrong may quote the value, so nothing is said of it but the reason. */
	static SyntaxFault inValue(Reason reason, String placeholder, String source, int offset) {
		SyntaxFault place = at(source, offset, reason, "The value of a placeholder breaks the text that it stands in");
		return new SyntaxFault(reason, place.message(), place.line(), place.column(), "", placeholder);
	}

}
