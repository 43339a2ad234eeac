package dev.tidemark.sql;

/**
 * A script could not be cut into statements. The message says to people what is wrong and
 * where in the script; it does not name the file, which this package does not know, and
 * quotes no content of literals.
 */
public final class SqlSyntaxException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	private final int offset;

	private final String what;

	private final int line;

	private final int column;

	private SqlSyntaxException(Reason reason, int offset, int line, int column, String what) {
		super(what + " (line " + line + ", column " + column + ")");
		this.reason = reason;
		this.offset = offset;
		this.what = what;
		this.line = line;
		this.column = column;
	}

	static SqlSyntaxException at(String text, int offset, Reason reason, String message) {
		LineCounter position = new LineCounter(text);
		position.advanceTo(offset);
		return new SqlSyntaxException(reason, offset, position.line(), position.column(), message);
	}

	/** Returns the exception with its position in the source of the text. */
	SqlSyntaxException in(ScriptText text) {
		return at(text.source(), text.sourceStart(this.offset), this.reason, this.what);
	}

	/**
	 * Returns what is wrong.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Returns the line where the construct starts that is wrong or has no end.
	 * @return the line, the first one being 1; {@code \n}, {@code \r\n} and a lone
	 * {@code \r} end a line
	 */
	public int line() {
		return this.line;
	}

	/**
	 * Returns the column where the construct starts that is wrong or has no end.
	 * @return the column in UTF-16 characters, the first one being 1
	 */
	public int column() {
		return this.column;
	}

	/**
	 * What can be wrong with a script.
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
