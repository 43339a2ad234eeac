package dev.tidemark.migration.backfill;

/**
 * What the value of an option is.
 *
 * @since 0.1.0
 */
public enum OptionKind {

	/** One of a few words. */
	WORD("word"),

	/** A whole number. */
	COUNT("number"),

	/** A whole number, or no bound. */
	RATE("number or unlimited"),

	/** A size in bytes with its unit, or no bound. */
	SIZE("size or unlimited"),

	/** A time with its unit. */
	DURATION("time"),

	/** A share of the whole, from 0 to 1. */
	SHARE("share"),

	/** Windows of the day. */
	WINDOWS("windows");

	private final String inWords;

	OptionKind(String inWords) {
		this.inWords = inWords;
	}

	/** Returns what the value is in words, such as {@code size or unlimited}. */
	@Override
	public String toString() {
		return this.inWords;
	}

}
