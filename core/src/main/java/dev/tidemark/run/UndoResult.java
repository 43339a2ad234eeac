package dev.tidemark.run;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.safety.Finding;
import dev.tidemark.sql.PlainText;

/**
 * What an undo did.
 *
 * @param scope whose undo it was
 * @param database where it ran
 * @param deploymentId what the history rows of this undo share
 * @param undone the migrations that were undone, in order; none if there was nothing to
 * undo
 * @param dataLoss what was lost, or may have been, as it was allowed
 * @param currentVersion the newest version in the database now, or {@code null}
 * @param migrations all migrations with their states after the undo
 * @param warnings what was found, but stopped nothing
 * @param lockWait how long it waited for the instance lock; zero if it needed none
 * @param duration how long the whole undo took
 * @since 0.1.0
 */
public record UndoResult(RunScope scope, DatabaseIdentity database, String deploymentId, List<MigrationResult> undone,
		List<Finding> dataLoss, @Nullable MigrationVersion currentVersion, List<MigrationInfo> migrations,
		List<Problem> warnings, Duration lockWait, Duration duration) {

	/** Copies the lists. */
	public UndoResult {
		undone = List.copyOf(undone);
		dataLoss = List.copyOf(dataLoss);
		migrations = List.copyOf(migrations);
		warnings = List.copyOf(warnings);
	}

	/** Returns the result in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Undo " + this.deploymentId + " in " + this.database + ": " + this.undone + ", "
				+ this.warnings.size() + " warnings");
	}

}
