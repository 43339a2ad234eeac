package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.RunningChecksum;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.script.SessionRecord;
import dev.tidemark.session.settings.Backend;
import dev.tidemark.sql.script.SqlStatement;

/**
 * The row that the history has of the run of a step: what it says, and the SQL that says
 * so.
 */
final class StepRow {

	private final RunContext context;

	private final Step step;

	private final Origin origin;

	private final StepPosition position;

	private final int rank;

	private final Instant started;

	private final List<SqlStatement> statements;

	private final RunningChecksum checksums;

	/** What the row has of the session. */
	private @Nullable SessionRecord session;

	/** Whether the file needs every statement by itself. */
	private boolean alone;

	/** Whether there is a row for this run. */
	private boolean begun;

	/** Whether the row tells more of what is done than this run knows. */
	private boolean lookedUp;

	/**
	 * Describes the row.
	 * @param rank its rank
	 * @param alone whether a procedure of the file was found to end transactions
	 */
	StepRow(RunContext context, Step step, StepPosition position, int rank, boolean alone) {
		this.context = context;
		this.step = step;
		this.origin = Origin.of(step);
		this.position = position;
		this.rank = rank;
		this.started = context.clock().instant();
		this.statements = step.statements();
		this.checksums = new RunningChecksum((index) -> this.statements.get(index).source());
		HistoryEntry resumed = step.resumed();
		this.alone = alone || (resumed != null && resumed.ranAlone());
		this.session = (resumed != null) ? resumed.session() : null;
	}

	Step step() {
		return this.step;
	}

	/** Returns what attempts are made at, and how far it has come before the next one. */
	MigrationAttempts.Attempted attempted() {
		return new MigrationAttempts.Attempted(this.step, this.position.beforeAttempt());
	}

	/** Returns what the row is about, in words. */
	String inWords() {
		return this.step.migration().inWords();
	}

	Origin origin() {
		return this.origin;
	}

	StepPosition position() {
		return this.position;
	}

	int rank() {
		return this.rank;
	}

	@Nullable SessionRecord session() {
		return this.session;
	}

	/** Says what the statements that are done have made of their session. */
	void session(@Nullable SessionRecord record) {
		this.session = record;
	}

	/** What was to be seen of the session could not be. */
	void sessionIsUncertain() {
		this.session = (this.session != null) ? this.session.uncertain() : null;
	}

	/** Says that the file needs every statement by itself. */
	void runsAlone() {
		this.alone = true;
	}

	boolean isBegun() {
		return this.begun;
	}

	/** The row is written. */
	void begun() {
		this.begun = true;
	}

	/** Goes by what the history says, which may be less than this run was told. */
	void fallBack(Outcome.RolledBack back) {
		int done = back.begun() ? back.statementsDone() : this.step.done().size();
		this.position.fallBack(done);
		this.begun = back.begun();
		this.lookedUp = true;
		HistoryEntry resumed = this.step.resumed();
		this.session = (resumed != null && done > 0) ? resumed.session() : null;
	}

	/** The state of the migration when the step has come to its end. */
	MigrationState done() {
		return this.step.isUndo() ? MigrationState.UNDONE : MigrationState.APPLIED;
	}

	/** Returns what the row says in the end. */
	HistoryEntry ended() {
		return row(done(), null).entry();
	}

	/** Returns the SQL that begins the row of a step that commits in between. */
	String begin() {
		return insert(row(MigrationState.RUNNING, null));
	}

	/** Returns the SQL that writes down how many statements have run. */
	String progress() {
		return progress(this.position.executed());
	}

	/** Returns the SQL that writes down how many statements are committed. */
	String committed() {
		return progress(this.position.committed());
	}

	/** Returns the SQL that writes down how many statements are done. */
	String progress(int done) {
		return this.context.writer().progress(this.rank, done, journal(done));
	}

	/** Returns the SQL that ends the row of a step that commits in between. */
	String end() {
		return this.context.writer().finish(row(done(), null));
	}

	/** Returns the SQL that writes the only row of an atomic step. */
	String whole() {
		return this.context.writer().insert(row(done(), null));
	}

	/** It may go on with the row of an earlier run. */
	private String insert(HistoryRow row) {
		HistoryEntry resumed = this.step.resumed();
		return (resumed != null) ? this.context.writer().insertContinuing(row, resumed.rank())
				: this.context.writer().insert(row);
	}

	/**
	 * Returns the row that tells of a failure. What is running while nobody runs it, the
	 * next run looks for in the catalogue.
	 * @param state as what the migration counts, unless a statement is in doubt
	 */
	HistoryRow failed(MigrationState state, Problem problem) {
		return row(this.position.isInDoubt() ? MigrationState.RUNNING : state, failure(problem));
	}

	/** Returns the SQL that writes such a row. */
	String fail(HistoryRow failed) {
		if (!this.begun) {
			return insert(failed);
		}
		return this.lookedUp ? this.context.writer().fail(failed) : this.context.writer().finish(failed);
	}

	/** A line of a callback would look like one of the migration. */
	private HistoryRow.Failure failure(Problem problem) {
		HistoryRow.Failure failure = HistoryRow.Failure.of(problem);
		if (problem.place() == null || problem.place().script().equals(this.origin.script())) {
			return failure;
		}
		String message = failure.message().equals(problem.what()) ? failure.message()
				: problem.what() + " " + failure.message();
		return new HistoryRow.Failure(failure.code(), message, failure.sqlState(), null, failure.statement());
	}

	private HistoryRow row(MigrationState state, HistoryRow.@Nullable Failure failure) {
		boolean ended = state != MigrationState.RUNNING;
		Checksum checksum = this.step.migration().checksum();
		int done = (state == done()) ? this.step.statementCount() : this.position.committed();
		int begun = ended ? done : done + 1;
		HistoryEntry entry = new HistoryEntry(this.rank, this.step.migration().identity(),
				this.step.migration().phase(), this.step.migration().description(), this.step.migration().script(),
				(checksum != null) ? checksum.value() : null, state, this.step.statementCount(), done,
				this.step.isAtomic() ? atomicJournal(state)
						: journal(done, begun, (state != done()) ? this.session : null, !ended && failure == null),
				this.step.isUndo(), null);
		return new HistoryRow(entry, this.started, ended ? this.context.clock().instant() : null, this.context.author(),
				failure, this.context.note());
	}

	private String journal(int done) {
		return journal(done, done + 1, this.session, true);
	}

	/**
	 * Which statements are done, so that a later run knows them again, the values of what
	 * was begun, and what was made of the session. Where an earlier version has said
	 * nothing of that, it may have left any statement in doubt: a later run has to see so
	 * as long as this one has come no further.
	 */
	private String journal(int done, int begun, @Nullable SessionRecord record, boolean atWork) {
		HistoryEntry resumed = this.step.resumed();
		boolean asFound = resumed != null && resumed.session() == null && done <= this.step.done().size();
		SqlStatement next = (begun < this.statements.size()) ? this.statements.get(begun) : null;
		Backend backend = this.context.session().backend();
		return String.valueOf(HistoryEntry.journal(this.alone, this.checksums.of(done).value(), this.step.basis(next),
				asFound ? null : record, atWork ? backend.pid() + " " + backend.start() : null));
	}

	/** Of a failed one nothing is left, and a version never runs again. */
	private @Nullable String atomicJournal(MigrationState state) {
		boolean again = state == MigrationState.APPLIED && this.step.migration().identity().isRepeatable();
		return again ? HistoryEntry.journal(false, null, this.step.basis()) : null;
	}

	/** What shows, of all that this run has committed, how far it came. */
	HistoryEvidence evidence() {
		return HistoryEvidence.ofRun(this.context.table(), this.rank, this.context.author().deploymentId());
	}

	/**
	 * Reads what the history says of it. The role of the script may lack the right to do
	 * so.
	 */
	OwnRow read() throws SQLException {
		Session session = this.context.session();
		session.beginOwnRead();
		try {
			return OwnRow.read(session, this.context.table(), this.rank, this.context.author().deploymentId(),
					this.step.migration().identity());
		}
		finally {
			session.rollBack();
		}
	}

}
