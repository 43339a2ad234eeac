package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.step.Segment;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StatementFailures;
import dev.tidemark.run.failure.StatementProblems;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.step.lock.LockNeeds;
import dev.tidemark.run.step.lock.LockReport;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.run.step.lock.Opening;
import dev.tidemark.session.OpenTransaction;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.session.watch.Obstruction;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.parse.Statements;

/**
 * One callback at work, a file or code. What it does in transactions of its own is tried
 * again while it does not get its locks.
 */
final class CallbackWork implements StatementFailures {

	private static final String DOUBT = " Whether the statement that was running is done, or a part of it, is recorded"
			+ " nowhere: look at what it changes.";

	private static final Logger logger = PlainLogger.of(CallbackWork.class);

	private final Session session;

	private final LockRetrying retrying;

	private final Origin origin;

	private final String state;

	private final StatementRunner statements;

	/** Whether what runs commits by itself. */
	private boolean uncovered;

	/**
	 * Prepares to work.
	 * @param retrying tries again
	 * @param origin where the callback comes from
	 * @param state what state the database is in if it fails
	 */
	CallbackWork(Session session, LockRetrying retrying, Origin origin, String state) {
		this.session = session;
		this.retrying = retrying;
		this.origin = origin;
		this.state = state;
		this.statements = new StatementRunner(session, session.watch(), origin, this);
	}

	/** Tells whether a session is in a transaction before or after a callback. */
	static boolean isInTransaction(Session session, String state) throws StepFailure {
		try {
			return session.isInTransaction();
		}
		catch (SQLException ex) {
			throw new StepFailure(ConnectionProblems.whileWriting(session, "running callbacks", ex,
					HistoryEvidence.ofNothingSent(), state), List.of());
		}
	}

	/** Runs a file in the transaction that is open. */
	void runWithin(Script script) throws StepFailure {
		this.statements.runFile(script.directives().lockTimeout(), () -> runWithin(script.statements()));
	}

	private void runWithin(List<SqlStatement> statements) throws StepFailure {
		for (SqlStatement statement : statements) {
			this.statements.run(statement);
		}
	}

	/** Runs a file as it says itself. */
	void run(Script script) throws StepFailure {
		this.statements.runFile(script.directives().lockTimeout(), () -> {
			for (Segment segment : Step.segments(script)) {
				segment.accept(new Parts());
			}
		});
		if (isInTransaction(this.session, this.state)) {
			throw new StepFailure(Problem
				.error(ErrorCode.OPEN_TRANSACTION, this.origin.place(),
						"The file begins a transaction and does not end it.",
						"Add the COMMIT that is missing, and start again.")
				.withState(this.state));
		}
	}

	/** Runs something in a transaction of its own. */
	void run(TransactionRunner.Code work) throws StepFailure {
		run(List.of(), work);
	}

	private void run(List<SqlStatement> statements, TransactionRunner.Code work) throws StepFailure {
		retrying(new LockNeeds(statements, LockNeeds.Extent.TRANSACTION, this.origin.lockTimeout()),
				(opening) -> transaction(opening, work));
	}

	/**
	 * Runs statements in one transaction; one by one if it turns out that a procedure
	 * among them ends transactions itself.
	 */
	private void runShared(List<SqlStatement> statements) throws StepFailure {
		try {
			run(statements, () -> runWithin(statements));
		}
		catch (StepFailure ex) {
			if (!ex.isTransactionTermination() || statements.stream().noneMatch(Step::mayCommit)) {
				throw ex;
			}
			rollBack();
			runApart(statements);
		}
	}

	private void runApart(List<SqlStatement> statements) throws StepFailure {
		this.uncovered = true;
		try {
			for (SqlStatement statement : statements) {
				runAlone(statement);
			}
		}
		finally {
			this.uncovered = false;
		}
	}

	/** What may have committed something before it failed is not tried again. */
	private void runAlone(SqlStatement statement) throws StepFailure {
		if (Statements.of(statement).waitsInTurn() && !isInTransaction(this.session, this.state)) {
			this.statements.runInTurn(() -> this.statements.run(statement));
		}
		else if (Step.mayCommit(statement) || isInTransaction(this.session, this.state)) {
			this.statements.run(statement);
		}
		else {
			retrying(new LockNeeds(List.of(statement), LockNeeds.Extent.STATEMENT, this.origin.lockTimeout()),
					(opening) -> this.statements.run(statement));
		}
	}

	/**
	 * The server can tell by its id what became of a transaction whose commit was sent.
	 */
	private void transaction(Opening opening, TransactionRunner.Code work) throws StepFailure {
		HistoryEvidence evidence = HistoryEvidence.ofNothingSent();
		try {
			this.session.execute(opening.sql());
			work.run();
			evidence = HistoryEvidence.ofTransaction(OpenTransaction.currentId(this.session.connection()));
			this.statements.beginCommit();
			this.session.execute(this.session.own().commitDurably());
		}
		catch (SQLException ex) {
			Breakdown breakdown = Breakdown.of(this.session, ex, null);
			if (breakdown != null) {
				throw broken(this.origin.place(), breakdown, evidence);
			}
			throw failure(StatementProblems.atCommit(this.session, this.origin, this.session.errorOf(ex)),
					this.session.withoutSecrets(ex));
		}
		catch (RuntimeException | Error ex) {
			throw broken(this.origin.place(ex), Breakdown.unexpected(this.session, ex, null), evidence);
		}
		finally {
			this.statements.endWatch();
		}
	}

	private void retrying(LockNeeds needs, LockRetrying.Attempt<RuntimeException> attempt) throws StepFailure {
		this.retrying.run(needs, attempt, (failure) -> rollBack(), new Report());
	}

	private void rollBack() throws StepFailure {
		try {
			this.session.rollBack();
		}
		catch (SQLException ex) {
			throw failed(null, ex);
		}
	}

	@Override
	public StepFailure failed(@Nullable SqlStatement statement, SQLException ex) {
		Breakdown breakdown = Breakdown.of(this.session, ex, statement);
		if (breakdown != null) {
			return broken(place(statement), breakdown, HistoryEvidence.ofNothingSent());
		}
		return failure(
				StatementProblems.failed(this.session, this.origin, statement, this.session.errorOf(ex, statement)),
				this.session.withoutSecrets(ex, statement));
	}

	@Override
	public StepFailure unexpected(@Nullable SqlStatement statement, Throwable thrown) {
		return broken(place(statement), Breakdown.unexpected(this.session, thrown, statement),
				HistoryEvidence.ofNothingSent());
	}

	private Place place(@Nullable SqlStatement statement) {
		return (statement != null) ? this.origin.place(statement) : this.origin.place();
	}

	private StepFailure broken(Place place, Breakdown breakdown, HistoryEvidence evidence) {
		Problem problem = StatementProblems.broken(breakdown, this.origin, place, breakdown.outcome(evidence),
				new Breakdown.States("The transaction of the callback is committed.",
						"What the callback did stays, and it runs again with the next run.",
						this.uncovered ? this.state + DOUBT : this.state));
		return new StepFailure(new TidemarkException(problem, breakdown.cause()), this.session.watch().blockers());
	}

	private StepFailure failure(Problem problem, SQLException cause) {
		return new StepFailure(new TidemarkException(problem.withState(this.state), cause),
				this.session.watch().blockers());
	}

	/** Tells the log alone: listeners hear of migrations. */
	private final class Report implements LockReport {

		@Override
		public StepFailure ended(Obstruction seen) {
			return MigrationAttempts.ended(CallbackWork.this.origin, seen, CallbackWork.this.state);
		}

		@Override
		public void again(int attempts, @Nullable Place where, Obstruction obstruction, Duration pause) {
			logger.atLevel(LockWait.level(attempts))
				.log("{}", LockWait.inWords(attempts, CallbackWork.this.origin.inWords(), where, obstruction.lock(),
						obstruction.blockers(), pause));
		}

		@Override
		public void looks(Obstruction seen, Duration looked, Duration willing) {
			logger.atLevel(LockLook.level(looked))
				.log("{}", LockLook.inWords(CallbackWork.this.origin.inWords(), seen.lock(), seen.blockers(), looked,
						willing));
		}

		@Override
		public void queues(Duration looked) {
			logger.atLevel(LockLook.level(looked))
				.log("{}", LockLook.inWords(CallbackWork.this.origin.inWords(), looked));
		}

	}

	/** Runs the parts of a file. */
	private final class Parts implements Segment.Visitor<StepFailure, StepFailure> {

		@Override
		public void transaction(Segment.Transaction transaction) throws StepFailure {
			runShared(transaction.statements());
		}

		@Override
		public void alone(Segment.Alone alone) throws StepFailure {
			runAlone(alone.statement());
		}

		@Override
		public void code(Segment.Code code) {
			throw new IllegalStateException("A file holds no code");
		}

	}

}
