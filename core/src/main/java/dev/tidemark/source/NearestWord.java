package dev.tidemark.source;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Finds what was meant by a word that is not known.
 */
final class NearestWord {

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
	static @Nullable String of(String word, Collection<String> known) {
		String wanted = word.toLowerCase(Locale.ROOT);
		String nearest = null;
		int fewest = Math.max(2, wanted.length() / 3) + 1;
		for (String candidate : (wanted.length() <= LONGEST) ? known : List.<String>of()) {
			int changes = changes(wanted, candidate);
			if (changes < fewest) {
				fewest = changes;
				nearest = candidate;
			}
		}
		return nearest;
	}

	/** Counts the letters to add, to take away and to replace. */
	private static int changes(String from, String to) {
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
			}
			above = row;
		}
		return above[to.length()];
	}

}
