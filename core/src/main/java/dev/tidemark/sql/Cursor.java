package dev.tidemark.sql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one statement token by token, one token ahead. Nothing is read before it is asked
 * for, so that recognising a long statement by its first words costs no more than those.
 */
final class Cursor {

	private static final int LONGEST_KEYWORD = 24;

	private final String text;

	private final Lexer lexer;

	Cursor(String text, int offset, int end, boolean standardStrings) {
		this.text = text;
		this.lexer = new Lexer(text, offset, end, standardStrings);
		this.lexer.next();
	}

	boolean isAtEnd() {
		return this.lexer.token() == Token.END;
	}

	boolean isAt(Token token) {
		return this.lexer.token() == token;
	}

	boolean isAt(String keyword) {
		return this.lexer.isWord(keyword);
	}

	boolean isAt(char symbol) {
		return this.lexer.isSymbol(symbol);
	}

	void skip() {
		this.lexer.next();
	}

	boolean accept(String keyword) {
		boolean accepted = isAt(keyword);
		if (accepted) {
			skip();
		}
		return accepted;
	}

	boolean accept(char symbol) {
		boolean accepted = isAt(symbol);
		if (accepted) {
			skip();
		}
		return accepted;
	}

	boolean acceptEqualsSign() {
		boolean accepted = isAt(Token.OPERATOR) && currentText().equals("=");
		if (accepted) {
			skip();
		}
		return accepted;
	}

	/**
	 * Passes over a name, qualified or not. After a point any word is a name.
	 * @return whether there was one
	 */
	boolean acceptName() {
		if (!isAtName()) {
			return false;
		}
		skip();
		while (isAt('.')) {
			skip();
			if (isAtName()) {
				skip();
			}
		}
		return true;
	}

	/** Passes over a pair of parentheses, if one opens here, and all that it encloses. */
	void skipParentheses() {
		if (!isAt('(')) {
			return;
		}
		int depth = 0;
		do {
			if (isAt('(')) {
				depth++;
			}
			else if (isAt(')')) {
				depth--;
			}
			skip();
		}
		while (depth > 0 && !isAtEnd());
	}

	/**
	 * Moves behind the next occurrence of a keyword outside of parentheses.
	 * @param keyword the keyword
	 * @return whether there was one
	 */
	boolean skipPast(String keyword) {
		while (!isAtEnd()) {
			if (accept(keyword)) {
				return true;
			}
			if (isAt('(')) {
				skipParentheses();
			}
			else {
				skip();
			}
		}
		return false;
	}

	/**
	 * Reads a list of options in parentheses, such as {@code (verbose, connect = off)}.
	 * @return the values by name, without quotes and in lower case, empty for an option
	 * without value; empty if no parenthesis opens here. Of several options of one name
	 * the last one counts
	 */
	Map<String, String> options() {
		Map<String, String> options = new HashMap<>();
		if (!accept('(')) {
			return options;
		}
		while (!isAtEnd() && !isAt(')')) {
			String name = value();
			skip();
			acceptEqualsSign();
			StringBuilder value = new StringBuilder();
			while (!isAtEnd() && !isAt(',') && !isAt(')')) {
				value.append(value());
				skip();
			}
			options.put(name, value.toString());
			accept(',');
		}
		accept(')');
		return options;
	}

	/**
	 * Returns what the current token says, without its quotes and in lower case.
	 * @return the value; only plain quotes are removed, for no other notation is worth it
	 */
	String value() {
		String value = currentText();
		boolean quoted = value.length() > 1 && (value.startsWith("'") || value.startsWith("\""));
		return (quoted ? value.substring(1, value.length() - 1) : value).toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns the current token as a keyword.
	 * @return the word in upper case, or an empty string if it cannot be a keyword
	 */
	String keyword() {
		int length = this.lexer.end() - this.lexer.start();
		if (!isAt(Token.WORD) || length > LONGEST_KEYWORD) {
			return "";
		}
		StringBuilder keyword = new StringBuilder(length);
		for (int i = this.lexer.start(); i < this.lexer.end(); i++) {
			char c = this.text.charAt(i);
			keyword.append((c >= 'a' && c <= 'z') ? (char) (c - 'a' + 'A') : c);
		}
		return keyword.toString();
	}

	private boolean isAtName() {
		return isAt(Token.WORD) || isAt(Token.QUOTED_IDENTIFIER);
	}

	private String currentText() {
		return this.text.substring(this.lexer.start(), this.lexer.end());
	}

}
