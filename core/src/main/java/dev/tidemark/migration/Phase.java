package dev.tidemark.migration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * When a migration runs, seen from the start of the application.
 *
 * @since 0.1.0
 */
public enum Phase {

	/** Before the application starts. */
	EXPAND,

	/**
	 * After the start, in batches. Reserved: no file is of this phase yet.
	 */
	BACKFILL,

	/**
	 * When no running instance needs the old shape any more. Reserved: no file is of this
	 * phase yet.
	 */
	CONTRACT;

	private final String text = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the phase of a word.
	 * @param word the word that the history has
	 * @return the phase, empty if this version knows none of that name
	 */
	public static Optional<Phase> parse(String word) {
		return Arrays.stream(values()).filter((phase) -> phase.text.equals(word)).findFirst();
	}

	/** Returns the word that the history uses, such as {@code expand}. */
	@Override
	public String toString() {
		return this.text;
	}

}
