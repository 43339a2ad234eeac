package dev.tidemark.sql;

/**
 * The kinds of token that {@link Lexer} tells apart.
 *
 * @since 0.1.0
 */
public enum Token {

	/** A keyword or an identifier without quotes. */
	WORD,

	/** An identifier in double quotes, {@code U&"…"} included. */
	QUOTED_IDENTIFIER,

	/** A string or bit string of any notation, with all of its continuations. */
	STRING,

	/** A number, as far as it has neither point nor sign. */
	NUMBER,

	/** A positional parameter such as {@code $1}. */
	PARAMETER,

	/** A run of operator characters. */
	OPERATOR,

	/** Any other single character, such as a parenthesis or a semicolon. */
	SYMBOL,

	/** A backslash, which SQL does not know outside of literals. */
	BACKSLASH,

	/** The end of the text. */
	END

}
