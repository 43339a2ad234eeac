package dev.tidemark.sql;

import java.util.function.IntConsumer;

import dev.tidemark.sql.SyntaxFault.Reason;

/**
 * Cuts SQL into tokens by the rules of the server's own scanner, and passes over blanks
 * and comments between them. Each character is looked at a bounded number of times.
 * <p>
 * The rules are those of PostgreSQL's {@code src/backend/parser/scan.l}, described in the
 * documentation's chapter "Lexical Structure". Where the versions differ, the newer one
 * counts: a vertical tab is white space (since 17), and letters that follow a number
 * directly belong to it (an error since 15).
 *
 * @since 0.1.0
 */
public final class Lexer {

	private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";

	private final String text;

	private final int limit;

	private boolean standardStrings;

	private Token token = Token.END;

	private int start;

	private int position;

	/** Where the signs begin that an operator has left over, each a token of its own. */
	private int signs;

	/** Where they end, so that nobody looks for that again for each of them. */
	private int signsEnd;

	private IntConsumer comments = (offset) -> {
	};

	/**
	 * Creates a lexer for a part of a text.
	 * @param text the text
	 * @param offset where to begin
	 * @param limit where to end, exclusive
	 * @param standardStrings whether a backslash is an ordinary character in plain
	 * strings, as the parameter {@code standard_conforming_strings} has it
	 */
	public Lexer(String text, int offset, int limit, boolean standardStrings) {
		this.text = text;
		this.start = offset;
		this.position = offset;
		this.limit = limit;
		this.standardStrings = standardStrings;
	}

	/** Tells where comments begin that end with their line. */
	public void tellComments(IntConsumer comments) {
		this.comments = comments;
	}

	public void setStandardStrings(boolean standardStrings) {
		this.standardStrings = standardStrings;
	}

	/**
	 * Goes on behind text that is not SQL.
	 * @param offset where the next token is looked for
	 */
	public void continueAt(int offset) {
		this.position = offset;
	}

	public Token token() {
		return this.token;
	}

	/**
	 * Returns where the current token starts.
	 * @return the offset
	 */
	public int start() {
		return this.start;
	}

	/**
	 * Returns where the current token ends.
	 * @return the offset behind its last character
	 */
	public int end() {
		return this.position;
	}

	public boolean isSymbol(char symbol) {
		return this.token == Token.SYMBOL && this.text.charAt(this.start) == symbol;
	}

	/**
	 * Returns whether the current token is a keyword. As in the server only the letters A
	 * to Z fold, so that no other character can pose as one of them.
	 * @param keyword the keyword in upper case
	 * @return whether it is
	 */
	public boolean isWord(String keyword) {
		if (this.token != Token.WORD || this.position - this.start != keyword.length()) {
			return false;
		}
		for (int i = 0; i < keyword.length(); i++) {
			char c = this.text.charAt(this.start + i);
			if (((c >= 'a' && c <= 'z') ? c - 'a' + 'A' : c) != keyword.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Moves to the next token.
	 * @return its kind
	 * @throws SqlSyntaxException if it, or a comment before it, is not terminated
	 */
	public Token next() {
		skipBlanks();
		this.start = this.position;
		this.token = (this.position < this.limit) ? read(this.text.charAt(this.position)) : Token.END;
		return this.token;
	}

	private Token read(char first) {
		if (first == '\'') {
			return string(this.start, !this.standardStrings, true);
		}
		if (first == '"') {
			return quotedIdentifier(this.start);
		}
		if (first == '$') {
			return dollar();
		}
		if (isDigit(first)) {
			return number();
		}
		if (isIdentifierStart(first)) {
			return wordOrPrefixedLiteral(first);
		}
		if (OPERATOR_CHARACTERS.indexOf(first) >= 0) {
			return operator();
		}
		this.position++;
		return (first == '\\') ? Token.BACKSLASH : Token.SYMBOL;
	}

	private Token wordOrPrefixedLiteral(char first) {
		char second = peek(this.start + 1);
		if (second == '\'') {
			switch (first) {
				case 'e', 'E' -> {
					return string(this.start + 1, true, true);
				}
				case 'b', 'B', 'x', 'X' -> {
					return string(this.start + 1, false, false);
				}
				case 'n', 'N' -> {
					// To the server it is the keyword NCHAR and then a plain string.
					this.position++;
					return Token.WORD;
				}
				default -> {
					// An identifier right before a string.
				}
			}
		}
		if ((first == 'u' || first == 'U') && second == '&') {
			char third = peek(this.start + 2);
			if (third == '\'') {
				return string(this.start + 2, false, true);
			}
			if (third == '"') {
				return quotedIdentifier(this.start + 2);
			}
		}
		int i = this.start + 1;
		while (i < this.limit && (isIdentifierPart(this.text.charAt(i)) || this.text.charAt(i) == '$')) {
			i++;
		}
		this.position = i;
		return Token.WORD;
	}

	private Token string(int quote, boolean escapes, boolean doubling) {
		int part = quote;
		do {
			this.position = endOfString(part, escapes, doubling);
			part = continuation(this.position);
		}
		while (part >= 0);
		return Token.STRING;
	}

	private int endOfString(int quote, boolean escapes, boolean doubling) {
		int i = quote + 1;
		while (i < this.limit) {
			char c = this.text.charAt(i);
			if (c == '\\' && escapes) {
				i += 2;
			}
			else if (c != '\'') {
				i++;
			}
			else if (doubling && peek(i + 1) == '\'') {
				i += 2;
			}
			else {
				return i + 1;
			}
		}
		throw failure(quote, Reason.UNTERMINATED_STRING,
				"A string constant begins here, but its closing quote is missing");
	}

	/**
	 * Looks for a string that continues another one: between them stands white space with
	 * at least one line break, and perhaps comments of the kind that ends with its line.
	 * @param offset the offset behind the first string
	 * @return the offset of the quote that continues it, or -1
	 */
	private int continuation(int offset) {
		boolean lineBreak = false;
		int i = offset;
		while (i < this.limit) {
			char c = this.text.charAt(i);
			if (c == '\'') {
				return lineBreak ? i : -1;
			}
			if (c == '-' && peek(i + 1) == '-') {
				i = endOfLine(i);
			}
			else if (isBlank(c)) {
				lineBreak |= isLineBreak(c);
				i++;
			}
			else {
				return -1;
			}
		}
		return -1;
	}

	private Token quotedIdentifier(int quote) {
		int i = quote + 1;
		while (true) {
			i = this.text.indexOf('"', i);
			if (i < 0 || i >= this.limit) {
				throw failure(quote, Reason.UNTERMINATED_IDENTIFIER,
						"A quoted identifier begins here, but its closing double quote is missing");
			}
			if (peek(i + 1) != '"') {
				this.position = i + 1;
				return Token.QUOTED_IDENTIFIER;
			}
			i += 2;
		}
	}

	private Token dollar() {
		int i = this.start + 1;
		if (isDigit(peek(i))) {
			while (isDigit(peek(i))) {
				i++;
			}
			this.position = i;
			return Token.PARAMETER;
		}
		while (i < this.limit && isIdentifierPart(this.text.charAt(i))) {
			i++;
		}
		if (peek(i) != '$') {
			this.position++;
			return Token.SYMBOL;
		}
		String delimiter = this.text.substring(this.start, i + 1);
		int end = this.text.indexOf(delimiter, i + 1);
		if (end < 0 || end + delimiter.length() > this.limit) {
			throw failure(this.start, Reason.UNTERMINATED_DOLLAR_QUOTE,
					"A dollar-quoted string begins here, but its closing " + shortened(delimiter) + " is missing");
		}
		this.position = end + delimiter.length();
		return Token.STRING;
	}

	private Token number() {
		int i = this.start + 1;
		while (i < this.limit && isIdentifierPart(this.text.charAt(i))) {
			i++;
		}
		this.position = i;
		return Token.NUMBER;
	}

	private Token operator() {
		if (this.start >= this.signs && this.start < this.signsEnd) {
			this.position = this.start + 1;
			return Token.OPERATOR;
		}
		int i = this.start + 1;
		while (i < this.limit && OPERATOR_CHARACTERS.indexOf(this.text.charAt(i)) >= 0 && !isCommentStart(i)) {
			i++;
		}
		this.position = operatorEnd(i);
		return Token.OPERATOR;
	}

	/**
	 * An operator of several characters ends with a sign only if one of the others is
	 * none of the SQL standard's, so that {@code =-1} is an equals sign and a number.
	 */
	private int operatorEnd(int end) {
		int i = end;
		while (i > this.start + 1 && "+-".indexOf(this.text.charAt(i - 1)) >= 0) {
			i--;
		}
		for (int j = this.start; j < i; j++) {
			if ("~!@#^&|`?%".indexOf(this.text.charAt(j)) >= 0) {
				return end;
			}
		}
		this.signs = i;
		this.signsEnd = end;
		return i;
	}

	private void skipBlanks() {
		while (this.position < this.limit) {
			char c = this.text.charAt(this.position);
			if (isBlank(c)) {
				this.position++;
			}
			else if (!isCommentStart(this.position)) {
				return;
			}
			else if (c == '-') {
				this.comments.accept(this.position);
				this.position = endOfLine(this.position);
			}
			else {
				this.position = endOfComment(this.position);
			}
		}
	}

	private boolean isCommentStart(int offset) {
		char c = this.text.charAt(offset);
		return (c == '-' && peek(offset + 1) == '-') || (c == '/' && peek(offset + 1) == '*');
	}

	private int endOfLine(int offset) {
		int i = offset;
		while (i < this.limit && !isLineBreak(this.text.charAt(i))) {
			i++;
		}
		return i;
	}

	private int endOfComment(int offset) {
		int depth = 0;
		int i = offset;
		while (i < this.limit) {
			char c = this.text.charAt(i);
			if (c == '/' && peek(i + 1) == '*') {
				depth++;
				i += 2;
			}
			else if (c == '*' && peek(i + 1) == '/') {
				depth--;
				i += 2;
				if (depth == 0) {
					return i;
				}
			}
			else {
				i++;
			}
		}
		throw failure(offset, Reason.UNTERMINATED_COMMENT,
				"A comment begins here, but its closing */ is missing (comments nest in PostgreSQL)");
	}

	private char peek(int offset) {
		return (offset < this.limit) ? this.text.charAt(offset) : '\0';
	}

	private SqlSyntaxException failure(int offset, Reason reason, String message) {
		return SqlSyntaxException.at(this.text, offset, reason, message);
	}

	private static String shortened(String delimiter) {
		return PlainText.line((delimiter.length() <= 65) ? delimiter : delimiter.substring(0, 64) + "\u2026");
	}

	public static boolean isBlank(char c) {
		return c == ' ' || (c >= '\t' && c <= '\r');
	}

	public static boolean isLineBreak(char c) {
		return c == '\n' || c == '\r';
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private static boolean isIdentifierStart(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
	}

	private static boolean isIdentifierPart(char c) {
		return isIdentifierStart(c) || isDigit(c);
	}

}
