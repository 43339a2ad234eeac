package dev.tidemark.safety;

import java.util.Locale;

/**
 * What a finding is about.
 *
 * @since 0.1.0
 */
public enum Rule {

	/** A table with rows is dropped. */
	DROP_TABLE,

	/** A column with values is dropped. */
	DROP_COLUMN,

	/** What depends on something is dropped or emptied with it, whatever it holds. */
	CASCADE,

	/** Rows are deleted. */
	DELETE,

	/** A table with rows is emptied. */
	TRUNCATE,

	/** Values give way to others. */
	OVERWRITE,

	/** Values get a type that may not hold all of them. */
	NARROW,

	/** The text does not tell what the statement does. */
	NOT_JUDGED;

	/** Returns the name for people, such as {@code drop-table}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
