package dev.tidemark.history;

import org.jspecify.annotations.Nullable;

import dev.tidemark.source.Identity;

/**
 * The part of a history row that planning needs: one run of a migration.
 *
 * @param rank the place in the order of all rows, from 1
 * @param identity which migration
 * @param description its description at the time
 * @param script its file at the time
 * @param checksum the checksum of its text, or {@code null} if it had none
 * @param state what became of the run
 * @param statementsTotal how many statements the file had
 * @param statementsDone how many of them are committed
 * @param journal the checksum of the statements that are committed, or {@code null} if
 * none is or nothing has to be continued
 * @param undo whether the run was to undo the migration
 */
public record HistoryEntry(int rank, Identity identity, String description, String script, @Nullable String checksum,
		MigrationState state, int statementsTotal, int statementsDone, @Nullable String journal, boolean undo) {

	/** What the journal begins with if every statement ran by itself. */
	public static final String ALONE = "alone ";

	/**
	 * Tells whether the run had found that its file needs every statement by itself.
	 * @return {@code true} if a procedure of the file ends transactions
	 */
	public boolean ranAlone() {
		return this.journal != null && this.journal.startsWith(ALONE);
	}

	/**
	 * Returns the checksum of the statements that are committed.
	 * @return the checksum, or {@code null} if there is no journal
	 */
	public @Nullable String doneChecksum() {
		return (this.journal != null && ranAlone()) ? this.journal.substring(ALONE.length()) : this.journal;
	}

	/**
	 * Tells whether the run has any say in what is in the database.
	 * @return {@code false} for an undo that failed and was rolled back as a whole, so
	 * that the migration is as it was before
	 */
	boolean decides() {
		return !this.undo || this.state != MigrationState.FAILED || isHalfDone();
	}

	/**
	 * Tells whether the run may have left some, but not all of its effects behind.
	 * @return {@code true} if it is neither done nor surely without effect
	 */
	public boolean isHalfDone() {
		return switch (this.state) {
			case RUNNING, INTERRUPTED -> true;
			// A failed atomic run has no journal: all of it was rolled back.
			case FAILED -> this.journal != null;
			default -> false;
		};
	}

}
