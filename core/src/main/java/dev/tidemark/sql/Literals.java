package dev.tidemark.sql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads what identifiers and string constants of all notations say, by the rules of the
 * server (documentation, chapter "Lexical Structure").
 *
 * @since 0.1.0
 */
public final class Literals {

	/** The longest identifier in bytes; the server cuts off what is beyond. */
	private static final int LONGEST_IDENTIFIER = 63;

	private Literals() {
	}

	/**
	 * Reads an identifier.
	 * @param token its text
	 * @param escape the character that begins an escape in {@code U&"…"}
	 * @return the identifier as the catalogue of a database in UTF-8 holds it
	 */
	static String identifier(String token, char escape) {
		if (token.startsWith("\"")) {
			return clipped(unquoted(token, 1, '"'));
		}
		if (isUnicode(token)) {
			return clipped(unescapedUnicode(unquoted(token, 3, '"'), escape));
		}
		StringBuilder folded = new StringBuilder(token.length());
		for (int i = 0; i < token.length(); i++) {
			char c = token.charAt(i);
			folded.append((c >= 'A' && c <= 'Z') ? (char) (c - 'A' + 'a') : c);
		}
		return clipped(folded.toString());
	}

	/**
	 * Reads a string constant with its continuations.
	 * @param token its text
	 * @param standardStrings whether a backslash is an ordinary character in plain
	 * strings
	 * @param escape the character that begins an escape in {@code U&'…'}
	 * @return the string
	 */
	public static String string(String token, boolean standardStrings, char escape) {
		if (token.startsWith("$")) {
			int delimiter = token.indexOf('$', 1) + 1;
			return token.substring(delimiter, token.length() - delimiter);
		}
		int quote = token.indexOf('\'');
		String prefix = token.substring(0, quote).toLowerCase(Locale.ROOT);
		boolean escapes = prefix.equals("e") || (prefix.isEmpty() && !standardStrings);
		String joined = joined(token, quote, escapes);
		if (escapes) {
			return unescaped(joined);
		}
		return prefix.equals("u&") ? unescapedUnicode(joined, escape) : joined;
	}

	static boolean isUnicode(String token) {
		return token.length() > 2 && (token.charAt(0) == 'u' || token.charAt(0) == 'U') && token.charAt(1) == '&';
	}

	private static String unquoted(String token, int start, char quote) {
		String inside = token.substring(start, token.length() - 1);
		return inside.replace("" + quote + quote, "" + quote);
	}

	/** Takes the quotes off all parts of a string and leaves its escapes as they are. */
	private static String joined(String token, int firstQuote, boolean escapes) {
		StringBuilder joined = new StringBuilder(token.length());
		int i = firstQuote;
		while (i < token.length()) {
			i = appendPart(joined, token, i + 1, escapes);
			while (i < token.length() && token.charAt(i) != '\'') {
				i = token.startsWith("--", i) ? endOfLine(token, i) : i + 1;
			}
		}
		return joined.toString();
	}

	private static int appendPart(StringBuilder joined, String token, int start, boolean escapes) {
		int i = start;
		while (i < token.length()) {
			char c = token.charAt(i);
			if (c == '\\' && escapes && i + 1 < token.length()) {
				joined.append(c).append(token.charAt(i + 1));
				i += 2;
			}
			else if (c != '\'') {
				joined.append(c);
				i++;
			}
			else if (i + 1 < token.length() && token.charAt(i + 1) == '\'') {
				joined.append(c);
				i += 2;
			}
			else {
				return i + 1;
			}
		}
		return i;
	}

	private static int endOfLine(String token, int offset) {
		int i = offset;
		while (i < token.length() && !Lexer.isLineBreak(token.charAt(i))) {
			i++;
		}
		return i;
	}

	private static String unescaped(String text) {
		StringBuilder result = new StringBuilder(text.length());
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			char next = (i + 1 < text.length()) ? text.charAt(i + 1) : '\0';
			int end = i + 2;
			int radix = (next == 'x') ? 16 : 8;
			int first = (radix == 16) ? i + 2 : i + 1;
			int digits = (c == '\\') ? digits(text, first, radix, (radix == 16) ? 2 : 3) : 0;
			if (digits > 0) {
				// Bytes of the encoding: several of them make one character.
				bytes.write(Integer.parseInt(text, first, first + digits, radix));
				i = first + digits;
				continue;
			}
			flush(bytes, result);
			if (c != '\\' || next == '\0') {
				result.append(c);
				i++;
				continue;
			}
			int length = (next == 'u') ? 4 : (next == 'U') ? 8 : 0;
			if (length > 0 && digits(text, end, 16, length) == length) {
				appendCharacter(result, Integer.parseInt(text, end, end + length, 16));
				end += length;
			}
			else {
				result.append(control(next));
			}
			i = end;
		}
		flush(bytes, result);
		return result.toString();
	}

	private static char control(char letter) {
		return switch (letter) {
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			default -> letter;
		};
	}

	private static void flush(ByteArrayOutputStream bytes, StringBuilder result) {
		result.append(bytes.toString(StandardCharsets.UTF_8));
		bytes.reset();
	}

	private static String unescapedUnicode(String text, char escape) {
		StringBuilder result = new StringBuilder(text.length());
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			boolean six = c == escape && text.startsWith("+", i + 1);
			int first = six ? i + 2 : i + 1;
			int length = six ? 6 : 4;
			if (c == escape && digits(text, first, 16, length) == length) {
				appendCharacter(result, Integer.parseInt(text, first, first + length, 16));
				i = first + length;
			}
			else {
				result.append(c);
				i += (c == escape) ? 2 : 1;
			}
		}
		return result.toString();
	}

	/** What is no character is an error to the server too, which will say so. */
	private static void appendCharacter(StringBuilder result, int codePoint) {
		if (Character.isValidCodePoint(codePoint)) {
			result.appendCodePoint(codePoint);
		}
	}

	private static int digits(String text, int start, int radix, int atMost) {
		int count = 0;
		while (count < atMost && start + count < text.length() && text.charAt(start + count) < 0x80
				&& Character.digit(text.charAt(start + count), radix) >= 0) {
			count++;
		}
		return count;
	}

	private static String clipped(String identifier) {
		int bytes = 0;
		int i = 0;
		while (i < identifier.length()) {
			int codePoint = identifier.codePointAt(i);
			bytes += (codePoint < 0x80) ? 1 : (codePoint < 0x800) ? 2 : (codePoint < 0x10000) ? 3 : 4;
			if (bytes > LONGEST_IDENTIFIER) {
				return identifier.substring(0, i);
			}
			i += Character.charCount(codePoint);
		}
		return identifier;
	}

}
