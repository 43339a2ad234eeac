package dev.tidemark.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryTable;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;
import static dev.tidemark.autoconfigure.properties.Unset.textOrNull;

/**
 * Where the history is, and what it records of a run.
 *
 * @param table Name of the history table.
 * @param installedBy Name that the history records as author. Defaults to the database
 * user.
 * @param tag Name that the history records for this deployment, such as "release-42".
 * @since 0.1.0
 */
public record HistoryProperties(String table, @Nullable String installedBy, @Nullable String tag) {

	/** What is used if nothing is configured. */
	static final HistoryProperties DEFAULT = new HistoryProperties(HistoryTable.DEFAULT_NAME, null, null);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public HistoryProperties {
		table = orElse(table, HistoryTable.DEFAULT_NAME);
		installedBy = textOrNull(installedBy);
		tag = textOrNull(tag);
	}

}
