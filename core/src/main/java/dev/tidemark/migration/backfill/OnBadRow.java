package dev.tidemark.migration.backfill;

import java.util.Locale;

/**
 * What happens when a single row cannot be moved, because its values break a rule of the
 * database.
 *
 * @since 0.1.0
 */
public enum OnBadRow {

	/** The backfill stops and names the row. The default. */
	STOP,

	/** The row is left as it is, named and counted, up to a limit. */
	SKIP;

	/** Returns the word that files and properties use, such as {@code skip}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
