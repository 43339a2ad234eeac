package dev.tidemark.history;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.session.script.SessionRecord;
import dev.tidemark.sql.PlainText;

/**
 * The part of a history row that planning needs: one run of a migration.
 *
 * @param rank the place in the order of all rows, from 1
 * @param identity which migration
 * @param phase when it runs
 * @param description its description at the time
 * @param script its file at the time
 * @param checksum the checksum of its text, or {@code null} if it had none
 * @param state what became of the run
 * @param statementsTotal how many statements the file had
 * @param statementsDone how many of them are committed
 * @param journal what a later run has to know of this one, in words: {@value #ALONE} if
 * every statement ran by itself, the checksum of the statements that are committed, the
 * {@linkplain Basis basis} and the {@linkplain SessionRecord session}; {@code null} if
 * there is nothing to know
 * @param undo whether the run was to undo the migration
 * @param newer what the row says that this version does not know, or {@code null}
 * @since 0.1.0
 */
public record HistoryEntry(int rank, Identity identity, Phase phase, String description, String script,
		@Nullable String checksum, MigrationState state, int statementsTotal, int statementsDone,
		@Nullable String journal, boolean undo, @Nullable NewerRecord newer) {

	/** What the journal begins with if every statement ran by itself. */
	public static final String ALONE = "alone";

	/**
	 * Makes the entry of a run before the start of the application.
	 * @param rank the place in the order of all rows
	 * @param identity which migration
	 * @param description its description
	 * @param script its file
	 * @param checksum the checksum of its text, or {@code null}
	 * @param state what became of the run
	 * @param statementsTotal how many statements the file has
	 * @param statementsDone how many of them are committed
	 * @param journal what a later run has to know of this one, or {@code null}
	 * @param undo whether the run is to undo the migration
	 */
	public HistoryEntry(int rank, Identity identity, String description, String script, @Nullable String checksum,
			MigrationState state, int statementsTotal, int statementsDone, @Nullable String journal, boolean undo) {
		this(rank, identity, Phase.EXPAND, description, script, checksum, state, statementsTotal, statementsDone,
				journal, undo, null);
	}

	/**
	 * Writes a journal.
	 * @param alone whether every statement ran by itself
	 * @param doneChecksum the checksum of the statements that are committed, or
	 * {@code null} if nothing has to be continued
	 * @param basis what the run was based on
	 * @return the journal, or {@code null} if there is nothing to know
	 */
	public static @Nullable String journal(boolean alone, @Nullable String doneChecksum, Basis basis) {
		return journal(alone, doneChecksum, basis, null);
	}

	/**
	 * Writes a journal.
	 * @param alone whether every statement ran by itself
	 * @param doneChecksum the checksum of the statements that are committed, or
	 * {@code null} if nothing has to be continued
	 * @param basis what the run was based on
	 * @param session what these statements have made of their session, or {@code null} if
	 * that is not known
	 * @return the journal, or {@code null} if there is nothing to know
	 */
	public static @Nullable String journal(boolean alone, @Nullable String doneChecksum, Basis basis,
			@Nullable SessionRecord session) {
		return journal(alone, doneChecksum, basis, session, null);
	}

	/**
	 * Writes the journal of a run that goes on.
	 * @param alone whether every statement ran by itself
	 * @param doneChecksum the checksum of the statements that are committed, or
	 * {@code null} if nothing has to be continued
	 * @param basis what the run was based on
	 * @param session what these statements have made of their session, or {@code null} if
	 * that is not known
	 * @param process the server process that works for the run, or {@code null} if it has
	 * ended
	 * @return the journal, or {@code null} if there is nothing to know
	 */
	public static @Nullable String journal(boolean alone, @Nullable String doneChecksum, Basis basis,
			@Nullable SessionRecord session, @Nullable String process) {
		String journal = Stream
			.of(alone ? ALONE : "", (doneChecksum != null) ? doneChecksum : "", basis.toString(),
					(session != null) ? session.word(process) : "")
			.filter((word) -> !word.isEmpty())
			.collect(Collectors.joining(" "));
		return journal.isEmpty() ? null : journal;
	}

	/**
	 * Tells whether the run had found that its file needs every statement by itself.
	 * @return {@code true} if a procedure of the file ends transactions
	 */
	public boolean ranAlone() {
		return words().contains(ALONE);
	}

	/**
	 * Returns the checksum of the statements that are committed.
	 * @return the checksum, or {@code null} if there is none
	 */
	public @Nullable String doneChecksum() {
		String checksum = words().stream()
			.filter((word) -> !word.equals(ALONE) && !Basis.isPart(word) && !SessionRecord.isPart(word))
			.collect(Collectors.joining(" "));
		return checksum.isEmpty() ? null : checksum;
	}

	/**
	 * Returns what the run was based on besides the text of its file.
	 * @return the basis
	 */
	public Basis basis() {
		return Basis.parse(words());
	}

	/**
	 * Returns what the statements that are committed have made of their session.
	 * @return the record, or {@code null} if there is none that this version can read
	 */
	public @Nullable SessionRecord session() {
		return SessionRecord.parse(words());
	}

	/**
	 * Tells whether a newer version has recorded the session in a form that this one does
	 * not know.
	 * @return {@code true} if nobody here can tell what the session was like
	 */
	public boolean hasUnknownSession() {
		return session() == null && words().stream().anyMatch(SessionRecord::isPart);
	}

	/**
	 * Returns the server process that works for a run which has not ended.
	 * @return the process as it was recorded, or {@code null} if it was not
	 */
	public @Nullable String process() {
		return SessionRecord.process(words());
	}

	private List<String> words() {
		return (this.journal != null) ? List.of(this.journal.split(" ")) : List.of();
	}

	/**
	 * Tells whether the run has any say in what is in the database.
	 * @return {@code false} for an undo that failed and was rolled back as a whole, so
	 * that the migration is as it was before
	 */
	public boolean decides() {
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
			case PENDING, APPLIED, UNDONE, BASELINE, ADOPTED, WAITING, OUT_OF_ORDER, CHANGED, MISSING, AHEAD,
					SUPERSEDED, SKIPPED, UNKNOWN ->
				false;
		};
	}

	/**
	 * Tells whether anything of the migration is in the database.
	 * @return {@code true} if it is done, as a whole or in part, or nobody here can tell
	 */
	public boolean hasEffect() {
		return this.state.isDone() || isHalfDone() || this.newer != null;
	}

	/**
	 * Return whether the effects of the migration are in the database as a whole, also
	 * where the row says more than this version knows.
	 * @return {@code false} too if nobody here can tell
	 */
	public boolean isDone() {
		return this.state.isDone() || (this.newer != null && this.newer.done());
	}

	/** Returns whether nothing more of it is to come: it is done, or was skipped. */
	boolean isOver() {
		return isDone() || this.state == MigrationState.SKIPPED;
	}

	/**
	 * Return whether nobody here can tell what became of the run.
	 * @return {@code true} if a newer version has recorded it so that this one does not
	 * see whether it is done
	 */
	public boolean isUnclear() {
		return this.newer != null && !this.newer.done();
	}

	/**
	 * Tells whether it was decided to pass over the migration. For a repeatable this
	 * holds as long as its text is the same.
	 * @param migration the file as it is now
	 * @return whether the decision is about this file
	 */
	public boolean skips(Migration migration) {
		return this.state == MigrationState.SKIPPED
				&& (!this.identity.isRepeatable() || migration.isContentOf(this.checksum));
	}

	/** Returns the run in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Rank " + this.rank + ": " + (this.undo ? "undo of " : "") + this.identity.inWords()
				+ " (" + this.script + "), " + this.state + ((this.newer != null) ? " with " + this.newer.words() : "")
				+ ", " + this.statementsDone + " of " + this.statementsTotal + " statements");
	}

}
