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
 */
public final class PlainText {

	/** How many characters of a line are shown. */
	public static final int LONGEST_LINE = 10_000;

	/** How many characters of a text of several lines are shown. */
	public static final int LONGEST_TEXT = 20_000;

	private static final String ELLIPSIS = "\u2026";

	private PlainText() {
	}

	/**
	 * Writes a text in one line.
	 * @param text the text
	 * @return the text without line ends or anything else that is not seen; if it is too
	 * long, its beginning with a remark how much is left out
	 */
	public static String line(String text) {
		return shortened(visible(text, false), LONGEST_LINE);
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
		return shortened(visible(text, true), LONGEST_TEXT);
	}

	/**
	 * Writes the beginning of a text.
	 * @param text the text
	 * @param longest how many characters are shown
	 * @return the text, or if it is longer its beginning with a remark how much is left
	 * out
	 */
	public static String shortened(String text, int longest) {
		if (text.length() <= longest || isShortened(text, longest)) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
		return text.substring(0, end) + remark(text.length() - end);
	}

	/** What is cut already is not cut once more. */
	private static boolean isShortened(String text, int longest) {
		int start = text.lastIndexOf(ELLIPSIS);
		return (start == longest || start == longest - 1) && text.endsWith(" more characters)")
				&& text.length() - start < 40;
	}

	private static String remark(int left) {
		return ELLIPSIS + " (" + left + " more characters)";
	}

	private static String visible(String text, boolean lines) {
		int first = firstUnfit(text, lines);
		if (first < 0) {
			return text;
		}
		StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, first);
		int i = first;
		while (i < text.length()) {
			int character = text.codePointAt(i);
			i += Character.charCount(character);
			if (lines && character == '\r') {
				visible.append('\n');
				i += text.startsWith("\n", i) ? 1 : 0;
			}
			else if (isUnfit(character) && !(lines && character == '\n')) {
				appendEscape(visible, character);
			}
			else {
				visible.appendCodePoint(character);
			}
		}
		return visible.toString();
	}

	/** Most texts are fit as they are, and not copied. */
	private static int firstUnfit(String text, boolean lines) {
		int i = 0;
		while (i < text.length()) {
			int character = text.codePointAt(i);
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
	static boolean isUnfit(int character) {
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

	static void appendEscape(StringBuilder text, int character) {
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
