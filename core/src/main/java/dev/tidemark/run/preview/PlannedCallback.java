package dev.tidemark.run.preview;

import java.util.List;

import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.run.StatementInfo;

/**
 * A callback that a run would call.
 *
 * @param event at which event, each time that it happens
 * @param script its file or class
 * @param statements what the file holds; none if it is code
 * @since 0.1.0
 */
public record PlannedCallback(CallbackEvent event, String script, List<StatementInfo> statements) {

	/** Copies the list. */
	public PlannedCallback {
		statements = List.copyOf(statements);
	}

}
