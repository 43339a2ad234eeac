package dev.tidemark.autoconfigure.properties;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * Version of an existing database that has no history. The first run records it; it says
 * nothing of an empty database, nor of one with a history.
 *
 * @param version Version that an existing database without a history is at: files up to
 * it count as done. 0 runs all files beside what is there; by default such a database is
 * refused.
 * @param reason Why, for those who read the history later.
 * @param ignoredHistories Tables of other migration tools that say nothing of these
 * migrations. The version has to agree with what each other one says.
 * @since 0.1.0
 */
public record BaselineProperties(@Nullable MigrationVersion version, String reason, List<String> ignoredHistories) {

	private static final String DEFAULT_REASON = "set as tidemark.baseline";

	/** What is used if nothing is configured. */
	static final BaselineProperties DEFAULT = new BaselineProperties(null, DEFAULT_REASON, List.of());

	/** Takes the default for what is not set. */
	public BaselineProperties {
		reason = orElse(textOrNull(reason), DEFAULT_REASON);
		ignoredHistories = List.copyOf(orElse(ignoredHistories, List.of()));
	}

}
