package dev.tidemark.history;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;

/**
 * How a history table is called.
 *
 * @param schema its schema, or {@code null} for the first one of the search path that
 * exists
 * @param name its name
 */
record HistoryName(@Nullable String schema, String name) {

	private static final String BACKFILLS = "_backfill";

	/** How long a name is at most. */
	private static final int MOST_BYTES = 63;

	HistoryName in(String found) {
		return new HistoryName(found, this.name);
	}

	/** Returns the name as SQL, quoted and as far as known qualified. */
	String qualified() {
		String quoted = Identifiers.quote(this.name);
		return (this.schema != null) ? Identifiers.quote(this.schema) + "." + quoted : quoted;
	}

	/** Returns the name of the table that tells of backfills, as the server keeps it. */
	HistoryName ofBackfills() {
		String stem = this.name;
		while ((stem + BACKFILLS).getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
			stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
		}
		return new HistoryName(this.schema, stem + BACKFILLS);
	}

	/**
	 * Returns the qualified name as a string literal, from which its table is looked up.
	 */
	String literal() {
		return StringLiteral.quote(qualified());
	}

}
