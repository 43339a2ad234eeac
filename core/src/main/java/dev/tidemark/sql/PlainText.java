package dev.tidemark.sql;

import org.jspecify.annotations.Nullable;

/**
 * Makes text that others have written fit to be shown among our own: in a line of a log,
 * in a message, on a terminal, in JSON. Names of files, reasons of decisions, texts that
 * the server raises and names of roles can hold line ends that begin a line of their own,
 * escapes that tell a terminal what to do, and marks that turn the order of what is read
 * or cannot be seen. All of these are written as the escapes of Java, such as {@code \n}
 * and <code>&#92;u202E</code>, so that they do nothing and everybody sees that they are
 * there. To make a text fit once more changes nothing.
 *
 * @since 0.1.0
 */
public final class PlainText {

	/** How many characters of a line are shown. */
	public static final int LONGEST_LINE = 10_000;

	/** How many characters of a text of several lines are shown. */
	public static final int LONGEST_TEXT = 20_000;

	private static final String ELLIPSIS = "\u2026";

	/** How long the remark is that stands for what is left out, at most. */
	private static final int LONGEST_REMARK = 40;

	private PlainText() {
	}

	/**
	 * Writes a text in one line.
	 * @param text the text
	 * @return the text without line ends or anything else that is not seen; if it is too
	 * long, its beginning with a remark how much is left out
	 */
	public static String line(String text) {
		return shown(text, false, LONGEST_LINE);
	}

	/**
	 * Writes a text in one line, if there is one.
	 * @param text the text, or {@code null}
	 * @return the text as {@link #line(String)} has it, or {@code null}
	 */
	public static @Nullable String lineOrNull(@Nullable String text) {
		return (text != null) ? line(text) : null;
	}

	/**
	 * Writes a text whose lines are kept, to be indented where it is shown.
	 * @param text the text
	 * @return the text with {@code \n} for each of its line ends, and otherwise as
	 * {@link #line(String)} has it
	 */
	public static String lines(String text) {
		return shown(text, true, LONGEST_TEXT);
	}

	/**
	 * Writes the beginning of a text.
	 * @param text the text
	 * @param longest how many characters are shown
	 * @return the text, or if it is longer its beginning with a remark how much is left
	 * out
	 */
	public static String shortened(String text, int longest) {
		return shortened(text, 0, longest);
	}

	private static String shortened(CharSequence text, int left, int longest) {
		if (left == 0 && (text.length() <= longest || isShortened(text, longest))) {
			return text.toString();
		}
		int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
		return text.subSequence(0, end) + remark(text.length() - end + left);
	}

	/** What is cut already is not cut once more. */
	private static boolean isShortened(CharSequence text, int longest) {
		if (text.length() > longest + LONGEST_REMARK) {
			return false;
		}
		String end = text.subSequence(longest - 1, text.length()).toString();
		return (end.startsWith(ELLIPSIS) || end.startsWith(ELLIPSIS, 1)) && end.endsWith(" more characters)");
	}

	private static String remark(int left) {
		return ELLIPSIS + " (" + left + " more characters)";
	}

	/**
	 * Reads no more of a text than is shown of it. What is left out is counted as it is.
	 */
	static String shown(CharSequence text, boolean lines, int longest) {
		int most = longest + LONGEST_REMARK + 1;
		int first = firstUnfit(text, lines, Math.min(text.length(), most));
		if (first < 0 && text.length() <= most) {
			return shortened(text, 0, longest);
		}
		int fit = (first < 0) ? most : first;
		StringBuilder visible = new StringBuilder(most).append(text, 0, fit);
		int i = fit;
		while (i < text.length() && visible.length() < most) {
			int character = Character.codePointAt(text, i);
			i += Character.charCount(character);
			if (lines && character == '\r') {
				visible.append('\n');
				i += (i < text.length() && text.charAt(i) == '\n') ? 1 : 0;
			}
			else if (isUnfit(character) && !(lines && character == '\n')) {
				appendEscape(visible, character);
			}
			else {
				visible.appendCodePoint(character);
			}
		}
		return shortened(visible, text.length() - i, longest);
	}

	/** Most texts are fit as they are, and not copied. */
	private static int firstUnfit(CharSequence text, boolean lines, int limit) {
		int i = 0;
		while (i < limit) {
			int character = Character.codePointAt(text, i);
			if (isUnfit(character) && !(lines && character == '\n')) {
				return i;
			}
			i += Character.charCount(character);
		}
		return -1;
	}

	/**
	 * Tells whether a character is not seen, or does something else than to be seen. A
	 * tab stays in its line.
	 */
	public static boolean isUnfit(int character) {
		if (character >= ' ' && character < 0x7F) {
			return false;
		}
		return switch (Character.getType(character)) {
			case Character.CONTROL -> character != '\t';
			case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
			default -> isBlankLetter(character);
		};
	}

	/** Letters and marks that have no shape. */
	private static boolean isBlankLetter(int character) {
		return character == 0x034F || character == 0x115F || character == 0x1160 || character == 0x17B4
				|| character == 0x17B5 || character == 0x2800 || character == 0x3164 || character == 0xFFA0
				|| (character >= 0x180B && character <= 0x180F);
	}

	public static void appendEscape(StringBuilder text, int character) {
		switch (character) {
			case '\n' -> text.append("\\n");
			case '\r' -> text.append("\\r");
			default -> {
				for (char unit : Character.toChars(character)) {
					text.append(String.format("\\u%04X", (int) unit));
				}
			}
		}
	}

}
