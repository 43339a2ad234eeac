package dev.tidemark.autoconfigure.output;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.tidemark.sql.PlainText;

/**
 * Text in columns, for a terminal. Each column is as wide as its widest cell, up to a
 * limit behind which a cell is cut; the last one is never cut, as nothing follows it.
 */
final class TextTable {

	private static final int WIDEST = 48;

	private static final String GAP = "  ";

	private static final String ELLIPSIS = "\u2026";

	/** Those whose characters take two places of a terminal. */
	private static final Set<UnicodeScript> WIDE = EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA,
			UnicodeScript.KATAKANA, UnicodeScript.HANGUL);

	private final List<List<String>> rows = new ArrayList<>();

	private final boolean[] toTheRight;

	/**
	 * Makes a table.
	 * @param headers the names of the columns; one that begins with {@code >} holds
	 * numbers, which stand to the right
	 */
	TextTable(String... headers) {
		this.toTheRight = new boolean[headers.length];
		List<String> names = new ArrayList<>();
		for (int i = 0; i < headers.length; i++) {
			this.toTheRight[i] = headers[i].startsWith(">");
			names.add(this.toTheRight[i] ? headers[i].substring(1) : headers[i]);
		}
		this.rows.add(names);
	}

	/** Adds a row, whoever has written its texts. */
	void add(String... cells) {
		List<String> row = new ArrayList<>();
		for (int i = 0; i < cells.length; i++) {
			String cell = PlainText.line(cells[i]).replace('\t', ' ');
			row.add((i < cells.length - 1) ? cut(cell) : cell);
		}
		this.rows.add(row);
	}

	/** Returns the table with its headers, each row on a line. */
	@Override
	public String toString() {
		int[] widths = new int[this.toTheRight.length];
		for (List<String> row : this.rows) {
			Arrays.setAll(widths, (i) -> Math.max(widths[i], width(row.get(i))));
		}
		StringBuilder text = new StringBuilder();
		for (List<String> row : this.rows) {
			StringBuilder line = new StringBuilder();
			for (int i = 0; i < widths.length; i++) {
				String padding = " ".repeat(widths[i] - width(row.get(i)));
				line.append((i > 0) ? GAP : "")
					.append(this.toTheRight[i] ? padding + row.get(i) : row.get(i) + padding);
			}
			text.append(line.toString().stripTrailing()).append('\n');
		}
		return text.toString();
	}

	private static String cut(String cell) {
		if (width(cell) <= WIDEST) {
			return cell;
		}
		int width = ELLIPSIS.length();
		int end = 0;
		while (end < cell.length()) {
			int character = cell.codePointAt(end);
			width += width(character);
			if (width > WIDEST) {
				break;
			}
			end += Character.charCount(character);
		}
		return cell.substring(0, end) + ELLIPSIS;
	}

	private static int width(String cell) {
		return cell.codePoints().map(TextTable::width).sum();
	}

	/** A mark stands on the character before it. */
	private static int width(int character) {
		return switch (Character.getType(character)) {
			case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
			default -> (WIDE.contains(UnicodeScript.of(character)) || isWide(character)) ? 2 : 1;
		};
	}

	/** Pictographs, and Latin letters that are as wide as Chinese ones. */
	private static boolean isWide(int character) {
		return (character >= 0x1F300 && character <= 0x1FAFF) || (character >= 0xFF01 && character <= 0xFF60);
	}

}
