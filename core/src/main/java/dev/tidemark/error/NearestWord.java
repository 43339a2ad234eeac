package dev.tidemark.error;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Finds what was meant by a word that is not known.
 *
 * @since 0.1.0
 */
public final class NearestWord {

	/** Nobody mistypes more, and what is longer is no word. */
	private static final int LONGEST = 40;

	private NearestWord() {
	}

	/**
	 * Finds the known word that takes the fewest changes.
	 * @param word the word
	 * @param known the known words
	 * @return the nearest one, or {@code null} if none is near
	 */
	public static @Nullable String of(String word, Collection<String> known) {
		return of(word, known, Math.max(2, word.length() / 3));
	}

	/**
	 * Return the known word that takes the fewest changes.
	 * @param word the word
	 * @param known the known words, in lower case
	 * @param most how many letters may be added, taken away, replaced or swapped with the
	 * next one
	 * @return the nearest one, or {@code null} if none is near
	 */
	public static @Nullable String of(String word, Collection<String> known, int most) {
		String wanted = word.toLowerCase(Locale.ROOT);
		String nearest = null;
		int fewest = most + 1;
		for (String candidate : (wanted.length() <= LONGEST) ? known : List.<String>of()) {
			int changes = changes(wanted, candidate);
			if (changes < fewest) {
				fewest = changes;
				nearest = candidate;
			}
		}
		return nearest;
	}

	/** Counts the letters to add, to take away, to replace and to swap. */
	private static int changes(String from, String to) {
		int[] twoAbove = new int[to.length() + 1];
		int[] above = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			above[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			int[] row = new int[to.length() + 1];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = above[j - 1] + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
				if (isSwapped(from, i, to, j)) {
					row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
				}
			}
			twoAbove = above;
			above = row;
		}
		return above[to.length()];
	}

	private static boolean isSwapped(String from, int i, String to, int j) {
		return i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
	}

}
