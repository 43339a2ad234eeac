package dev.tidemark.plan;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.sql.PlainText;

/**
 * A migration as file and history see it together.
 *
 * @param identity which migration
 * @param state its state
 * @param migration the file, or {@code null} if there is none
 * @param undo the file that undoes it, or {@code null} if there is none
 * @param history its last run, or {@code null} if it never ran
 * @param reason why it does not run although its file is there, or runs again although
 * nothing of it has changed, or {@code null} if the state says it all
 * @since 0.1.0
 */
public record PlanEntry(Identity identity, MigrationState state, @Nullable Migration migration,
		@Nullable Migration undo, @Nullable HistoryEntry history, @Nullable String reason) {

	/**
	 * Returns the description, from the file where there is one.
	 * @return the description
	 */
	public String description() {
		return (this.migration != null) ? this.migration.description() : recorded().description();
	}

	/**
	 * Returns the path of the file, as it is now or as it was.
	 * @return the path
	 */
	public String script() {
		return (this.migration != null) ? this.migration.script() : recorded().script();
	}

	/**
	 * Return when the migration runs, by the file where there is one.
	 * @return the phase
	 */
	public Phase phase() {
		return (this.migration != null) ? this.migration.phase() : recorded().phase();
	}

	private HistoryEntry recorded() {
		if (this.history == null) {
			throw new IllegalStateException("An entry has a file, a history or both");
		}
		return this.history;
	}

	/** Returns the migration in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line(this.identity.inWords() + " (" + script() + "): " + this.state
				+ ((this.reason != null) ? ", " + this.reason : ""));
	}

}
