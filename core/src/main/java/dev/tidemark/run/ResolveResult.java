package dev.tidemark.run;

import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.sql.PlainText;

/**
 * What was recorded of a decision.
 *
 * @param database where
 * @param recorded the row of the history
 * @since 0.1.0
 */
public record ResolveResult(DatabaseIdentity database, MigrationRun recorded) {

	/** Returns the result in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Decision in " + this.database + ": " + this.recorded);
	}

}
