package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.code.CodeTransaction;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.run.step.lock.Opening;
import dev.tidemark.session.Session;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Runs one step and records it. An atomic step commits with its history row; any other
 * has a {@code running} row before its first statement, and commits its progress with
 * each segment. A segment that does not get a lock in time is rolled back and tried
 * again.
 *
 * @since 0.1.0
 */
public final class StepRunner {

	private final RunContext context;

	private final Session session;

	private final Step step;

	private final boolean durable;

	private final StepPosition position;

	private final StepRow row;

	private final StepProblems problems;

	private final StepJournal journal;

	private final StepCallbacks callbacks;

	private final StatementRunner statements;

	/**
	 * Prepares to run.
	 * @param rank the rank of the history row
	 * @param durable whether the commit has to be on disk before the step counts as done
	 * @param alone whether a procedure of the file was found to end transactions
	 */
	public StepRunner(RunContext context, Step step, int rank, boolean durable, boolean alone) {
		this.context = context;
		this.session = context.session();
		this.session.workFor(step.migration().inWords());
		this.step = step;
		this.durable = durable;
		this.position = new StepPosition(step);
		this.row = new StepRow(context, step, this.position, rank, alone);
		this.problems = new StepProblems(context, this.row);
		this.journal = new StepJournal(context, this.row, this.problems);
		this.callbacks = new StepCallbacks(context.callbacks(), step, this.position);
		this.statements = new StatementRunner(this.session, context.watch(), this.row.origin(), this.problems);
	}

	/**
	 * Runs the step.
	 * @throws HistoryConflictException if another instance has written the history
	 * @throws StepFailure if a statement failed
	 */
	public MigrationResult run() throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		this.context.doing().begin(this.step);
		try {
			this.statements.lockTimeout(this.step.lockTimeout());
			if (this.step.isAtomic()) {
				Segment only = this.step.segments().get(0);
				LockNeeds needs = new LockNeeds(statementsWithCallbacks(), LockNeeds.Extent.MIGRATION,
						this.step.lockTimeout());
				this.context.retrying()
					.run(needs, (opening) -> runWhole(only, opening), this::rollBack,
							this.context.attempts(this.step.migration()::identity));
			}
			else {
				runSegments();
			}
		}
		catch (RuntimeException | Error ex) {
			throw this.problems.unexpected(this.statements.current(), ex);
		}
		finally {
			this.context.doing().end();
		}
		return result(start);
	}

	/**
	 * Runs an atomic step within a transaction that is open, up to its history row. What
	 * the next one finds is a fresh session, but constraints that are checked at once.
	 */
	MigrationResult runWithin() throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		this.position.beginWithin();
		try {
			this.statements.lockTimeout(this.step.lockTimeout());
			String end = this.session.own().record(this.row.whole());
			transactions().run(Opening.OPEN, this.step.statements(), end, true);
		}
		catch (RuntimeException | Error ex) {
			throw this.problems.unexpected(this.statements.current(), ex);
		}
		return result(start);
	}

	/** Of what code does nothing is known beforehand. */
	private List<SqlStatement> statementsWithCallbacks() {
		return (this.step.migration().code() != null) ? List.of()
				: StepCallbacks.within(this.context.callbacks(), this.step);
	}

	private MigrationResult result(long start) {
		return new MigrationResult(this.step.migration().identity(), this.step.migration().description(),
				this.step.migration().script(), this.step.statementCount(),
				Duration.ofNanos(System.nanoTime() - start));
	}

	private TransactionRunner transactions() {
		return new TransactionRunner(this.session, this.statements, this.problems, this.callbacks,
				this.position::advance);
	}

	/** The only transaction of a migration, which ends with its history row. */
	private void runWhole(Segment only, Opening opening) throws HistoryConflictException, StepFailure {
		String end = this.session.own().lastCommit(this.row.whole(), this.durable, lockCheck());
		Whole whole = new Whole(opening, end);
		only.accept(whole);
		this.context.lock().checked(whole.rows);
		try {
			this.session.init();
		}
		catch (SQLException ex) {
			throw this.problems.commitFailed(ex, true, false);
		}
		catch (TidemarkException ex) {
			throw this.problems.notRenewed(ex);
		}
	}

	private void run(Segment.Code code) throws StepFailure {
		new CodeTransaction(this.session, this.context.watch()).run(this.row.origin(), code.migration()::migrate,
				this.position.afterFailure());
	}

	private void runSegments() throws HistoryConflictException, StepFailure {
		FollowedSession followed = FollowedSession.begin(this.context, this.row, this.problems);
		new SegmentRunner(this.context, this.row, this.problems, this.journal, this.callbacks, this.statements,
				followed)
			.run();
		this.journal.end(lockCheck());
	}

	private String lockCheck() {
		boolean code = this.step.migration().code() != null || this.context.callbacks().isAroundMigrations();
		return code ? this.context.lock().check() : this.context.lock().check(this.step.statements());
	}

	private void rollBack(StepFailure failure) throws StepFailure {
		this.context.rollBack(failure);
		this.position.rollBack();
	}

	/** Returns the last row of a step that ran to its end. */
	public HistoryEntry recorded() {
		return this.row.ended();
	}

	/** What to say besides where a part of a file is done; nothing if it is not. */
	public String leavingDone() {
		return this.position.leavingDone();
	}

	/** What shows, of all that this run has committed, how far it came. */
	HistoryEvidence evidence() {
		return this.row.evidence();
	}

	/**
	 * Records a failure, in a transaction of its own.
	 * @param over the session in which to do so
	 */
	void recordFailure(Session over, Problem problem) throws SQLException {
		this.journal.fail(over, problem);
	}

	/** Returns as what the migration counts now, {@code null} if that is not known. */
	@Nullable MigrationState failedAs() {
		return this.journal.failedAs();
	}

	/** Runs all that a step consists of as one transaction. */
	private final class Whole implements Segment.Visitor<HistoryConflictException, StepFailure> {

		private final Opening opening;

		private final String end;

		private long rows;

		Whole(Opening opening, String end) {
			this.opening = opening;
			this.end = end;
		}

		@Override
		public void transaction(Segment.Transaction transaction) throws HistoryConflictException, StepFailure {
			together(transaction);
		}

		@Override
		public void alone(Segment.Alone alone) throws HistoryConflictException, StepFailure {
			together(alone);
		}

		@Override
		public void code(Segment.Code code) throws HistoryConflictException, StepFailure {
			this.rows = transactions().run(this.opening, () -> StepRunner.this.run(code), this.end);
		}

		private void together(Segment segment) throws HistoryConflictException, StepFailure {
			this.rows = transactions().run(this.opening, segment.statements(), this.end, true);
		}

	}

}
