package dev.tidemark.run;

import java.util.List;

import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.sql.PlainText;

/**
 * What a baseline stands for.
 *
 * @param database where it is recorded
 * @param migrations the migrations that count as done
 * @since 0.1.0
 */
public record BaselineResult(DatabaseIdentity database, List<MigrationInfo> migrations) {

	/** Copies the list. */
	public BaselineResult {
		migrations = List.copyOf(migrations);
	}

	/** Returns the result in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Baseline in " + this.database + ": " + this.migrations);
	}

}
