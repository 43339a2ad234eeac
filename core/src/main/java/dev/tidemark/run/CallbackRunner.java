package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.Segment;
import dev.tidemark.plan.Step;
import dev.tidemark.run.StepRunner.StepFailure;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.source.CallbackFile;
import dev.tidemark.source.JdbcContext;
import dev.tidemark.sql.SqlStatement;

/**
 * Runs callbacks on the connection that migrates.
 */
final class CallbackRunner {

	private static final String STATE = "What the callback had not committed was rolled back; migrations that were %s "
			+ "before it stay %<s.";

	private static final String DOUBT = " Whether the statement that was running is done, or a part of it, is recorded"
			+ " nowhere: look at what it changes.";

	private static final Logger logger = PlainLogger.of(CallbackRunner.class);

	private final Session session;

	private final InstanceLock lock;

	private final Watch watch;

	private final RunSettings settings;

	private final Callbacks callbacks;

	private final RunScope scope;

	private final String schema;

	private final CurrentRun doing;

	private final CodeTransaction code;

	/** Whether what runs commits by itself. */
	private boolean uncovered;

	CallbackRunner(Session session, InstanceLock lock, Watch watch, RunSettings settings, Callbacks callbacks,
			RunScope scope, HistoryTable table, CurrentRun doing) {
		this.session = session;
		this.lock = lock;
		this.watch = watch;
		this.settings = settings;
		this.callbacks = callbacks;
		this.scope = scope;
		this.schema = String.valueOf(table.schema());
		this.doing = doing;
		this.code = new CodeTransaction(session, watch);
	}

	boolean has(CallbackEvent event) {
		return this.callbacks.has(event);
	}

	boolean isAny() {
		return !this.callbacks.isEmpty();
	}

	boolean isAroundMigrations() {
		return this.callbacks.isAroundMigrations();
	}

	/**
	 * Runs the callbacks of an event that belongs to the run as a whole. Neither settings
	 * nor locks that they leave reach what comes after them.
	 * @param changes is told that they ran, before anything else can fail
	 * @throws TidemarkException if one of them fails
	 */
	void fire(CallbackEvent event, Changes changes) throws SQLException {
		if (!has(event)) {
			return;
		}
		try {
			runBetween(Occasion.of(event), state(event));
		}
		catch (StepFailure ex) {
			renew(ex.failure());
			throw ex.failure();
		}
		changes.add("the callbacks of " + event + " have run");
		this.session.renew();
		this.lock.checked(this.session.execute(List.of(this.lock.check()), () -> {
		}));
		this.lock.reclaim(this.settings.waitTimeout());
	}

	private static String state(CallbackEvent event) {
		return STATE.formatted(event.isOfUndo() ? "undone" : "applied");
	}

	/** The session is fresh for those that run after a failure, if it still lives. */
	private void renew(TidemarkException failure) {
		try {
			this.session.renew();
		}
		catch (SQLException | TidemarkException ex) {
			logger.debug("The session could not be made fresh after the failure {}: {}", failure.code(),
					(ex instanceof SQLException sql) ? this.session.errorOf(sql) : ex.getMessage());
		}
	}

	/**
	 * Runs the callbacks of an error event. What they do wrong is only logged: it must
	 * not hide why they run.
	 */
	void fireAfterFailure(Occasion occasion) {
		String state = state(occasion.event());
		for (CallbackFile file : this.callbacks.files(occasion.event())) {
			afterFailure(occasion, () -> run(file, occasion, state));
		}
		for (Callback callback : this.callbacks.code(occasion.event())) {
			afterFailure(occasion, () -> run(callback, occasion, state));
		}
	}

	/** One that fails does not keep the others from being told. */
	private void afterFailure(Occasion occasion, Attempt callback) {
		if (!this.session.isAlive()) {
			return;
		}
		try {
			this.session.renew();
			callback.run();
			this.session.renew();
		}
		catch (StepFailure ex) {
			logger.warn("A callback of {} failed: {}", occasion.event(), ex.failure().problems());
		}
		catch (SQLException | TidemarkException ex) {
			logger.warn("A callback of {} could not run: {}", occasion.event(),
					(ex instanceof SQLException sql) ? this.session.errorOf(sql) : ex.getMessage());
		}
	}

	/**
	 * Runs callbacks in the transaction that is open.
	 * @param state what state the database is in if one of them fails
	 */
	void runWithin(Occasion occasion, String state) throws StepFailure {
		for (CallbackFile file : this.callbacks.files(occasion.event())) {
			logger.debug("Running {} at {}", file, occasion.event());
			List<SqlStatement> statements = this.callbacks.script(file).statements();
			Origin origin = Origin.of(file, statements);
			for (SqlStatement statement : statements) {
				run(origin, statement, state);
			}
		}
		for (Callback callback : this.callbacks.code(occasion.event())) {
			call(callback, occasion, state);
		}
	}

	/**
	 * Runs callbacks in transactions of their own, or if a file has begun one that is
	 * open, in that.
	 * @param state what state the database is in if one of them fails
	 */
	void runBetween(Occasion occasion, String state) throws StepFailure {
		if (isInTransaction(state)) {
			runWithin(occasion, state);
			return;
		}
		for (CallbackFile file : this.callbacks.files(occasion.event())) {
			run(file, occasion, state);
		}
		for (Callback callback : this.callbacks.code(occasion.event())) {
			run(callback, occasion, state);
		}
	}

	private void run(CallbackFile file, Occasion occasion, String state) throws StepFailure {
		long start = System.nanoTime();
		run(file, state);
		log(file.script(), occasion, start);
	}

	private void run(Callback callback, Occasion occasion, String state) throws StepFailure {
		long start = System.nanoTime();
		Origin origin = Origin.of(callback);
		retrying(origin, state, () -> transaction(origin, state, () -> call(callback, occasion, state)));
		log(origin.script(), occasion, start);
	}

	private static void log(String script, Occasion occasion, long start) {
		logger.info("Ran the callback {} at {} in {} ms", script, occasion.event(),
				Duration.ofNanos(System.nanoTime() - start).toMillis());
	}

	private boolean isInTransaction(String state) throws StepFailure {
		try {
			return this.session.isInTransaction();
		}
		catch (SQLException ex) {
			throw new StepFailure(DatabaseProblems.whileWriting(this.session, null, "running callbacks", ex,
					Evidence.ofNothingSent(), state), List.of());
		}
	}

	private void run(CallbackFile file, String state) throws StepFailure {
		Origin origin = Origin.of(file, this.callbacks.script(file).statements());
		for (Segment segment : Step.segments(this.callbacks.script(file))) {
			segment.accept(new Parts(origin, state));
		}
		if (isInTransaction(state)) {
			throw new StepFailure(new TidemarkException(Problem
				.error(ErrorCode.OPEN_TRANSACTION, origin.place(), "The file begins a transaction and does not end it.",
						"Add the COMMIT that is missing, and start again.")
				.withState(state)), List.of());
		}
	}

	/**
	 * Runs statements in one transaction; one by one if it turns out that a procedure
	 * among them ends transactions itself.
	 */
	private void runShared(Origin origin, List<SqlStatement> statements, String state) throws StepFailure {
		try {
			retrying(origin, state, () -> transaction(origin, state, () -> {
				for (SqlStatement statement : statements) {
					run(origin, statement, state);
				}
			}));
		}
		catch (StepFailure ex) {
			if (!ex.isTransactionTermination() || statements.stream().noneMatch(Step::mayCommit)) {
				throw ex;
			}
			rollBack(origin, state);
			runAlone(origin, statements, state);
		}
	}

	private void runAlone(Origin origin, List<SqlStatement> statements, String state) throws StepFailure {
		this.uncovered = true;
		try {
			for (SqlStatement statement : statements) {
				runAlone(origin, statement, state);
			}
		}
		finally {
			this.uncovered = false;
		}
	}

	/** What may have committed something before it failed is not tried again. */
	private void runAlone(Origin origin, SqlStatement statement, String state) throws StepFailure {
		if (StepRunner.waitsInTurn(statement)) {
			// After a failure the session is made fresh.
			String timeout = swapLockTimeout(origin, "0", state);
			run(origin, statement, state);
			swapLockTimeout(origin, timeout, state);
		}
		else if (Step.mayCommit(statement) || isInTransaction(state)) {
			run(origin, statement, state);
		}
		else {
			retrying(origin, state, () -> run(origin, statement, state));
		}
	}

	private String swapLockTimeout(Origin origin, String timeout, String state) throws StepFailure {
		try {
			return this.session.swapLockTimeout(timeout);
		}
		catch (SQLException ex) {
			throw failed(origin, null, state, ex);
		}
	}

	/**
	 * The server can tell by its id what became of a transaction whose commit was sent.
	 */
	private void transaction(Origin origin, String state, Attempt work) throws StepFailure {
		Evidence evidence = Evidence.ofNothingSent();
		try {
			this.session.execute(Session.BEGIN);
			work.run();
			evidence = Evidence.ofTransaction(this.session.transactionId());
			this.watch.beginCommit(origin);
			this.session.execute(this.session.commitDurably());
		}
		catch (SQLException ex) {
			Breakdown breakdown = Breakdown.of(this.session, ex, null);
			if (breakdown != null) {
				throw broken(origin, origin.place(), breakdown, evidence, state);
			}
			throw failure(StatementProblems.atCommit(this.session, origin, this.session.errorOf(ex)), state,
					this.session.withoutSecrets(ex));
		}
		catch (RuntimeException | Error ex) {
			throw broken(origin, origin.place(ex), Breakdown.unexpected(this.session, ex, null), evidence, state);
		}
		finally {
			this.watch.end();
		}
	}

	private StepFailure broken(Origin origin, Place place, Breakdown breakdown, Evidence evidence, String state) {
		Problem problem = breakdown.problem(origin, place, breakdown.outcome(evidence),
				new Breakdown.States("The transaction of the callback is committed.",
						"What the callback did stays, and it runs again with the next run.",
						this.uncovered ? state + DOUBT : state));
		return new StepFailure(new TidemarkException(problem, breakdown.cause()), this.watch.blockers());
	}

	private void retrying(Origin origin, String state, Attempt attempt) throws StepFailure {
		try {
			retrying(origin, state, System.nanoTime(), attempt);
		}
		finally {
			// What comes after it is not tried again, or begins anew.
			this.doing.attempt(1);
		}
	}

	private void retrying(Origin origin, String state, long start, Attempt attempt) throws StepFailure {
		for (int attempts = 1;; attempts++) {
			this.doing.attempt(attempts);
			try {
				attempt.run();
				return;
			}
			catch (StepFailure ex) {
				Duration spent = Duration.ofNanos(System.nanoTime() - start);
				Optional<Duration> pause = ex.isLockNotGranted() ? this.settings.lockRetry().pause(attempts, spent)
						: Optional.empty();
				if (pause.isEmpty()) {
					throw ex;
				}
				if (!this.watch.obstruction().isSeen()) {
					this.watch.lookSooner();
				}
				Obstruction obstruction = this.watch.obstruction();
				Place where = ex.failure().problems().get(0).place();
				logger.atLevel(LockWait.level(attempts))
					.log("{}", LockWait.inWords(attempts, origin.inWords(), where, obstruction, pause.get()));
				rollBack(origin, state);
				this.doing.pause(where, obstruction.lock(), pause.get());
				StepRunner.pause(pause.get(), ex);
			}
		}
	}

	private void rollBack(Origin origin, String state) throws StepFailure {
		try {
			this.session.rollBack();
		}
		catch (SQLException ex) {
			throw failed(origin, null, state, ex);
		}
	}

	private void run(Origin origin, SqlStatement statement, String state) throws StepFailure {
		this.watch.begin(origin, statement);
		try {
			if (statement.copyData() != null) {
				this.session.copyIn(statement.text(), statement.copyRows());
			}
			else {
				this.session.execute(statement.text());
			}
		}
		catch (SQLException ex) {
			throw failed(origin, statement, state, ex);
		}
		catch (RuntimeException | Error ex) {
			throw broken(origin, StatementProblems.place(origin, statement, null),
					Breakdown.unexpected(this.session, ex, statement), Evidence.ofNothingSent(), state);
		}
		finally {
			this.watch.end();
		}
	}

	private void call(Callback callback, Occasion occasion, String state) throws StepFailure {
		Origin origin = Origin.of(callback);
		logger.debug("Calling {} at {}", origin.script(), occasion.event());
		this.code.run(origin, (jdbc) -> callback.call(new Context(occasion, jdbc, this.scope, this.schema)), state);
	}

	private StepFailure failed(Origin origin, @Nullable SqlStatement statement, String state, SQLException ex) {
		Breakdown breakdown = Breakdown.of(this.session, ex, statement);
		if (breakdown != null) {
			Place place = (statement != null) ? StatementProblems.place(origin, statement, null) : origin.place();
			return broken(origin, place, breakdown, Evidence.ofNothingSent(), state);
		}
		return failure(StatementProblems.failed(this.session, origin, statement, this.session.errorOf(ex, statement)),
				state, this.session.withoutSecrets(ex, statement));
	}

	private StepFailure failure(Problem problem, String state, SQLException cause) {
		return new StepFailure(new TidemarkException(problem.withState(state), cause), this.watch.blockers());
	}

	/** Runs the parts of a file. */
	private final class Parts implements Segment.Visitor<StepFailure, StepFailure> {

		private final Origin origin;

		private final String state;

		Parts(Origin origin, String state) {
			this.origin = origin;
			this.state = state;
		}

		@Override
		public void transaction(Segment.Transaction transaction) throws StepFailure {
			runShared(this.origin, transaction.statements(), this.state);
		}

		@Override
		public void alone(Segment.Alone alone) throws StepFailure {
			runAlone(this.origin, alone.statement(), this.state);
		}

		@Override
		public void code(Segment.Code code) {
			throw new IllegalStateException("A file holds no code");
		}

	}

	/** One go at a part of a callback. */
	@FunctionalInterface
	private interface Attempt {

		void run() throws StepFailure;

	}

	/** What code is told. */
	private record Context(Occasion occasion, JdbcContext jdbc, RunScope scope,
			String schema) implements CallbackContext {

		@Override
		public CallbackEvent event() {
			return this.occasion.event();
		}

		@Override
		public @Nullable MigrationInfo migration() {
			Step step = this.occasion.step();
			return (step != null) ? Describe.migration(step, MigrationState.RUNNING) : null;
		}

		@Override
		public @Nullable StatementInfo statement() {
			SqlStatement statement = this.occasion.statement();
			return (statement != null) ? Describe.statement(statement) : null;
		}

		@Override
		public @Nullable TidemarkException failure() {
			return this.occasion.failure();
		}

		@Override
		public JdbcClient client() {
			return this.jdbc.client();
		}

		@Override
		public JdbcOperations operations() {
			return this.jdbc.operations();
		}

	}

}
