package dev.tidemark.run;

import java.util.List;

import dev.tidemark.error.Problem;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.sql.PlainText;

/**
 * What a check of a database found, which changes nothing.
 *
 * @param scope who checked it
 * @param database which database
 * @param migrations all migrations with their states
 * @param problems why the database is not what this build expects; none if it is
 * @since 0.1.0
 */
public record Verification(RunScope scope, DatabaseIdentity database, List<MigrationInfo> migrations,
		List<Problem> problems) {

	/** Copies the lists. */
	public Verification {
		migrations = List.copyOf(migrations);
		problems = List.copyOf(problems);
	}

	/**
	 * Tells whether the database is what this build expects.
	 * @return whether there is no problem
	 */
	public boolean isInOrder() {
		return this.problems.isEmpty();
	}

	/**
	 * Return whether backfills are left that somebody has to work on after the start.
	 * @return {@code false} if there is none, or all of them are done or passed over
	 */
	public boolean leavesBackfills() {
		return this.migrations.stream().anyMatch(MigrationInfo::isBackfillLeft);
	}

	/** Returns the result in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText
			.line("Verification of " + this.database + ": " + this.migrations.size() + " migrations, problems "
					+ this.problems.stream().map((problem) -> problem.code().code()).distinct().toList());
	}

}
