package dev.tidemark.history;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * What another tool had recorded of a migration before its history was adopted.
 *
 * @param tool the name of the tool
 * @param rank the place of the row in the order of that tool, or {@code null} if it has
 * none
 * @param started when the tool began with the migration
 * @param finished when it came to its end, or {@code null} if that is not known
 * @param user who ran it
 * @param values the columns of the row as that tool wrote them
 * @since 0.1.0
 */
public record Original(String tool, @Nullable Integer rank, Instant started, @Nullable Instant finished, String user,
		Map<String, @Nullable String> values) {

	/** Copies the values, in the order of their names. */
	public Original {
		values = Collections.unmodifiableMap(new TreeMap<>(values));
	}

	/** Returns tool and rank in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line(this.tool + ((this.rank != null) ? ", rank " + this.rank : ""));
	}

}
