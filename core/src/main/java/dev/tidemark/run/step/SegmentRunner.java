package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Interludes.Moment;
import dev.tidemark.run.recovery.Leftover;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.run.step.lock.Opening;
import dev.tidemark.session.Session;
import dev.tidemark.session.script.SessionRecord;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.parse.Statements;

/**
 * Runs the segments of a step that commits in between. Its progress is written with each
 * of them, or right behind one that commits by itself.
 */
final class SegmentRunner {

	/** What a transaction has deferred to its end comes before that is looked at. */
	private static final String SETTLE = "SET CONSTRAINTS ALL IMMEDIATE; ";

	private static final Logger logger = PlainLogger.of(SegmentRunner.class);

	private final RunContext context;

	private final StepRow row;

	private final StepPosition position;

	private final StepProblems problems;

	private final StepJournal journal;

	private final StepCallbacks callbacks;

	private final StatementRunner statements;

	private final TransactionRunner transactions;

	private final FollowedSession followed;

	private final Resumption resumption;

	SegmentRunner(RunContext context, StepRow row, StepProblems problems, StepJournal journal, StepCallbacks callbacks,
			StatementRunner statements, FollowedSession followed) {
		this.context = context;
		this.row = row;
		this.position = row.position();
		this.problems = problems;
		this.journal = journal;
		this.callbacks = callbacks;
		this.statements = statements;
		this.transactions = new TransactionRunner(context.session(), statements, problems, callbacks,
				this.position::advance);
		this.followed = followed;
		this.resumption = new Resumption(context, row, problems, journal, statements, followed);
	}

	/** Runs what is left of the step, up to the end of its row. */
	void run() throws HistoryConflictException, StepFailure {
		Step step = this.row.step();
		HistoryEntry resumed = step.resumed();
		this.journal.begin();
		if (resumed != null) {
			logger.info("Continuing {}: an earlier run has done {} of {} statements", this.row.inWords(),
					this.position.committed(), step.statementCount());
		}
		this.callbacks.runBetween(Moment.BEFORE, null);
		if (resumed != null && this.position.committed() > 0) {
			this.resumption.restoreSession(resumed);
		}
		run(step.segments(), resumed != null);
		if (this.statements.isInTransaction()) {
			throw this.problems.openTransaction();
		}
		this.callbacks.runBetween(Moment.AFTER, null);
	}

	/**
	 * Runs segments.
	 * @param inDoubt whether the first of them is the one at which the last run ended
	 */
	private void run(List<Segment> segments, boolean inDoubt) throws HistoryConflictException, StepFailure {
		boolean first = true;
		for (Segment segment : segments) {
			segment.accept(new Parts(inDoubt && first));
			first = false;
		}
	}

	/**
	 * Runs statements that share a transaction; one by one if it turns out that a
	 * procedure among them ends transactions itself. Then the last run did so too, and
	 * the first of them may be the one at which it ended.
	 */
	private void runShared(Segment.Transaction transaction, boolean firstInDoubt)
			throws HistoryConflictException, StepFailure {
		this.position.doubtOnly(mayHaveRunApart(transaction));
		try {
			retrying(transaction, (opening) -> runTogether(opening, transaction.statements()));
			recordOutlasting();
		}
		catch (StepFailure ex) {
			if (!ex.endsTransactionItself()) {
				throw ex;
			}
			rollBack(ex);
			this.row.runsAlone();
			// The next run has to know of it if this one ends in a procedure.
			this.journal.committed();
			run(apart(transaction.statements(), firstInDoubt), firstInDoubt);
		}
	}

	/**
	 * Tells whether the last run may have ended at the first of some statements while
	 * that ran by itself. Without a procedure among them they were one transaction, and
	 * what is not recorded of that was rolled back.
	 */
	private boolean mayHaveRunApart(Segment.Transaction transaction) {
		List<SqlStatement> statements = transaction.statements();
		return statements.stream().anyMatch(Step::mayCommit) && !apart(statements, true).get(0).isInTransaction();
	}

	/** An earlier version recorded also a plain statement only after its commit. */
	private List<Segment> apart(List<SqlStatement> statements, boolean firstInDoubt) {
		List<Segment> parts = new ArrayList<>(Step.apart(statements));
		HistoryEntry resumed = this.row.step().resumed();
		if (firstInDoubt && resumed != null && resumed.session() == null) {
			parts.set(0, new Segment.Alone(statements.get(0)));
		}
		return parts;
	}

	/** Runs statements in a transaction that ends with their progress. */
	private void runTogether(Opening opening, List<SqlStatement> together)
			throws HistoryConflictException, StepFailure {
		int done = this.position.committed() + together.size();
		SessionRecord recorded = this.row.session();
		String end = SETTLE + opening.undone() + this.followed.check();
		boolean same = this.transactions.run(opening, together, end, false) == 1;
		try {
			this.followed.lookWithin(same);
			Session session = this.context.session();
			session.execute(session.own().commit(this.row.progress(done), true));
			this.position.commitRecorded();
		}
		catch (SQLException ex) {
			this.row.session(recorded);
			throw this.problems.commitFailed(ex, false, true);
		}
	}

	/**
	 * Records what has outlasted the transaction. That is committed, so it is no part of
	 * what is tried again.
	 */
	private void recordOutlasting() throws HistoryConflictException, StepFailure {
		boolean recorded = this.followed.hasOutlasted();
		this.followed.keepLock();
		if (!recorded) {
			this.journal.committed();
		}
	}

	/** A transaction that the file itself began cannot be tried again from its middle. */
	private void runAlone(SqlStatement statement) throws HistoryConflictException, StepFailure {
		this.callbacks.runBetween(Moment.BEFORE_STATEMENT, statement);
		this.followed.begin();
		this.position.beginAlone();
		if (this.statements.isInTransaction()) {
			run(statement);
		}
		else if (Statements.of(statement).waitsInTurn()) {
			runConcurrently(statement);
		}
		else if (Step.mayCommit(statement)) {
			this.position.beginProcedure();
			runFollowed(statement);
			this.position.endProcedure();
		}
		else {
			retrying(new Segment.Alone(statement), (opening) -> runFollowed(statement));
		}
		if (!this.statements.isInTransaction()) {
			record(statement);
		}
		this.callbacks.runBetween(Moment.AFTER_STATEMENT, statement);
	}

	private void record(SqlStatement statement) throws HistoryConflictException, StepFailure {
		this.followed.look();
		this.position.endAlone();
		if (!Statements.of(statement).waitsInTurn()) {
			this.followed.keepLock();
		}
		this.journal.progress();
		this.position.recorded();
	}

	private void run(SqlStatement statement) throws StepFailure {
		this.statements.run(statement);
		this.position.advance();
	}

	/** Runs a statement, and sees in the same round trip what it made of the session. */
	private void runFollowed(SqlStatement statement) throws StepFailure {
		boolean leavesNoTransaction = Statements.of(statement).transactionUse() != TransactionUse.CONTROL;
		String check = leavesNoTransaction ? this.followed.checkWithLock() : null;
		this.followed.checked(this.statements.runWithCheck(statement, check));
		this.position.advance();
	}

	/** What the server commits in between is no part of what it takes back. */
	private void runConcurrently(SqlStatement statement) throws StepFailure {
		try {
			this.statements.runInTurn(() -> run(statement));
		}
		catch (StepFailure ex) {
			Session session = this.context.session();
			Problem problem = ex.problem();
			String left = session.isGivenUp() ? null : new Leftover(session, statement).clear(problem.server());
			throw (left != null) ? ex.withState(problem.state() + " " + left) : ex;
		}
	}

	/**
	 * Runs something, and again while it does not get a lock: what it did is rolled back,
	 * so that it stands in nobody's way during the pause.
	 */
	private <X extends Exception> void retrying(Segment segment, LockRetrying.Attempt<X> attempt)
			throws X, StepFailure {
		this.context.retrying()
			.run(needs(segment), attempt, this::rollBack, this.context.attempts(this.row.step().migration()::identity));
	}

	private LockNeeds needs(Segment segment) {
		Step step = this.row.step();
		return segment.isInTransaction()
				? new LockNeeds(StepCallbacks.within(this.context.callbacks(), step, segment.statements()),
						LockNeeds.Extent.TRANSACTION, step.lockTimeout())
				: new LockNeeds(segment.statements(), LockNeeds.Extent.STATEMENT, step.lockTimeout());
	}

	/** The session stays as the statements before have made it: they do not run again. */
	private void rollBack(StepFailure failure) throws StepFailure {
		this.context.rollBack(failure);
		this.position.rollBack();
	}

	/** Runs the parts of a step. */
	private final class Parts implements Segment.Visitor<HistoryConflictException, StepFailure> {

		private final boolean inDoubt;

		/**
		 * Prepares to run one.
		 * @param inDoubt whether it is the one at which the last run ended
		 */
		Parts(boolean inDoubt) {
			this.inDoubt = inDoubt;
		}

		@Override
		public void transaction(Segment.Transaction transaction) throws HistoryConflictException, StepFailure {
			runShared(transaction, this.inDoubt);
		}

		@Override
		public void alone(Segment.Alone alone) throws HistoryConflictException, StepFailure {
			if (!(this.inDoubt && SegmentRunner.this.resumption.isDone(alone.statement()))) {
				runAlone(alone.statement());
			}
		}

		@Override
		public void code(Segment.Code code) {
			throw new IllegalStateException("Code is one transaction with its history row");
		}

	}

}
