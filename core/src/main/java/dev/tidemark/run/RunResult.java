package dev.tidemark.run;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.sql.PlainText;

/**
 * What a run did.
 *
 * @param scope whose run it was
 * @param database where it ran
 * @param deploymentId what the history rows of this run share
 * @param applied the migrations that ran, in order
 * @param currentVersion the newest version in the database now, or {@code null}
 * @param migrations all migrations with their states after the run
 * @param warnings what was found, but stopped nothing
 * @param lockWait how long it waited for the instance lock; zero if it needed none
 * @param duration how long the whole run took
 * @since 0.1.0
 */
public record RunResult(RunScope scope, DatabaseIdentity database, String deploymentId, List<MigrationResult> applied,
		@Nullable MigrationVersion currentVersion, List<MigrationInfo> migrations, List<Problem> warnings,
		Duration lockWait, Duration duration) {

	/** Copies the lists. */
	public RunResult {
		applied = List.copyOf(applied);
		migrations = List.copyOf(migrations);
		warnings = List.copyOf(warnings);
	}

	/**
	 * Return whether backfills are left that somebody has to work on after the start.
	 * @return {@code false} if there is none, or all of them are done or passed over
	 */
	public boolean leavesBackfills() {
		for (MigrationInfo migration : this.migrations) {
			if (migration.isBackfillLeft()) {
				return true;
			}
		}
		return false;
	}

	/** Returns the result in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Run " + this.deploymentId + " in " + this.database + ": " + this.applied + ", "
				+ this.warnings.size() + ((this.warnings.size() != 1) ? " warnings" : " warning"));
	}

}
