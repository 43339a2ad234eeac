package dev.tidemark.run;

import java.util.Locale;

/**
 * What a person has decided about a migration that was interrupted or failed half-way.
 *
 * @since 0.1.0
 */
public enum Resolution {

	/** Its whole effect is in the database; it counts as applied. */
	APPLIED,

	/** Nothing of it is in the database any more; it runs again from its beginning. */
	UNDONE,

	/** What is recorded as done is done, and nothing else; it goes on after that. */
	RETRY,

	/**
	 * What is recorded as done is done, and the statement after it, at which it stopped;
	 * it goes on behind that one.
	 */
	CONTINUE;

	/** Returns the name that properties and the endpoint use. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
