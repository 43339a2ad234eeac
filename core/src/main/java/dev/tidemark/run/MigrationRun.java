package dev.tidemark.run;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryRow;
import dev.tidemark.sql.PlainText;

/**
 * One run of a migration, or a decision about it, as the history keeps it.
 *
 * @param rank its place in the history
 * @param migration what ran, and what became of that
 * @param statementsTotal how many statements the file had
 * @param statementsDone how many of them are committed
 * @param started when it began
 * @param finished when it ended, or {@code null} while it runs
 * @param author on whose behalf it ran, and by which instance
 * @param failure why it failed, or {@code null}
 * @param note why a person decided about it, or {@code null}
 * @since 0.1.0
 */
public record MigrationRun(int rank, MigrationInfo migration, int statementsTotal, int statementsDone, Instant started,
		@Nullable Instant finished, HistoryRow.Author author, HistoryRow.@Nullable Failure failure,
		@Nullable String note) {

	/**
	 * Return how long it took.
	 * @return the time, or {@code null} while it runs
	 */
	public @Nullable Duration duration() {
		return (this.finished != null) ? Duration.between(this.started, this.finished) : null;
	}

	/**
	 * Return whether this is what a person has said about a migration.
	 * @return {@code false} if it is a run
	 */
	public boolean isDecision() {
		return this.note != null && !this.migration.undo();
	}

	/** Returns the run in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Rank " + this.rank + ": " + this.migration + ", " + this.statementsDone + " of "
				+ this.statementsTotal + " statements, started " + this.started + " by " + this.author.installedBy()
				+ ((this.failure != null) ? ", failed with " + this.failure.code() : ""));
	}

}
