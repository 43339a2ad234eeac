package dev.tidemark.sql.secret;

import dev.tidemark.sql.Lexer;

/**
 * A text in which positions are looked for, such as the end of what begins with a quote.
 * It is read from its beginning to its end.
 */
final class ScannedText {

	/** How far the end of a call, or of a string inside of a string, is looked for. */
	private static final int LONGEST_VALUE = 2000;

	private final CharSequence text;

	/** Where blanks and comments began that no string continues. */
	private int blanksFrom;

	/** Where these blanks and comments end. */
	private int blanksTo;

	ScannedText(CharSequence text) {
		this.text = text;
	}

	/**
	 * Finds the end of a string inside of a string, where all quotes are doubled. Returns
	 * -1 if there is none.
	 */
	int endOfDoublyQuoted(int offset) {
		int limit = Math.min(this.text.length(), offset + LONGEST_VALUE);
		int i = offset;
		while (i < limit) {
			if (this.text.charAt(i) == '\\') {
				i += startsWith("''", i + 1) ? 3 : 2;
			}
			else if (startsWith("''", i)) {
				return i;
			}
			else {
				i++;
			}
		}
		return -1;
	}

	int endOfQuoted(int quote, int limit) {
		char prefix = (quote > 0) ? this.text.charAt(quote - 1) : '\0';
		if (prefix == 'e' || prefix == 'E') {
			return endOfQuoted(quote, limit, true);
		}
		// Whether a backslash escapes in it is not known here; to mask more is safe.
		return Math.max(endOfQuoted(quote, limit, true), endOfQuoted(quote, limit, false));
	}

	private int endOfQuoted(int quote, int limit, boolean escapes) {
		int i = quote + 1;
		while (i < limit) {
			char c = this.text.charAt(i);
			if ((c == '\\' && escapes) || (c == '\'' && at(i + 1) == '\'')) {
				i += 2;
			}
			else if (c == '\'') {
				return i + 1;
			}
			else {
				i++;
			}
		}
		return limit;
	}

	int continuation(int offset) {
		boolean lineBreak = false;
		int i = offset;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			if (Lexer.isLineBreak(c) && i > this.blanksFrom && i < this.blanksTo) {
				// The comments below have been passed over from a literal above.
				return -1;
			}
			if (startsWith("--", i)) {
				while (i < this.text.length() && !Lexer.isLineBreak(this.text.charAt(i))) {
					i++;
				}
			}
			else if (Lexer.isBlank(c)) {
				lineBreak |= Lexer.isLineBreak(c);
				i++;
			}
			else if (c == '\'' && lineBreak) {
				return i;
			}
			else {
				break;
			}
		}
		if (lineBreak) {
			this.blanksFrom = offset;
			this.blanksTo = i;
		}
		return -1;
	}

	/** A quote between letters is part of a value rather than the end of its text. */
	boolean isClosingQuote(int offset) {
		char quote = this.text.charAt(offset);
		if (quote != '\'' && quote != '"') {
			return false;
		}
		return !Character.isLetterOrDigit(at((at(offset + 1) == quote) ? offset + 2 : offset + 1));
	}

	/**
	 * Finds the end of a call, for the secret may be an argument as in
	 * {@code password = crypt('secret', …)}. Returns -1 if it is just a parenthesis.
	 */
	int endOfCall(int parenthesis) {
		int limit = Math.min(this.text.length(), parenthesis + LONGEST_VALUE);
		int depth = 0;
		int i = parenthesis;
		while (i < limit) {
			char c = this.text.charAt(i);
			if (c == '\'') {
				i = endOfQuoted(i, limit);
				continue;
			}
			i++;
			if (c == '(') {
				depth++;
			}
			else if (c == ')' && --depth == 0) {
				return i;
			}
		}
		return -1;
	}

	boolean isPort(int start, int end) {
		for (int i = start; i < end; i++) {
			if (!Character.isDigit(this.text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	boolean startsWith(String part, int offset) {
		if (offset + part.length() > this.text.length()) {
			return false;
		}
		for (int i = 0; i < part.length(); i++) {
			if (this.text.charAt(offset + i) != part.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Finds a delimiter of dollar quotes: in it there is a dollar at the ends only, so
	 * nothing is compared twice.
	 */
	int indexOf(String delimiter, int offset) {
		for (int i = offset; i + delimiter.length() <= this.text.length(); i++) {
			if (startsWith(delimiter, i)) {
				return i;
			}
		}
		return -1;
	}

	int skipBlanks(int offset) {
		return SecretNames.skipBlanks(this.text, offset);
	}

	char at(int offset) {
		return (offset < this.text.length()) ? this.text.charAt(offset) : '\0';
	}

}
