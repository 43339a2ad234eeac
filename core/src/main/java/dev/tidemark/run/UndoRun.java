package dev.tidemark.run;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.Planner;
import dev.tidemark.plan.Step;
import dev.tidemark.plan.UndoPlan;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.safety.DataLoss;
import dev.tidemark.safety.Finding;
import dev.tidemark.source.BuiltIns;
import dev.tidemark.source.CallbackEvent;
import dev.tidemark.source.Migration;
import dev.tidemark.source.MigrationVersion;
import dev.tidemark.source.Script;
import dev.tidemark.source.Sources;

/**
 * Undoes migrations: reads, plans, and if something is to be undone takes the instance
 * lock, plans again, looks for data that would be lost, and runs. Used once.
 */
final class UndoRun {

	private static final Set<ErrorCode> SOLVED_BY_WAITING = Set.of(ErrorCode.INTERRUPTED, ErrorCode.FAILED);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private static final Logger logger = PlainLogger.of(UndoRun.class);

	private final Runner runner;

	private final ConnectionSource connections;

	private final RunSettings settings;

	private final HistoryTable table;

	private final Planner planner;

	private final Clock clock;

	private final Callbacks callbacks;

	private final Sources sources;

	private final Cancellation cancellation;

	private final Guard guard;

	private final CurrentRun doing;

	private final String deploymentId = UUID.randomUUID().toString();

	private final Instant started;

	private final long start = System.nanoTime();

	private final List<MigrationResult> undone = new ArrayList<>();

	private final List<Finding> dataLoss = new ArrayList<>();

	private final Set<Problem> warnings = new LinkedHashSet<>();

	private final Changes changes = new Changes();

	private Duration lockWait = Duration.ZERO;

	/** How many steps the listeners know of. */
	private int told;

	UndoRun(Runner runner, ConnectionSource connections, RunSettings settings, HistoryTable table, Planner planner,
			Clock clock, List<Callback> callbacks, Sources sources, Cancellation cancellation, Guard guard,
			CurrentRun doing) {
		this.runner = runner;
		this.connections = connections;
		this.settings = settings;
		this.table = table;
		this.planner = planner;
		this.clock = clock;
		this.callbacks = Callbacks.ofUndo(sources.callbacks(), callbacks);
		this.sources = sources;
		this.cancellation = cancellation;
		this.guard = guard;
		this.doing = doing;
		this.started = clock.instant();
	}

	/** Looks at what an undo would do, without a lock. */
	UndoPreview preview(UndoSelection selection) {
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			Situation situation = look(session, this.table, selection);
			session.prepare();
			List<Finding> findings = DataLoss.find(situation.plan().steps(), new LiveFacts(session.connection()));
			return new UndoPreview(situation.history().database(), situation.plan(), findings);
		}
		catch (SQLException ex) {
			throw DatabaseProblems.whileWorking("looking at what an undo would do", ex);
		}
	}

	UndoResult run(UndoRequest request, Duration budget) {
		try (Session session = Session.open(this.connections, this.settings.session(), LOGIN_TIMEOUT)) {
			this.cancellation.begin(session);
			try {
				return run(session, request, budget);
			}
			catch (SQLException ex) {
				throw DatabaseProblems.whileWorking(session, "reading or writing the history", ex);
			}
			catch (TidemarkException ex) {
				throw ex;
			}
			catch (RuntimeException | Error ex) {
				throw DatabaseProblems.unexpected(session, "the undo", ex);
			}
			finally {
				this.cancellation.end();
			}
		}
		catch (TidemarkException ex) {
			logWarnings();
			throw this.changes.toldIn(ex);
		}
	}

	private UndoResult run(Session session, UndoRequest request, Duration budget) throws SQLException {
		Situation situation = look(session, this.table, request.selection());
		History history = situation.history();
		boolean waits = situation.plan().problems().stream().anyMatch(UndoRun::isSolvedByWaiting);
		if (!waits) {
			situation.plan().requireNoErrors();
		}
		String schema = history.database().schema();
		if (schema != null && (waits || !situation.plan().steps().isEmpty())) {
			session.prepare();
			this.warnings.addAll(session.warnings());
			session.requirePrimary("An undo");
			history = runLocked(session, this.table.in(schema), request, budget);
		}
		else {
			this.warnings.addAll(situation.plan().problems());
		}
		return result(history);
	}

	/** Another instance may be about to come to the end of what looks half-done. */
	private static boolean isSolvedByWaiting(Problem problem) {
		return SOLVED_BY_WAITING.contains(problem.code());
	}

	private Situation look(Session session, HistoryTable found, UndoSelection selection) throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		History history = found.readRows(session.connection(), rows);
		UndoPlan plan = this.planner.undo(selection, this.sources, history, rows, loader(history));
		return new Situation(history,
				plan.withSteps(plan.steps()
					.stream()
					.map((step) -> PartitionedTables.apart(session.connection(), history.database().schema(), step))
					.toList()));
	}

	private Function<Migration, Script> loader(History history) {
		BuiltIns builtIns = builtIns(history);
		return (migration) -> migration.load(builtIns);
	}

	private BuiltIns builtIns(History history) {
		return history.database().builtIns(this.table.name(), this.started);
	}

	private History runLocked(Session session, HistoryTable found, UndoRequest request, Duration budget)
			throws SQLException {
		this.doing.waitForInstance();
		try (InstanceLock lock = InstanceLock.acquire(session, LockKey.of(found.qualifiedName(), LockPurpose.MIGRATION),
				budget)) {
			this.lockWait = lock.waited();
			this.runner.tell((listener) -> listener.lockAcquired(this.lockWait));
			Situation situation = look(session, found, request.selection());
			RunWithoutLock other = new RunWithoutLock(session, lock);
			while (other.isToldBy(situation.history())) {
				situation = look(session, found, request.selection());
			}
			this.doing.work(session.watch());
			tellPlanned(situation.history());
			UndoPlan plan = situation.plan();
			plan.requireNoErrors();
			this.warnings.addAll(plan.problems());
			if (plan.steps().isEmpty()) {
				return situation.history();
			}
			this.guard.check(session);
			WritableHistory.require(session, found);
			load(situation.history());
			judge(DataLoss.find(plan.steps(), new LiveFacts(session.connection())), request);
			Watch watch = session.watch();
			CallbackRunner callbackRunner = new CallbackRunner(session, lock, this.settings, this.callbacks,
					this.runner.scope(), found, this.doing);
			RunContext context = new RunContext(session, lock, found, found.writer(session.connection()),
					this.runner.author(session, this.deploymentId), this.clock, this.settings.lockRetry(), watch,
					callbackRunner, this.runner::tell, this.doing, request.note());
			run(withRestorePoint(context, plan), plan, situation.history().lastRank());
			return found.read(session.connection());
		}
	}

	private RunContext withRestorePoint(RunContext context, UndoPlan plan) {
		return (this.dataLoss.isEmpty() || !this.settings.restorePoints()) ? context
				: RestorePoints.mark(context, plan.steps(), this.dataLoss);
	}

	private void tellPlanned(History history) {
		Plan plan = this.planner.plan(this.sources, history, loader(history));
		this.runner.tell((listener) -> listener.planned(this.runner.scope(), history.database(), plan.entries()));
	}

	private void load(History history) {
		List<Problem> problems = this.callbacks.load(builtIns(history), this.settings.environments());
		List<Problem> errors = problems.stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
		this.warnings.addAll(problems);
	}

	private void judge(List<Finding> findings, UndoRequest request) {
		if (!findings.isEmpty() && request.allowDataLoss() == null) {
			throw new TidemarkException(findings.stream().map(UndoRun::refused).toList());
		}
		findings.forEach((finding) -> logger.warn("Data loss was allowed: {}", finding));
		this.dataLoss.addAll(findings);
	}

	private static Problem refused(Finding finding) {
		return Problem.error(ErrorCode.DATA_LOSS, finding.place(), finding.what(),
				"Keep elsewhere what is still needed, then allow the loss and say why: "
						+ "tidemark.undo.allow-data-loss=<reason>, or \"allowDataLoss\" in a request to the endpoint.");
	}

	private void run(RunContext context, UndoPlan plan, int lastRank) throws SQLException {
		try {
			context.callbacks().fire(CallbackEvent.BEFORE_UNDO, this.changes);
			if (!plan.isAtomic() || !runTogether(context, plan.steps(), lastRank)) {
				runOneByOne(context, plan.steps(), lastRank);
			}
			context.callbacks().fire(CallbackEvent.AFTER_UNDO, this.changes);
			context.callbacks().fire(CallbackEvent.AFTER_UNDO_OPERATION_FINISH, this.changes);
		}
		catch (TidemarkException ex) {
			TidemarkException told = this.changes.toldIn(ex);
			context.callbacks().fireAfterFailure(Occasion.of(CallbackEvent.AFTER_UNDO_ERROR, null, told));
			throw told;
		}
	}

	/** Returns whether it could be done; if not, nothing was. */
	private boolean runTogether(RunContext context, List<Step> steps, int lastRank) throws SQLException {
		UndoTransaction transaction = new UndoTransaction(context, steps, lastRank, this.cancellation);
		try {
			this.undone.addAll(transaction.run());
			for (int i = steps.size() - 1; i >= 0; i--) {
				tellUndone(steps.get(i), this.undone.get(i));
			}
			context.lock().reclaim(this.settings.waitTimeout());
			return true;
		}
		catch (HistoryConflictException ex) {
			throw conflict(context, transaction.started());
		}
		catch (StepFailure ex) {
			if (ex.endsTransactionItself()) {
				this.told = transaction.started().size();
				context.session().renew();
				return false;
			}
			throw failed(context, transaction, steps, ex);
		}
	}

	/** Most often nothing is undone then, but the transaction may be committed. */
	private MigrationFailedException failed(RunContext context, UndoTransaction transaction, List<Step> steps,
			StepFailure failure) {
		List<MigrationResult> before = transaction.undoneBefore(failure);
		this.undone.addAll(before);
		Problem problem = failure.failure().problems().get(0);
		if (!before.isEmpty() && !failure.isCommitted()) {
			problem = problem.withState(problem.state() + undoneBefore(before));
		}
		Step step = transaction.current();
		int done = before.size();
		List<Step> failed = transaction.started().subList(0, transaction.started().size() - done);
		MigrationFailedException told = failed(context,
				new StepRunner(context, step, transaction.rankOf(failure), true, false), step, failed, failure,
				problem);
		for (int i = done - 1; i >= 0; i--) {
			tellUndone(steps.get(i), before.get(i));
		}
		return told;
	}

	private void runOneByOne(RunContext context, List<Step> steps, int lastRank) throws SQLException {
		for (int i = 0; i < steps.size(); i++) {
			Step step = steps.get(i);
			requireNotCancelled(started(steps, i));
			if (i >= this.told) {
				this.told++;
				this.runner.tell((listener) -> listener.migrationStarted(step));
			}
			MigrationResult result = run(context, step, started(steps, i), lastRank + i + 1, false);
			this.undone.add(result);
			tellUndone(step, result);
			context.lock().reclaim(this.settings.waitTimeout());
		}
	}

	/**
	 * Returns which of the steps that are not done have started for the listeners, the
	 * last one first: a transaction of all files may have ended with several.
	 */
	private List<Step> started(List<Step> steps, int done) {
		List<Step> started = new ArrayList<>(steps.subList(done, Math.max(done, this.told)));
		Collections.reverse(started);
		return started;
	}

	private void requireNotCancelled(List<Step> started) {
		try {
			this.cancellation.check(Problem.UNCHANGED);
		}
		catch (TidemarkException ex) {
			TidemarkException told = this.changes.toldIn(ex);
			tellFailed(started, told);
			throw told;
		}
	}

	private MigrationResult run(RunContext context, Step step, List<Step> started, int rank, boolean alone)
			throws SQLException {
		StepRunner stepRunner = new StepRunner(context, step, rank, true, alone);
		try {
			return stepRunner.run();
		}
		catch (HistoryConflictException ex) {
			throw conflict(context, started);
		}
		catch (StepFailure ex) {
			if (step.isAtomic() && ex.endsTransactionItself()) {
				context.session().renew();
				return run(context, step.withoutTransactions(), started, rank, true);
			}
			throw failed(context, stepRunner, step, started, ex, withUndone(ex.failure().problems().get(0)));
		}
	}

	/** What the run has undone before is no part of the step that failed. */
	private Problem withUndone(Problem problem) {
		return this.undone.isEmpty() ? problem : problem.withState(problem.state() + undoneBefore(this.undone));
	}

	private static String undoneBefore(List<MigrationResult> before) {
		return " Undone and recorded before it: "
				+ before.stream().map((result) -> result.identity().inWords()).collect(Collectors.joining(", ")) + ".";
	}

	private void tellFailed(List<Step> started, TidemarkException failure) {
		started.forEach((step) -> this.runner.tell((listener) -> listener.migrationFailed(step, failure)));
	}

	private TidemarkException conflict(RunContext context, List<Step> started) throws SQLException {
		TidemarkException conflict = new TidemarkException(Runner.conflict(context.table()));
		tellFailed(started, conflict);
		context.session().renew();
		return conflict;
	}

	private MigrationFailedException failed(RunContext context, StepRunner stepRunner, Step step, List<Step> started,
			StepFailure failure, Problem problem) {
		MigrationFailedException failed = new FailedStep(context, stepRunner, step, failure).conclude(problem,
				this.sources.migrations(), this.undone);
		tellFailed(started, failed);
		return failed;
	}

	private void tellUndone(Step step, MigrationResult result) {
		this.changes.add(step.migration().identity().inWords() + " is undone");
		logger.info("Undid {} by {}: {} in {} ms", result.identity().inWords(), result.script(),
				result.statements() + ((result.statements() != 1) ? " statements" : " statement"),
				result.duration().toMillis());
		this.runner.tell((listener) -> listener.migrationUndone(step, result));
	}

	private void logWarnings() {
		this.warnings.forEach((problem) -> logger.warn("{}", problem));
	}

	private UndoResult result(History history) {
		logWarnings();
		Plan plan = this.planner.plan(this.sources, history, loader(history));
		MigrationVersion version = history.currentVersion().orElse(null);
		UndoResult result = new UndoResult(this.runner.scope(), history.database(), this.deploymentId, this.undone,
				this.dataLoss, version, plan.entries(), List.copyOf(this.warnings), this.lockWait,
				Duration.ofNanos(System.nanoTime() - this.start));
		logger.info("Database {}, schema {} is {} {}: {}", result.database().name(), result.database().schema(),
				result.undone().isEmpty() ? "still" : "now",
				(version != null) ? "at version " + version : "without a version",
				result.undone().isEmpty() ? "there was nothing to undo"
						: result.undone().size() + " undone in " + result.duration().toMillis() + " ms");
		return result;
	}

	/**
	 * What the history says, and what follows from it.
	 *
	 * @param history the history
	 * @param plan the plan
	 */
	private record Situation(History history, UndoPlan plan) {
	}

	/** What has to be so before anything is undone. */
	@FunctionalInterface
	interface Guard {

		/**
		 * Throws a {@link TidemarkException} if it is not.
		 * @param session the session that holds the lock
		 */
		void check(Session session) throws SQLException;

	}

}
