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

	/** After the start, in batches. */
	BACKFILL,

	/** When no running instance needs the old shape any more. */
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

	/**
	 * Return what a file of the phase has before its suffix.
	 * @return a point and the word, such as {@code .backfill}; nothing for
	 * {@link #EXPAND}
	 */
	public String ending() {
		return (this == EXPAND) ? "" : "." + this.text;
	}

	/** Returns the word that the history uses, such as {@code expand}. */
	@Override
	public String toString() {
		return this.text;
	}

}
