package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.history.Write;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.sql.CopyData;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.TransactionUse;

/**
 * Runs one step and records it. An atomic step commits with its history row; any other
 * has a {@code running} row before its first statement, and commits its progress with
 * each segment. A segment that does not get a lock in time is rolled back and tried
 * again.
 */
final class StepRunner {

	private static final Pattern CONCURRENTLY = Pattern.compile("(?i)\\bCONCURRENTLY\\b");

	private static final Logger logger = LoggerFactory.getLogger(StepRunner.class);

	private final RunContext context;

	private final Session session;

	private final Step step;

	private final int rank;

	private final boolean durable;

	private final Instant started;

	/** How many statements ran, including those of a transaction that is still open. */
	private int executed;

	/** How many statements ran for good. */
	private int committed;

	/**
	 * Prepares to run.
	 * @param rank the rank of the history row
	 * @param durable whether the commit has to be on disk before the step counts as done
	 */
	StepRunner(RunContext context, Step step, int rank, boolean durable) {
		this.context = context;
		this.session = context.session();
		this.step = step;
		this.rank = rank;
		this.durable = durable;
		this.started = context.clock().instant();
	}

	/**
	 * Runs the step.
	 * @throws HistoryConflictException if another instance has written the history
	 * @throws StepFailure if a statement failed
	 */
	MigrationResult run() throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		if (this.step.isAtomic()) {
			Segment.Transaction transaction = (Segment.Transaction) this.step.segments().get(0);
			retrying(() -> {
				runTransaction(transaction.statements());
				commit(this.context.table().insert(row(MigrationState.APPLIED, this.executed, null)), this.durable);
			});
		}
		else {
			runSegments();
		}
		return new MigrationResult(this.step.migration().identity(), this.step.migration().description(),
				this.step.migration().script(), this.step.statementCount(),
				Duration.ofNanos(System.nanoTime() - start));
	}

	private void runSegments() throws HistoryConflictException, StepFailure {
		write(this.context.table().insert(row(MigrationState.RUNNING, 0, null)));
		for (Segment segment : this.step.segments()) {
			if (segment instanceof Segment.Transaction transaction) {
				retrying(() -> {
					runTransaction(transaction.statements());
					commit(this.context.table().progress(this.rank, this.executed), true);
				});
			}
			else if (segment instanceof Segment.Alone alone) {
				runAlone(alone.statement());
			}
		}
		requireNoOpenTransaction();
		write(this.context.table().finish(row(MigrationState.APPLIED, this.executed, null)));
	}

	/**
	 * Runs a segment, and again while it does not get a lock: what it did is rolled back,
	 * so that it stands in nobody's way during the pause.
	 */
	private void retrying(Attempt attempt) throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		for (int attempts = 1;; attempts++) {
			try {
				attempt.run();
				return;
			}
			catch (StepFailure ex) {
				Duration spent = Duration.ofNanos(System.nanoTime() - start);
				if (!ex.isLockNotGranted()) {
					throw ex;
				}
				Optional<Duration> pause = this.context.lockRetry().pause(attempts, spent);
				if (pause.isEmpty()) {
					throw ex.after(attempts, spent);
				}
				rollBack();
				LockWait wait = new LockWait(this.step.migration().identity(), attempts, ex.blockers(), pause.get());
				logger.info("{}", wait);
				this.context.events().accept((listener) -> listener.lockNotGranted(wait));
				pause(pause.get(), ex);
			}
		}
	}

	private void rollBack() throws StepFailure {
		try {
			this.session.recover();
			this.executed = this.committed;
		}
		catch (SQLException ex) {
			throw failed(null, 0, ex);
		}
	}

	private static void pause(Duration pause, StepFailure failure) throws StepFailure {
		try {
			Thread.sleep(pause.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure;
		}
	}

	private void runTransaction(List<SqlStatement> statements) throws StepFailure {
		boolean begin = true;
		for (SqlStatement statement : statements) {
			run(statement, begin);
			begin = false;
		}
		if (begin) {
			beginEmpty();
		}
	}

	private void beginEmpty() throws StepFailure {
		try {
			this.session.execute("BEGIN");
		}
		catch (SQLException ex) {
			throw failed(null, 0, ex);
		}
	}

	/** A transaction that the file itself began cannot be tried again from its middle. */
	private void runAlone(SqlStatement statement) throws HistoryConflictException, StepFailure {
		if (isInTransaction()) {
			run(statement, false);
		}
		else {
			retrying(() -> {
				waitInTurn(statement);
				run(statement, false);
			});
		}
		if (!isInTransaction()) {
			write(this.context.table().progress(this.rank, this.executed));
			this.committed = this.executed;
		}
	}

	/**
	 * Concurrent commands wait for transactions of others to end rather than queue in
	 * front of them, so a lock timeout would cut them off half-way and protect nobody.
	 */
	private void waitInTurn(SqlStatement statement) throws StepFailure {
		if (statement.transactionUse() != TransactionUse.FORBIDDEN || !CONCURRENTLY.matcher(statement.text()).find()) {
			return;
		}
		try {
			this.session.execute("SELECT pg_catalog.set_config('lock_timeout', '0', false)");
		}
		catch (SQLException ex) {
			throw failed(null, 0, ex);
		}
	}

	private void run(SqlStatement statement, boolean begin) throws StepFailure {
		CopyData data = statement.copyData();
		int before = (begin && data == null) ? this.session.beginLength() : 0;
		this.context.watch()
			.begin(this.step.migration().identity().inWords() + ", statement " + statement.number(), statement);
		try {
			if (data == null) {
				this.session.execute(statement.text(), begin);
			}
			else {
				if (begin) {
					this.session.execute("BEGIN");
				}
				this.session.copyIn(statement.text(), statement.copyRows());
			}
			this.executed++;
		}
		catch (SQLException ex) {
			throw failed(statement, before, ex);
		}
		finally {
			this.context.watch().end();
		}
	}

	private boolean isInTransaction() throws StepFailure {
		try {
			return this.session.isInTransaction();
		}
		catch (SQLException ex) {
			throw failed(null, 0, ex);
		}
	}

	private void requireNoOpenTransaction() throws StepFailure {
		if (isInTransaction()) {
			throw new StepFailure(new TidemarkException(Problem
				.error(ErrorCode.OPEN_TRANSACTION, StatementProblems.place(this.step),
						"The file begins a transaction and does not end it.", "Add the COMMIT that is missing.")
				.withState("The open transaction was rolled back. " + progress())), List.of());
		}
	}

	private void commit(Write write, boolean durableCommit) throws HistoryConflictException, StepFailure {
		try {
			this.session.commitWith(write, durableCommit);
			this.committed = this.executed;
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
		}
	}

	private void write(Write write) throws HistoryConflictException, StepFailure {
		try {
			this.session.write(write);
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
		}
	}

	private StepFailure commitFailed(SQLException ex) throws HistoryConflictException {
		ServerError error = ServerError.of(ex);
		if (this.context.table().isConflict(error)) {
			throw new HistoryConflictException();
		}
		Problem problem = Problem.error(ErrorCode.COMMIT, StatementProblems.place(this.step),
				"The statements ran, but their transaction could not be committed.", StatementProblems.remedy(error))
			.withServer(error)
			.withState(state(error));
		return new StepFailure(new TidemarkException(problem, ServerError.withoutSecrets(ex)), List.of());
	}

	private StepFailure failed(@Nullable SqlStatement statement, int before, SQLException ex) {
		ServerError error = ServerError.of(ex);
		Problem problem = StatementProblems.failed(this.step, statement, before, error).withState(state(error));
		return new StepFailure(new TidemarkException(problem, ServerError.withoutSecrets(ex)),
				this.context.watch().blockers());
	}

	private String state(ServerError error) {
		if (DatabaseProblems.isConnectionLost(error)) {
			return this.step.isAtomic()
					? "The server rolls the transaction back, unless the connection was lost after its commit; the "
							+ "history tells."
					: progress() + " The statement that was running may be done or not.";
		}
		return this.step.isAtomic()
				? "The transaction was rolled back: the database is as it was before this migration." : progress();
	}

	private String progress() {
		return this.committed + " of " + this.step.statementCount() + " statements of this file are done and stay.";
	}

	/** Records a failure, in a transaction of its own. */
	void recordFailure(Problem problem) throws SQLException {
		HistoryRow row = row(MigrationState.FAILED, this.committed, HistoryRow.Failure.of(problem));
		this.session.write(this.step.isAtomic() ? this.context.table().insert(row) : this.context.table().finish(row));
	}

	private HistoryRow row(MigrationState state, int statementsDone, HistoryRow.@Nullable Failure failure) {
		HistoryEntry entry = new HistoryEntry(this.rank, this.step.migration().identity(),
				this.step.migration().description(), this.step.migration().script(),
				this.step.migration().checksum().value(), state, this.step.statementCount(), statementsDone);
		return new HistoryRow(entry, this.started,
				(state != MigrationState.RUNNING) ? this.context.clock().instant() : null, this.context.author(),
				failure);
	}

	/** One go at a segment. */
	@FunctionalInterface
	private interface Attempt {

		void run() throws HistoryConflictException, StepFailure;

	}

	/** A statement or the commit failed; the transaction may still be open. */
	static final class StepFailure extends Exception {

		private static final long serialVersionUID = 1L;

		private final TidemarkException failure;

		private final transient List<Blocker> blockers;

		StepFailure(TidemarkException failure, List<Blocker> blockers) {
			super(failure);
			this.failure = failure;
			this.blockers = List.copyOf(blockers);
		}

		TidemarkException failure() {
			return this.failure;
		}

		List<Blocker> blockers() {
			return this.blockers;
		}

		boolean isLockNotGranted() {
			return this.failure.code() == ErrorCode.LOCK_TIMEOUT;
		}

		/** Adds what the attempts before it have shown. */
		StepFailure after(int attempts, Duration spent) {
			Problem problem = this.failure.problems().get(0);
			Problem told = new Problem(problem.code(), problem.severity(),
					problem.what() + " It was tried " + attempts + " times in " + spent.toMillis()
							+ " ms. In the way at last: " + LockWait.describe(this.blockers) + ".",
					problem.place(), problem.server(), problem.state(), problem.remedy());
			return new StepFailure(new TidemarkException(told, this.failure.getCause()), this.blockers);
		}

	}

	/** Another instance has written the history since it was read. */
	static final class HistoryConflictException extends Exception {

		private static final long serialVersionUID = 1L;

	}

}
