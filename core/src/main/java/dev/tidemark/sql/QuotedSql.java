package dev.tidemark.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Takes constants out of texts that quote statements, such as the call stack of functions
 * in a message of the server: nobody knows what somebody else's statement holds. Which
 * apostrophe begins a constant is told by reading from the left; where a language, a
 * comment or a name has apostrophes of its own, or a backslash may escape one, that is
 * not sure, and all goes that could be a constant. Each text is read a few times, from
 * the left to the right.
 *
 * @since 0.1.0
 */
public final class QuotedSql {

	private static final String MASK = "***";

	/** What begins and ends quoted text in the languages that the server speaks. */
	private static final String QUOTES = "\"\u00AB\u00BB\u201C\u201D\u201E\u300C\u300D";

	private static final String DOLLAR_QUOTE = "\\$\\w*+\\$";

	private static final Pattern DOLLAR = Pattern.compile(DOLLAR_QUOTE);

	private static final Pattern DELIMITER = Pattern.compile("'|" + DOLLAR_QUOTE);

	/** Letters that may stand before a constant. */
	private static final String PREFIXES = "eEbBxXnN";

	/** How long a name between quotes is at most. */
	private static final int LONGEST_NAME = 130;

	private final CharSequence text;

	private final StringBuilder masked = new StringBuilder();

	/** Whether statements stand between quotes that are those of names as well. */
	private final boolean likeNames;

	/** How many quotes of names there were so far. */
	private int quotes;

	private QuotedSql(CharSequence text) {
		this.text = text;
		int first = firstQuote(text);
		this.likeNames = first >= 0 && text.charAt(first) == '"';
	}

	/**
	 * Replaces string constants by {@code '***'}, and within statements between quotes
	 * numbers by {@code ***}. Names, and the numbers of lines, stay.
	 * @param text the text
	 * @return the text without constants; to take them out once more changes nothing
	 */
	public static String withoutConstants(CharSequence text) {
		String strings = new QuotedSql(text).withoutStrings();
		return withoutNumbers((strings != null) ? strings : withoutDoubtful(text));
	}

	/** Returns {@code null} where it is not sure what is a constant. */
	private @Nullable String withoutStrings() {
		if (DOLLAR.matcher(this.text).find()) {
			return null;
		}
		int i = 0;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			if (c == '\'') {
				int end = isBeginning(i) ? endOfConstant(i) : -1;
				if (end < 0) {
					return null;
				}
				this.masked.append('\'').append(MASK).append('\'');
				i = end;
				continue;
			}
			if ((c == '-' && at(i + 1) == '-') || (c == '/' && at(i + 1) == '*')) {
				return null;
			}
			this.quotes += (c == '"') ? 1 : 0;
			this.masked.append(c);
			i++;
		}
		return this.masked.toString();
	}

	/** An apostrophe within a word or a name begins no constant. */
	private boolean isBeginning(int quote) {
		boolean outsideNames = this.quotes % 2 == (this.likeNames ? 1 : 0);
		boolean prefixed = PREFIXES.indexOf(at(quote - 1)) >= 0 && !isPartOfWord(at(quote - 2));
		return outsideNames && (prefixed || !isPartOfWord(at(quote - 1))) && at(quote - 1) != '\\';
	}

	/** Returns -1 where nobody knows, as behind a backslash. */
	private int endOfConstant(int quote) {
		int i = quote + 1;
		while (i < this.text.length()) {
			char c = this.text.charAt(i);
			if (c == '\\' && at(i + 1) == '\'') {
				return -1;
			}
			if (c == '\'' && at(i + 1) != '\'') {
				return isPartOfWord(at(i + 1)) ? -1 : i + 1;
			}
			i += (c == '\'') ? 2 : 1;
		}
		return -1;
	}

	/**
	 * Constants lie between the first and the last of what may begin or end one; of an
	 * odd number the last may begin one that is cut off.
	 */
	private static String withoutDoubtful(CharSequence text) {
		Matcher delimiter = DELIMITER.matcher(text);
		int start = -1;
		int end = 0;
		int apostrophes = 0;
		int dollars = 0;
		while (delimiter.find()) {
			start = (start < 0) ? delimiter.start() : start;
			end = delimiter.end();
			boolean apostrophe = end - delimiter.start() == 1;
			apostrophes += apostrophe ? 1 : 0;
			dollars += apostrophe ? 0 : 1;
		}
		if (start < 0) {
			return text.toString();
		}
		boolean complete = apostrophes % 2 == 0 && dollars % 2 == 0;
		return text.subSequence(0, start) + "'" + MASK + "'" + (complete ? text.subSequence(end, text.length()) : "");
	}

	private static String withoutNumbers(String text) {
		StringBuilder masked = new StringBuilder();
		boolean within = false;
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			if (QUOTES.indexOf(c) >= 0) {
				int behindName = within ? -1 : behindName(text, i);
				if (behindName >= 0) {
					masked.append(text, i, behindName);
					i = behindName;
					continue;
				}
				within = within ? !isEndOfLine(text, i + 1) : true;
			}
			if (within && Character.isDigit(c) && isBeginOfNumber(text, i)) {
				masked.append(MASK);
				i = endOfNumber(text, i);
				continue;
			}
			masked.append(c);
			i++;
		}
		return masked.toString();
	}

	/** What lies between quotes in the middle of a line, and has no blanks, is a name. */
	private static int behindName(String text, int quote) {
		int limit = Math.min(text.length(), quote + LONGEST_NAME);
		int blanks = 0;
		for (int i = quote + 1; i < limit; i++) {
			char c = text.charAt(i);
			if (QUOTES.indexOf(c) >= 0) {
				return isEndOfLine(text, i + 1) ? -1 : i + 1;
			}
			boolean padding = i == quote + 1 || QUOTES.indexOf((i + 1 < limit) ? text.charAt(i + 1) : ' ') >= 0;
			blanks += (Character.isWhitespace(c) || Character.isSpaceChar(c)) && !padding ? 1 : 0;
			if (blanks > 0) {
				return -1;
			}
		}
		return -1;
	}

	private static boolean isEndOfLine(String text, int offset) {
		return offset >= text.length() || Lexer.isLineBreak(text.charAt(offset));
	}

	private static boolean isBeginOfNumber(String text, int offset) {
		char before = (offset > 0) ? text.charAt(offset - 1) : ' ';
		return !isPartOfWord(before) && before != '$';
	}

	private static int endOfNumber(String text, int offset) {
		int i = offset;
		while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_'
				|| (text.charAt(i) == '.' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1))))) {
			i++;
		}
		return i;
	}

	private static int firstQuote(CharSequence text) {
		for (int i = 0; i < text.length(); i++) {
			if (QUOTES.indexOf(text.charAt(i)) >= 0) {
				return i;
			}
		}
		return -1;
	}

	private char at(int offset) {
		return (offset >= 0 && offset < this.text.length()) ? this.text.charAt(offset) : '\0';
	}

	private static boolean isPartOfWord(char c) {
		return Character.isLetterOrDigit(c) || c == '_';
	}

}
