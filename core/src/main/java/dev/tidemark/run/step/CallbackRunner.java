package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CallbackFile;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.StatementInfo;
import dev.tidemark.run.code.CodeTransaction;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Changes;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.run.step.lock.LockRetrying;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Runs callbacks on the connection that migrates.
 *
 * @since 0.1.0
 */
public final class CallbackRunner {

	private static final String STATE = "What the callback had not committed was rolled back; migrations that were %s "
			+ "before it stay %<s.";

	private static final Logger logger = PlainLogger.of(CallbackRunner.class);

	private final Session session;

	private final InstanceLock lock;

	private final RunSettings settings;

	private final Callbacks callbacks;

	private final RunScope scope;

	private final String schema;

	private final LockRetrying retrying;

	private final CodeTransaction code;

	public CallbackRunner(Session session, InstanceLock lock, RunSettings settings, Callbacks callbacks, RunScope scope,
			HistoryTable table, LockRetrying retrying) {
		this.session = session;
		this.lock = lock;
		this.settings = settings;
		this.callbacks = callbacks;
		this.scope = scope;
		this.schema = String.valueOf(table.schema());
		this.retrying = retrying;
		this.code = new CodeTransaction(session, session.watch());
	}

	/** Returns the statements of the files for an event. */
	List<SqlStatement> statements(CallbackEvent event) {
		return this.callbacks.files(event)
			.stream()
			.flatMap((file) -> this.callbacks.script(file).statements().stream())
			.toList();
	}

	boolean has(CallbackEvent event) {
		return this.callbacks.has(event);
	}

	public boolean isAny() {
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
	public void fire(CallbackEvent event, Changes changes) throws SQLException {
		if (!has(event)) {
			return;
		}
		try {
			runBetween(CallbackOccasion.of(event), state(event));
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
	public void fireAfterFailure(CallbackOccasion occasion) {
		String state = state(occasion.event());
		for (CallbackFile file : this.callbacks.files(occasion.event())) {
			afterFailure(occasion, () -> run(file, occasion, state));
		}
		for (Callback callback : this.callbacks.code(occasion.event())) {
			afterFailure(occasion, () -> run(callback, occasion, state));
		}
	}

	/** One that fails does not keep the others from being told. */
	private void afterFailure(CallbackOccasion occasion, TransactionRunner.Code callback) {
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
	void runWithin(CallbackOccasion occasion, String state) throws StepFailure {
		for (CallbackFile file : this.callbacks.files(occasion.event())) {
			logger.debug("Running {} at {}", file, occasion.event());
			Script script = this.callbacks.script(file);
			work(Origin.of(file, script), state).runWithin(script);
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
	void runBetween(CallbackOccasion occasion, String state) throws StepFailure {
		if (CallbackWork.isInTransaction(this.session, state)) {
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

	private void run(CallbackFile file, CallbackOccasion occasion, String state) throws StepFailure {
		long start = System.nanoTime();
		Script script = this.callbacks.script(file);
		work(Origin.of(file, script), state).run(script);
		log(file.script(), occasion, start);
	}

	private void run(Callback callback, CallbackOccasion occasion, String state) throws StepFailure {
		long start = System.nanoTime();
		Origin origin = Origin.of(callback);
		work(origin, state).run(() -> call(callback, occasion, state));
		log(origin.script(), occasion, start);
	}

	private static void log(String script, CallbackOccasion occasion, long start) {
		logger.info("Ran the callback {} at {} in {} ms", script, occasion.event(),
				Duration.ofNanos(System.nanoTime() - start).toMillis());
	}

	private CallbackWork work(Origin origin, String state) {
		return new CallbackWork(this.session, this.retrying, origin, state);
	}

	private void call(Callback callback, CallbackOccasion occasion, String state) throws StepFailure {
		Origin origin = Origin.of(callback);
		logger.debug("Calling {} at {}", origin.script(), occasion.event());
		this.code.run(origin, (jdbc) -> callback.call(new Context(occasion, jdbc, this.scope, this.schema)), state);
	}

	/** What code is told. */
	private record Context(CallbackOccasion occasion, JdbcContext jdbc, RunScope scope,
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
