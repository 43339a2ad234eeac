package dev.tidemark.error;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the data of rows out of what the server says, whatever language it speaks: what
 * rows hold is nobody's business in a log. Names that protect nobody stay, as those of
 * types, encodings and parameters. Each text is read once, from the left to the right.
 */
final class RowData {

	private static final String MASK = "***";

	/** Values that do not fit a type or an operation. */
	private static final String ABOUT_VALUES = "22";

	/** What constraints refuse, and views with a check option. */
	private static final Set<String> ABOUT_ROWS = Set.of("23", "44");

	/** What PL/pgSQL says of {@code INTO STRICT} can list the parameters of the query. */
	private static final Set<String> ABOUT_PARAMETERS = Set.of("P0002", "P0003");

	/** What libxml has to say of a value quotes lines of it. */
	private static final Set<String> ABOUT_XML = Set.of("2200M", "2200N", "2200S", "2200T");

	/** Values of text search types that cannot be read. */
	private static final Set<String> ABOUT_TEXT_SEARCH = Set.of("42601", "54000");

	/** Bytes that are no character of an encoding. */
	private static final String NO_CHARACTER = "22021";

	/** A character that another encoding lacks. */
	private static final String NO_EQUIVALENT = "22P05";

	/** The bytes that one character has at most. */
	private static final int LONGEST_CHARACTER = 4;

	/** The word behind which a name stands between quotes, and not a value. */
	private static final Map<String, String> NAMES = Map.of("22003", "sequence", "2200H", "sequence", "22004",
			"variable", "22023", "parameter", "22P04", "column");

	/** The quotes of all languages that the server speaks. */
	private static final String QUOTES = "\"\u00AB\u00BB\u201C\u201D\u201E\u300C\u300D";

	/** The colons of all these languages. */
	private static final String COLONS = ":\uFF1A";

	private static final String LINE_ENDS = "\n\r\u0085\u2028\u2029";

	/** {@code Key (a, b)=(1, x) already exists.} */
	private static final Pattern KEY = Pattern.compile("\\)\\s*+=\\s*+\\(");

	/** {@code syntax error in tsquery: "x"}. */
	private static final Pattern QUOTED_LAST = Pattern.compile("[" + COLONS + "]\\s*+[" + QUOTES + "]");

	/** {@code invalid value for parameter "lock_timeout": "x"}. */
	private static final Pattern LABEL = Pattern
		.compile("[^" + COLONS + QUOTES + "]*+[" + QUOTES + "]\\h*+[\\w.]++\\h*+[" + QUOTES + "]\\h*+[" + COLONS + "]");

	/** {@code 1 is outside the valid range for parameter "x" (64 .. 128)}. */
	private static final Pattern NAME = Pattern
		.compile("([^" + QUOTES + "]*+)(?<=\\b(\\w{1,20}) )(\"[A-Za-z_][\\w$.]{0,126}\")");

	/** The limits of what a parameter or sequence takes are no data. */
	private static final Pattern RANGE = Pattern
		.compile("\\h*+\\([-+.\\w]{1,40} ?+\\w{0,3}+ ?\\.\\. ?[-+.\\w ]{1,40}\\)"
				+ "|\\h*+\\([-+\\d]{1,40}\\.\\.[-+\\d]{1,40}\\)");

	/** A number, but neither part of a word nor the length of a type. */
	private static final Pattern NUMBER = Pattern
		.compile("(?<![\\w(.,])[-+]?+(?:0x[0-9a-fA-F]++|\\d++(?:[.:,-]\\d++)*+(?:[eE][-+]?+\\d++)?+)");

	/** The name of an encoding of the server's between quotes. */
	private static final Pattern ENCODING = Pattern
		.compile("[" + QUOTES + "]\\h*+(?:BIG5|EUC_[A-Z0-9_]{2,8}|GB18030|GBK"
				+ "|ISO_8859_\\d|JOHAB|KOI8[RU]?|LATIN\\d{1,2}|MULE_INTERNAL|SHIFT_JIS_2004|SJIS|SQL_ASCII|UHC|UTF8"
				+ "|WIN\\d{3,4})\\h*+[" + QUOTES + "]");

	/** A byte as messages about encodings write it. */
	private static final Pattern BYTE = Pattern.compile("0x[0-9a-fA-F]{2}\\b");

	private RowData() {
	}

	/**
	 * Takes values out of a message.
	 * @param sqlState the SQLSTATE
	 * @param message the message
	 * @param positioned whether the server named a position in a statement
	 * @return the message without values
	 */
	static String takenOutOfMessage(String sqlState, CharSequence message, boolean positioned) {
		if (sqlState.startsWith(ABOUT_VALUES)) {
			return isAboutEncoding(sqlState, message) ? aboutEncoding(sqlState, message)
					: aboutValues(sqlState, message);
		}
		boolean ofTextSearch = ABOUT_TEXT_SEARCH.contains(sqlState) && !positioned;
		return ofTextSearch ? cut(QUOTED_LAST, message, MASK + "\"") : message.toString();
	}

	/**
	 * Takes values out of a secondary message.
	 * @param sqlState the SQLSTATE
	 * @param detail the message
	 * @return the message without values
	 */
	static String takenOutOfDetail(String sqlState, CharSequence detail) {
		if (ABOUT_XML.contains(sqlState)) {
			return MASK;
		}
		if (ABOUT_PARAMETERS.contains(sqlState)) {
			return takenOutOfInput(detail);
		}
		boolean aboutValues = sqlState.startsWith(ABOUT_VALUES);
		if (!aboutValues && ABOUT_ROWS.stream().noneMatch(sqlState::startsWith)) {
			return detail.toString();
		}
		Matcher key = KEY.matcher(detail);
		int end = last(detail, ")");
		if (key.find() && end >= key.end()) {
			return masked(detail, key.end(), end);
		}
		if (aboutValues) {
			return withoutQuoted(detail).toString();
		}
		int start = first(detail, "(");
		return (start >= 0 && end > start) ? masked(detail, start + 1, end) : detail.toString();
	}

	/**
	 * Takes the lines of {@code COPY}, JSON and XML out of a call stack, or out of a
	 * message of the driver about a value: what follows the first colon of a line before
	 * which nothing is quoted, as in {@code COPY t, line 3, column a: "x"}.
	 * @param context the text
	 * @return the text up to where such a line begins
	 */
	static String takenOutOfInput(CharSequence context) {
		boolean quoted = false;
		for (int i = 0; i < context.length(); i++) {
			char c = context.charAt(i);
			if (COLONS.indexOf(c) >= 0 && !quoted) {
				return context.subSequence(0, i + 1) + " " + MASK;
			}
			quoted = LINE_ENDS.indexOf(c) < 0 && (quoted || QUOTES.indexOf(c) >= 0);
		}
		return context.toString();
	}

	private static String aboutValues(String sqlState, CharSequence message) {
		Matcher label = LABEL.matcher(message);
		if (sqlState.equals(NO_CHARACTER) || sqlState.equals("22023")) {
			if (label.lookingAt()) {
				return message.subSequence(0, label.end()) + withoutValues(rest(message, label.end()));
			}
		}
		Matcher name = NAME.matcher(message);
		if (name.lookingAt() && name.group(2).equals(NAMES.get(sqlState))) {
			CharSequence rest = rest(message, name.end());
			return NUMBER.matcher(name.group(1)).replaceAll(MASK) + name.group(3)
					+ (RANGE.matcher(rest).matches() ? rest : withoutValues(rest));
		}
		return withoutValues(message);
	}

	private static CharSequence rest(CharSequence text, int start) {
		return text.subSequence(start, text.length());
	}

	/** What somebody raises with these codes may quote what it likes. */
	private static boolean isAboutEncoding(String sqlState, CharSequence message) {
		return (sqlState.equals(NO_EQUIVALENT) || sqlState.equals(NO_CHARACTER))
				&& first(ENCODING.matcher(message).replaceAll(""), QUOTES) < 0;
	}

	/**
	 * The bytes of the one character that cannot be converted tell which one it is. Of
	 * bytes that are no character the first one tells it, and those behind may be others.
	 */
	private static String aboutEncoding(String sqlState, CharSequence message) {
		int shown = sqlState.equals(NO_EQUIVALENT) ? LONGEST_CHARACTER : 1;
		StringBuilder text = new StringBuilder();
		int[] bytes = new int[1];
		Matcher number = NUMBER.matcher(message);
		while (number.find()) {
			boolean isByte = BYTE.matcher(number.group()).matches() && bytes[0]++ < shown;
			number.appendReplacement(text, isByte ? number.group() : MASK);
		}
		return number.appendTail(text).toString();
	}

	private static String withoutValues(CharSequence text) {
		return NUMBER.matcher(withoutQuoted(text)).replaceAll(MASK);
	}

	/** A value may hold quotes too, so what lies between the first and the last goes. */
	private static CharSequence withoutQuoted(CharSequence text) {
		int start = first(text, QUOTES);
		if (start < 0) {
			return text;
		}
		int end = last(text, QUOTES);
		return masked(text, start + 1, (end > start) ? end : text.length());
	}

	private static String masked(CharSequence text, int start, int end) {
		return text.subSequence(0, start) + MASK + text.subSequence(end, text.length());
	}

	/** Replaces all that follows the first match. */
	private static String cut(Pattern pattern, CharSequence text, String replacement) {
		Matcher matcher = pattern.matcher(text);
		return matcher.find() ? text.subSequence(0, matcher.end()) + replacement : text.toString();
	}

	private static int first(CharSequence text, String characters) {
		for (int i = 0; i < text.length(); i++) {
			if (characters.indexOf(text.charAt(i)) >= 0) {
				return i;
			}
		}
		return -1;
	}

	private static int last(CharSequence text, String characters) {
		for (int i = text.length() - 1; i >= 0; i--) {
			if (characters.indexOf(text.charAt(i)) >= 0) {
				return i;
			}
		}
		return -1;
	}

}
