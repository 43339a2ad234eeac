package dev.tidemark.command;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Plan;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.progress.RunWithoutLock;
import dev.tidemark.run.step.CallbackOccasion;
import dev.tidemark.run.step.Callbacks;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.safety.Finding;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;

/**
 * One run of all pending migrations. Used once.
 */
final class MigrateRun {

	private static final int CONFLICTS = 3;

	private static final Set<ErrorCode> SOLVED_BY_WAITING = Set.of(ErrorCode.INTERRUPTED, ErrorCode.FAILED,
			ErrorCode.NOT_EMPTY);

	private static final Logger logger = PlainLogger.of(MigrateRun.class);

	private final Engine engine;

	private final Prefetch<Sources> sources;

	private final @Nullable History known;

	private final Cancellation cancellation;

	private final CurrentRun doing;

	private final String deploymentId = UUID.randomUUID().toString();

	private final Map<Migration, Script> scripts = new HashMap<>();

	private final Instant started;

	private final long start = System.nanoTime();

	private final RunSoFar soFar = new RunSoFar();

	private final List<Problem> sessionWarnings = new ArrayList<>();

	private Duration lockWait = Duration.ZERO;

	MigrateRun(Engine engine, Prefetch<Sources> sources, @Nullable History known, Cancellation cancellation,
			CurrentRun doing) {
		this.engine = engine;
		this.sources = sources;
		this.known = known;
		this.cancellation = cancellation;
		this.doing = doing;
		this.started = engine.clock().instant();
	}

	RunResult run() {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			this.cancellation.begin(session);
			try {
				return run(session);
			}
			catch (SQLException ex) {
				throw ended(session, ex);
			}
			catch (TidemarkException ex) {
				throw ex;
			}
			catch (RuntimeException | Error ex) {
				throw ConnectionProblems.unexpected(session, "the run", ex);
			}
			finally {
				this.cancellation.end();
			}
		}
		catch (TidemarkException ex) {
			this.engine.warn(logger, this.soFar.warnings());
			throw this.soFar.changes().toldIn(ex);
		}
	}

	/**
	 * What was done last is looked for, as a crash of the server takes with it what was
	 * not on its disk.
	 */
	private TidemarkException ended(Session session, SQLException ex) {
		String doing = "reading or writing the history";
		if (this.soFar.last() == null || Breakdown.of(session, ex, null) == null) {
			return ConnectionProblems.whileWorking(session, doing, ex);
		}
		return OwnWriteProblems.whileWriting(session, this.engine.table(), doing, ex, this.soFar.last(),
				new Breakdown.States(this.soFar.changes().toString(), "The next run goes on after it.",
						"The server has lost what this run did last, and the next run does it again. "
								+ this.soFar.changes().before()));
	}

	private RunResult run(Session session) throws SQLException {
		History history = (this.known != null) ? withBackfills(this.known, session, this.engine.table())
				: withBackfills(this.engine.table().read(session.connection(), true), session, this.engine.table());
		Plan plan = plan(history);
		tellPlanned(history, plan);
		Callbacks callbacks = Callbacks.ofRun(this.sources.get().callbacks(), this.engine.callbacks());
		if (!plan.isEmpty() || !plan.errors().isEmpty() || history.isInFirstRun()
				|| callbacks.isOfEveryRun(this.engine.settings().environments())) {
			requireRunnable(history, plan, callbacks);
			session.prepare();
			tellOf(session, plan);
			if (session.isStandby()) {
				this.soFar.warnings().addAll(plan.warnings());
				RunProblems.requireNothingToDo(plan);
			}
			else {
				history = runLocked(session, Schemas.tableOf(this.engine.table(), history), callbacks, history);
				plan = plan(history);
			}
		}
		return result(history, plan);
	}

	/**
	 * What is not true of the session is told before it works, and not afterwards with
	 * the other warnings.
	 */
	private void tellOf(Session session, Plan plan) {
		this.sessionWarnings.addAll(session.warnings());
		if (!session.hasStandardStrings()) {
			Backslashes.in(plan.steps()).ifPresent(this.sessionWarnings::add);
		}
		this.engine.warn(logger, this.sessionWarnings);
	}

	private void tellPlanned(History history, Plan plan) {
		List<MigrationInfo> migrations = Describe.migrations(plan.entries());
		this.engine.listeners()
			.tell((listener) -> listener.planned(this.engine.scope(), history.database(), migrations));
	}

	/**
	 * What another instance may be solving just now is looked at again under the lock,
	 * and so is everything that callbacks of the validation have to hear of.
	 */
	private void requireRunnable(History history, Plan plan, Callbacks callbacks) {
		List<Problem> unusable = new ArrayList<>();
		for (Problem problem : callbacks.load(builtIns(history), this.engine.settings().environments())) {
			if (problem.isError()) {
				unusable.add(problem);
			}
			else {
				this.soFar.warnings().add(problem);
			}
		}
		boolean heard = this.sources.get().problems().stream().noneMatch(Problem::isError)
				&& callbacks.isOfValidation();
		boolean runnable = heard
				|| plan.errors().stream().allMatch((problem) -> SOLVED_BY_WAITING.contains(problem.code()));
		if (!runnable || !unusable.isEmpty()) {
			this.soFar.warnings().addAll(plan.warnings());
			unusable.addAll(0, plan.errors());
			throw new TidemarkException(unusable);
		}
	}

	/** What has something to do asks for the files of all that have begun. */
	private static History read(Session session, HistoryTable table, boolean expected) throws SQLException {
		return BackfillLook.with(table.read(session.connection(), expected), session.connection(), table);
	}

	/** Asks no more than there is an answer for. */
	private History withBackfills(History history, Session session, HistoryTable table) throws SQLException {
		return (history.recordsBackfills() && BackfillLook.isWorthwhile(history, this.sources.get()))
				? BackfillLook.with(history, session.connection(), table) : history;
	}

	/** Files are read once, although the plan is made again under the lock. */
	private Plan plan(History history) {
		BuiltIns builtIns = builtIns(history);
		return this.engine.planner()
			.plan(this.sources.get(), history,
					(migration) -> this.scripts.computeIfAbsent(migration, (file) -> this.engine.load(file, builtIns)));
	}

	private BuiltIns builtIns(History history) {
		return this.engine.builtIns(history.database(), this.started);
	}

	private History runLocked(Session session, HistoryTable table, Callbacks callbacks, History before)
			throws SQLException {
		this.doing.waitForInstance();
		try (InstanceLock lock = InstanceLock.acquire(session, LockKey.of(table.qualifiedName(), LockPurpose.MIGRATION),
				this.engine.settings().waitTimeout())) {
			this.lockWait = lock.waited();
			this.engine.listeners().tell((listener) -> listener.lockAcquired(this.lockWait));
			try {
				return runLocked(
						this.engine.context(lock, session, table, callbacks, this.doing, this.deploymentId, null),
						before);
			}
			finally {
				settle(session);
			}
		}
	}

	/**
	 * A run that ends before its last commit makes durable what it has told of, as long
	 * as it holds the lock: nobody sees a version that a crash could take back.
	 */
	private void settle(Session session) {
		if (!this.soFar.isLossy() || !session.isAlive()) {
			return;
		}
		try {
			session.rollBack();
			session.settle();
		}
		catch (SQLException ex) {
			logger.warn("What this run has applied is committed, but it is not known whether it is on disk yet; a crash"
					+ " of the server within the next second could take it back: {}", session.errorOf(ex));
		}
	}

	private History runLocked(RunContext context, History before) throws SQLException {
		this.doing.work(context.watch());
		fire(context, CallbackEvent.BEFORE_VALIDATE);
		this.doing.waitForInstance();
		History history = read(context.session(), context.table(), before.exists());
		RunWithoutLock other = new RunWithoutLock(context.session(), context.lock());
		while (other.isToldBy(history)) {
			history = read(context.session(), context.table(), true);
		}
		this.doing.work(context.watch());
		if (this.known == null && before.content().isEmpty()) {
			// What is there now is the work of callbacks.
			history = history.with(before.content());
		}
		Plan plan = plan(history);
		tellPlanned(history, plan);
		this.soFar.warnings().addAll(plan.warnings());
		try {
			plan.requireNoErrors();
		}
		catch (TidemarkException ex) {
			TidemarkException told = this.soFar.changes().toldIn(ex);
			context.callbacks().fireAfterFailure(CallbackOccasion.of(CallbackEvent.AFTER_VALIDATE_ERROR, null, told));
			throw told;
		}
		fire(context, CallbackEvent.AFTER_VALIDATE);
		try {
			return migrate(context, history, plan);
		}
		catch (TidemarkException ex) {
			TidemarkException told = this.soFar.changes().toldIn(ex);
			context.callbacks().fireAfterFailure(CallbackOccasion.of(CallbackEvent.AFTER_MIGRATE_ERROR, null, told));
			throw told;
		}
	}

	private History migrate(RunContext begun, History found, Plan first) throws SQLException {
		RunContext context = begun;
		History history = found;
		Plan plan = first;
		MigrateSteps steps = new MigrateSteps(this.engine, this.sources, this.cancellation, this.soFar);
		for (int conflicts = 0; conflicts < CONFLICTS; conflicts++) {
			if (!plan.isEmpty() || history.isInFirstRun()) {
				context.session().requirePrimary("A run with something to do");
				if (history.exists()) {
					WritableHistory.require(context.session(), context.table());
				}
				Schemas.createMissing(this.engine, context, history.exists(), this.soFar);
			}
			context = FirstRun.during(context, plan, history);
			if (conflicts == 0) {
				context = withRestorePoint(context, plan, history);
				fire(context, CallbackEvent.BEFORE_MIGRATE);
			}
			if (new Marks(this.engine, this.soFar).record(context, plan, history.lastRank())
					&& steps.run(context, plan.steps(), history.lastRank() + plan.marks().size())) {
				return finished(context, steps, history);
			}
			logger.warn("Another instance has written the history without holding the lock; reading it again");
			this.soFar.recorded().clear();
			history = read(context.session(), context.table(), true);
			plan = plan(history);
			tellPlanned(history, plan);
			this.soFar.warnings().addAll(plan.warnings());
			plan.requireNoErrors();
		}
		throw new TidemarkException(RunProblems.conflict(context.table()));
	}

	private RunContext withRestorePoint(RunContext context, Plan plan, History history) {
		if (!this.engine.settings().restorePoints() || plan.steps().isEmpty()) {
			return context;
		}
		List<Finding> findings = DataAtRiskReader.estimate(context.session(), plan, history);
		return findings.isEmpty() ? context : RestorePoints.mark(context, plan.steps(), findings);
	}

	private History finished(RunContext context, MigrateSteps steps, History before) throws SQLException {
		FirstRun.end(context, before, this.soFar);
		steps.versionedDone(context);
		if (!this.soFar.applied().isEmpty()) {
			fire(context, CallbackEvent.AFTER_MIGRATE_APPLIED);
		}
		fire(context, CallbackEvent.AFTER_MIGRATE);
		fire(context, CallbackEvent.AFTER_MIGRATE_OPERATION_FINISH);
		warnOfMovedSchema(context);
		return (this.soFar.recorded().isEmpty() && !before.isInFirstRun()) ? before
				: before.after(this.soFar.recorded());
	}

	/** What the next start would refuse is told by the run that has caused it. */
	private void warnOfMovedSchema(RunContext context) {
		if (this.engine.table().schema() != null
				|| !DefaultSchema.mayHaveMoved(this.soFar.ran(), context.callbacks())) {
			return;
		}
		try {
			DefaultSchema.ofNextLogin(context.session().connection())
				.moved(context.table())
				.ifPresent(this.soFar.warnings()::add);
		}
		catch (SQLException ex) {
			logger.debug("The default schema of the next start is not known: {}", context.session().errorOf(ex));
		}
	}

	private void fire(RunContext context, CallbackEvent event) throws SQLException {
		context.callbacks().fire(event, this.soFar.changes());
	}

	private RunResult result(History history, Plan plan) {
		this.soFar.warnings().addAll(plan.problems());
		this.engine.warn(logger, this.soFar.warnings());
		List<Problem> told = new ArrayList<>(this.sessionWarnings);
		told.addAll(this.soFar.warnings());
		MigrationVersion version = history.currentVersion().orElse(null);
		RunResult result = new RunResult(this.engine.scope(), history.database(), this.deploymentId,
				this.soFar.applied(), version, Describe.migrations(plan.entries()), told, this.lockWait,
				Duration.ofNanos(System.nanoTime() - this.start));
		this.engine.info(logger, "{}", summary(result));
		plan.entries()
			.stream()
			.filter((entry) -> entry.state() == MigrationState.WAITING)
			.forEach((entry) -> this.engine.info(logger, "Waiting: {}", entry));
		return result;
	}

	private String summary(RunResult result) {
		String database = result.database().name() + ", schema " + result.database().schema();
		String at = version(result.currentVersion());
		long millis = result.duration().toMillis();
		return result.applied().isEmpty()
				? "Database " + database + " is up to date " + at + " (checked in " + millis + " ms)"
				: "Database " + database + " is now " + at + ": " + Marks.counted(result.applied().size(), "migration")
						+ " applied in " + millis + " ms (" + result.lockWait().toMillis()
						+ " ms of it waiting for the instance lock)";
	}

	private static String version(@Nullable MigrationVersion version) {
		return (version != null) ? "at version " + version : "without a version";
	}

}
