package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.sql.CopyData;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.TransactionUse;

/**
 * Runs one step and records it. An atomic step commits with its history row; any other
 * has a {@code running} row before its first statement, and commits its progress with
 * each segment.
 */
final class StepRunner {

	private static final Pattern CONCURRENTLY = Pattern.compile("(?i)\\bCONCURRENTLY\\b");

	private final Session session;

	private final HistoryTable table;

	private final HistoryRow.Author author;

	private final Clock clock;

	private final Step step;

	private final int rank;

	private final boolean durable;

	private final Instant started;

	/** How many statements ran, including those of a transaction that is still open. */
	private int executed;

	/** How many statements ran for good. */
	private int committed;

	StepRunner(Session session, HistoryTable table, HistoryRow.Author author, Clock clock, Step step, int rank,
			boolean durable) {
		this.session = session;
		this.table = table;
		this.author = author;
		this.clock = clock;
		this.step = step;
		this.rank = rank;
		this.durable = durable;
		this.started = clock.instant();
	}

	/**
	 * Runs the step.
	 * @throws HistoryConflictException if another instance has written the history
	 * @throws StepFailure if a statement failed
	 */
	MigrationResult run() throws HistoryConflictException, StepFailure {
		long start = System.nanoTime();
		if (this.step.isAtomic()) {
			runAtomic((Segment.Transaction) this.step.segments().get(0));
		}
		else {
			runSegments();
		}
		return new MigrationResult(this.step.migration().identity(), this.step.migration().description(),
				this.step.migration().script(), this.step.statementCount(),
				Duration.ofNanos(System.nanoTime() - start));
	}

	private void runAtomic(Segment.Transaction segment) throws HistoryConflictException, StepFailure {
		runTransaction(segment.statements());
		try {
			this.session.commitWith(this.table.insert(row(MigrationState.APPLIED, this.step.statementCount(), null)),
					this.durable);
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
		}
	}

	private void runSegments() throws HistoryConflictException, StepFailure {
		try {
			this.session.write(this.table.insert(row(MigrationState.RUNNING, 0, null)));
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
		}
		for (Segment segment : this.step.segments()) {
			if (segment instanceof Segment.Transaction transaction) {
				runTransaction(transaction.statements());
				commitProgress();
			}
			else if (segment instanceof Segment.Alone alone) {
				runAlone(alone.statement());
			}
		}
		try {
			requireNoOpenTransaction();
			this.session.write(this.table.finish(row(MigrationState.APPLIED, this.executed, null)));
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
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

	private void commitProgress() throws HistoryConflictException, StepFailure {
		try {
			this.session.commitWith(this.table.progress(this.rank, this.executed), true);
			this.committed = this.executed;
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
		}
	}

	private void runAlone(SqlStatement statement) throws HistoryConflictException, StepFailure {
		try {
			if (waitsInTurn(statement)) {
				this.session.execute("SELECT pg_catalog.set_config('lock_timeout', '0', false)");
			}
			run(statement, false);
			if (!this.session.isInTransaction()) {
				this.session.write(this.table.progress(this.rank, this.executed));
				this.committed = this.executed;
			}
		}
		catch (SQLException ex) {
			throw commitFailed(ex);
		}
	}

	/**
	 * Concurrent commands wait for transactions of others to end rather than queue in
	 * front of them, so a lock timeout would cut them off half-way and protect nobody.
	 */
	private static boolean waitsInTurn(SqlStatement statement) {
		return statement.transactionUse() == TransactionUse.FORBIDDEN && CONCURRENTLY.matcher(statement.text()).find();
	}

	private void run(SqlStatement statement, boolean begin) throws StepFailure {
		String text = statement.text();
		CopyData data = statement.copyData();
		int before = (begin && data == null) ? this.session.beginLength() : 0;
		try {
			if (data == null) {
				this.session.execute(text, begin);
			}
			else {
				if (begin) {
					this.session.execute("BEGIN");
				}
				this.session.copyIn(text, statement.copyRows());
			}
			this.executed++;
		}
		catch (SQLException ex) {
			throw failed(statement, before, ex);
		}
	}

	private void requireNoOpenTransaction() throws SQLException, StepFailure {
		if (this.session.isInTransaction()) {
			throw new StepFailure(new TidemarkException(Problem
				.error(ErrorCode.OPEN_TRANSACTION, StatementProblems.place(this.step),
						"The file begins a transaction and does not end it.", "Add the COMMIT that is missing.")
				.withState("The open transaction was rolled back. " + progress())));
		}
	}

	private StepFailure commitFailed(SQLException ex) throws HistoryConflictException {
		ServerError error = ServerError.of(ex);
		if (this.table.isConflict(error)) {
			throw new HistoryConflictException();
		}
		Problem problem = Problem.error(ErrorCode.COMMIT, StatementProblems.place(this.step),
				"The statements ran, but their transaction could not be committed.", StatementProblems.remedy(error))
			.withServer(error)
			.withState(state(error));
		return new StepFailure(new TidemarkException(problem, ServerError.withoutSecrets(ex)));
	}

	private StepFailure failed(@Nullable SqlStatement statement, int before, SQLException ex) {
		ServerError error = ServerError.of(ex);
		Problem problem = StatementProblems.failed(this.step, statement, before, error).withState(state(error));
		return new StepFailure(new TidemarkException(problem, ServerError.withoutSecrets(ex)));
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
		this.session.write(this.step.isAtomic() ? this.table.insert(row) : this.table.finish(row));
	}

	private HistoryRow row(MigrationState state, int statementsDone, HistoryRow.@Nullable Failure failure) {
		HistoryEntry entry = new HistoryEntry(this.rank, this.step.migration().identity(),
				this.step.migration().description(), this.step.migration().script(),
				this.step.migration().checksum().value(), state, this.step.statementCount(), statementsDone);
		return new HistoryRow(entry, this.started, (state != MigrationState.RUNNING) ? this.clock.instant() : null,
				this.author, failure);
	}

	/** A statement or the commit failed; the transaction may still be open. */
	static final class StepFailure extends Exception {

		private static final long serialVersionUID = 1L;

		private final TidemarkException failure;

		StepFailure(TidemarkException failure) {
			super(failure);
			this.failure = failure;
		}

		TidemarkException failure() {
			return this.failure;
		}

	}

	/** Another instance has written the history since it was read. */
	static final class HistoryConflictException extends Exception {

		private static final long serialVersionUID = 1L;

	}

}
