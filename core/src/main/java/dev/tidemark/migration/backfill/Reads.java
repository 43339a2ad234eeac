package dev.tidemark.migration.backfill;

import java.util.Locale;

/**
 * Whether an instance may serve whose build has a backfill that is not finished yet.
 *
 * @since 0.1.0
 */
public enum Reads {

	/**
	 * The build reads what the backfill fills: its instances are alive and not ready
	 * until it is finished and verified. The default.
	 */
	READY,

	/** The build reads it and cannot wait: its instances end with an error instead. */
	FAIL,

	/** The build can do with rows that are not filled yet. */
	NOW,

	/**
	 * The build that brings the file does not read it; a later one that does says that it
	 * requires the version.
	 */
	LATER;

	/** Returns the word that files and properties use, such as {@code ready}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
