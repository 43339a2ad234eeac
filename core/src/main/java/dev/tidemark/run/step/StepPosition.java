package dev.tidemark.run.step;

import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.step.Step;

/**
 * How far a step has come, and how that is told after a failure.
 */
final class StepPosition {

	/** The state after a transaction in which several undo files ran. */
	static final String UNDO_ROLLED_BACK = "The transaction was rolled back: the database is as it was before the undo.";

	private final Step step;

	/** How many statements ran, including those of a transaction that is still open. */
	private int executed;

	/** How many statements ran for good. */
	private int committed;

	/** Whether the transaction is not of this step alone. */
	private boolean within;

	/** Whether what runs commits by itself, and its progress after it. */
	private boolean uncovered;

	/** Whether the last statement is done, and nothing was written of it yet. */
	private boolean unrecorded;

	/**
	 * Whether a procedure or block is running that may have committed a part of its work.
	 */
	private boolean inProcedure;

	/**
	 * Whether nobody knows of the first statement that is not recorded as done whether it
	 * is: an earlier run has left it so, and this one has not come to it yet, or this one
	 * leaves it so.
	 */
	private boolean inDoubt;

	StepPosition(Step step) {
		this.step = step;
		this.executed = step.done().size();
		this.committed = this.executed;
		this.inDoubt = isResumedInDoubt() && !step.segments().isEmpty();
	}

	/**
	 * After an error that the server reported, nothing but the catalogue can tell
	 * otherwise.
	 */
	boolean isResumedInDoubt() {
		HistoryEntry resumed = this.step.resumed();
		return resumed != null && resumed.state() != MigrationState.FAILED;
	}

	int executed() {
		return this.executed;
	}

	int committed() {
		return this.committed;
	}

	boolean isInDoubt() {
		return this.inDoubt;
	}

	boolean isInProcedure() {
		return this.inProcedure;
	}

	/** A statement is done. */
	void advance() {
		this.executed++;
	}

	/** What is done up to here stays. */
	void commit() {
		this.committed = this.executed;
	}

	/** What is done since the last commit is taken back. */
	void rollBack() {
		this.executed = this.committed;
	}

	/** A transaction is committed with what is recorded of it. */
	void commitRecorded() {
		commit();
		this.inDoubt = false;
	}

	/** The transaction that runs belongs to others, too. */
	void beginWithin() {
		this.within = true;
	}

	/** A statement begins that commits by itself. */
	void beginAlone() {
		this.uncovered = true;
	}

	/** That statement is done, whatever becomes of our own write. */
	void endAlone() {
		commit();
		this.uncovered = false;
		this.unrecorded = true;
	}

	/** What is done is written down. */
	void recorded() {
		this.unrecorded = false;
	}

	/** What it has committed before it failed must not be done again. */
	void beginProcedure() {
		this.inProcedure = true;
	}

	void endProcedure() {
		this.inProcedure = false;
	}

	/** What became of the first statement is known. */
	void found() {
		this.inDoubt = false;
	}

	/** The first statements may have run apart. */
	void doubtOnly(boolean possible) {
		this.inDoubt &= possible;
	}

	/** What runs by itself is done, and its progress is not recorded. */
	void failAtCommit() {
		this.inDoubt |= this.uncovered;
	}

	/** A crash or a fail-over may have taken what this run was told is committed. */
	void fallBack(int done) {
		this.inDoubt |= done < this.committed || (this.uncovered && done == this.committed);
		this.committed = done;
	}

	/** Returns in which state the database is after a failure. */
	String afterFailure() {
		if (this.within) {
			return UNDO_ROLLED_BACK;
		}
		return this.step.isAtomic() ? "The transaction was rolled back: the database is as it was before this "
				+ (this.step.isUndo() ? "undo." : "migration.") : progress();
	}

	/** Returns in which state the database is before an attempt. */
	String beforeAttempt() {
		return this.step.isAtomic()
				? "The database is as it was before this " + (this.step.isUndo() ? "undo." : "migration.") : progress();
	}

	/** Returns what is done of a step that commits in between. */
	String progress() {
		if (!this.inDoubt) {
			return done();
		}
		boolean found = isResumedInDoubt() && !this.uncovered && this.committed == this.step.done().size();
		return done() + " Whether the statement " + (found ? "at which an earlier run ended" : "that was running")
				+ " is done, or a part of it, the next start finds out from the catalogue; what that does not tell,"
				+ " it asks.";
	}

	/** Returns how many statements are done. */
	String done() {
		return ((this.committed == 0) ? "No statement of this file is recorded as done."
				: this.committed + " of " + this.step.statementCount()
						+ ((this.committed == 1) ? " statements of this file is done and stays."
								: " statements of this file are done and stay."))
				+ (this.unrecorded ? " That statement " + this.committed
						+ " is done could not be recorded at once, so that the next"
						+ " start may have to ask about it." : "");
	}

	/** What to say besides where a part of a file is done; nothing if it is not. */
	String leavingDone() {
		return isPartDone() ? " Leave what is done (" + doneStatements() + ") as it is." : "";
	}

	boolean isPartDone() {
		return !this.step.isAtomic() && this.committed > 0;
	}

	String doneStatements() {
		return (this.committed == 1) ? "statement 1" : "statements 1-" + this.committed;
	}

}
