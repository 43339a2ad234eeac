package dev.tidemark.sql;

import org.jspecify.annotations.Nullable;

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
 * @since 0.1.0
 */
public record SyntaxFault(Reason reason, String message, int line, int column, String command,
		@Nullable String placeholder) {

	static SyntaxFault at(String text, int offset, Reason reason, String message) {
		LineCounter position = new LineCounter(text);
		position.advanceTo(offset);
		return new SyntaxFault(reason, message, position.line(), position.column(), "", null);
	}

	public static SyntaxFault psql(String command, LineCounter position) {
		String message = command.equals(".")
				? "A line \\. ends inline rows, but no COPY ... FROM STDIN stands before it"
				: "\\" + command + " is a command for psql, not for the server";
		return new SyntaxFault(Reason.META_COMMAND, message, position.line(), position.column(), command, null);
	}

	/** What is wrong may quote the value, so nothing is said of it but the reason. */
	public static SyntaxFault inValue(Reason reason, String placeholder, String source, int offset) {
		SyntaxFault place = at(source, offset, reason, "The value of a placeholder breaks the text that it stands in");
		return new SyntaxFault(reason, place.message(), place.line(), place.column(), "", placeholder);
	}

	/**
	 * What can be wrong with a script.
	 *
	 * @since 0.1.0
	 */
	public enum Reason {

		/** The closing quote of a string or bit string is missing. */
		UNTERMINATED_STRING,

		/** The closing double quote of an identifier is missing. */
		UNTERMINATED_IDENTIFIER,

		/** The closing delimiter of a dollar-quoted string is missing. */
		UNTERMINATED_DOLLAR_QUOTE,

		/** The end of a block comment, or of one nested in it, is missing. */
		UNTERMINATED_COMMENT,

		/**
		 * The {@code END} of a {@code BEGIN ATOMIC} body, or a closing parenthesis, is
		 * missing.
		 */
		UNTERMINATED_BLOCK,

		/**
		 * The inline rows of {@code COPY … FROM STDIN} do not begin on the line after it,
		 * or the line {@code \.} that ends them is missing.
		 */
		UNTERMINATED_COPY,

		/**
		 * A backslash stands outside of literals: a command for psql, which a server does
		 * not understand.
		 */
		META_COMMAND

	}

}
