package dev.tidemark.command.undo;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import org.slf4j.Logger;

import dev.tidemark.catalogue.LiveFacts;
import dev.tidemark.catalogue.PartitionedTables;
import dev.tidemark.command.BackfillLook;
import dev.tidemark.command.Engine;
import dev.tidemark.command.RestorePoints;
import dev.tidemark.command.WritableHistory;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Script;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.UndoPlan;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.preview.UndoPreview;
import dev.tidemark.run.progress.Changes;
import dev.tidemark.run.progress.CurrentRun;
import dev.tidemark.run.progress.RunWithoutLock;
import dev.tidemark.run.step.CallbackOccasion;
import dev.tidemark.run.step.Callbacks;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.safety.DataLoss;
import dev.tidemark.safety.Finding;
import dev.tidemark.session.Cancellation;
import dev.tidemark.session.Session;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.ConnectionProblems;
import dev.tidemark.source.Sources;

/**
 * One undo. Used once.
 */
final class UndoRun {

	private static final Set<ErrorCode> SOLVED_BY_WAITING = Set.of(ErrorCode.INTERRUPTED, ErrorCode.FAILED);

	private static final Logger logger = PlainLogger.of(UndoRun.class);

	private final Engine engine;

	private final Callbacks callbacks;

	private final Sources sources;

	private final Cancellation cancellation;

	private final UndoGuard guard;

	private final CurrentRun doing;

	private final String deploymentId = UUID.randomUUID().toString();

	private final Instant started;

	private final long start = System.nanoTime();

	private final List<MigrationResult> undone = new ArrayList<>();

	private final List<Finding> dataLoss = new ArrayList<>();

	private final Set<Problem> warnings = new LinkedHashSet<>();

	private final Changes changes = new Changes();

	private Duration lockWait = Duration.ZERO;

	UndoRun(Engine engine, Sources sources, Cancellation cancellation, UndoGuard guard, CurrentRun doing) {
		this.engine = engine;
		this.callbacks = Callbacks.ofUndo(sources.callbacks(), engine.callbacks());
		this.sources = sources;
		this.cancellation = cancellation;
		this.guard = guard;
		this.doing = doing;
		this.started = engine.clock().instant();
	}

	/** Looks at what an undo would do, without a lock. */
	UndoPreview preview(UndoSelection selection) {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			Situation situation = look(session, this.engine.table(), selection);
			session.prepare();
			List<Finding> findings = DataLoss.find(situation.plan().steps(), new LiveFacts(session.connection()));
			return new UndoPreview(situation.history().database(), Describe.undoSteps(situation.plan().steps()),
					situation.plan().suggestions(), situation.plan().problems(), findings);
		}
		catch (SQLException ex) {
			throw ConnectionProblems.whileWorking("looking at what an undo would do", ex);
		}
	}

	UndoResult run(UndoRequest request) {
		try (Session session = Session.open(this.engine.connections(), this.engine.settings().session(),
				Engine.LOGIN_TIMEOUT)) {
			this.cancellation.begin(session);
			try {
				return run(session, request);
			}
			catch (SQLException ex) {
				throw ConnectionProblems.whileWorking(session, "reading or writing the history", ex);
			}
			catch (TidemarkException ex) {
				throw ex;
			}
			catch (RuntimeException | Error ex) {
				throw ConnectionProblems.unexpected(session, "the undo", ex);
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

	private UndoResult run(Session session, UndoRequest request) throws SQLException {
		Situation situation = look(session, this.engine.table(), request.selection());
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
			history = runLocked(session, this.engine.table().in(schema), request);
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
		History history = BackfillLook.with(found.readRows(session.connection(), rows), session.connection(), found);
		UndoPlan plan = this.engine.planner().undo(selection, this.sources, history, rows, loader(history));
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
		return this.engine.builtIns(history.database(), this.started);
	}

	private History runLocked(Session session, HistoryTable found, UndoRequest request) throws SQLException {
		this.doing.waitForInstance();
		Duration budget = Objects.requireNonNullElse(request.waitTimeout(), this.engine.settings().waitTimeout());
		try (InstanceLock lock = InstanceLock.acquire(session, LockKey.of(found.qualifiedName(), LockPurpose.MIGRATION),
				budget)) {
			this.lockWait = lock.waited();
			this.engine.listeners().tell((listener) -> listener.lockAcquired(this.lockWait));
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
			load(situation.history());
			judge(DataLoss.find(plan.steps(), new LiveFacts(session.connection())), request);
			WritableHistory.require(session, found);
			RunContext context = this.engine.context(lock, session, found, this.callbacks, this.doing,
					this.deploymentId, request.note());
			if (!plan.backfills().isEmpty()) {
				context = new BegunBackfills(found, plan.backfills()).stop(context);
			}
			run(withRestorePoint(context, plan), plan, situation.history().lastRank());
			return BackfillLook.with(found.read(session.connection()), session.connection(), found);
		}
	}

	private RunContext withRestorePoint(RunContext context, UndoPlan plan) {
		return (this.dataLoss.isEmpty() || !this.engine.settings().restorePoints()) ? context
				: RestorePoints.mark(context, plan.steps(), this.dataLoss);
	}

	private void tellPlanned(History history) {
		Plan plan = this.engine.planner().plan(this.sources, history, loader(history));
		List<MigrationInfo> migrations = Describe.migrations(plan.entries());
		this.engine.listeners()
			.tell((listener) -> listener.planned(this.engine.scope(), history.database(), migrations));
	}

	private void load(History history) {
		List<Problem> problems = this.callbacks.load(builtIns(history), this.engine.settings().environments());
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
			new UndoSteps(this.engine, context, this.sources, this.cancellation, this.undone, this.changes).run(plan,
					lastRank);
			context.callbacks().fire(CallbackEvent.AFTER_UNDO, this.changes);
			context.callbacks().fire(CallbackEvent.AFTER_UNDO_OPERATION_FINISH, this.changes);
		}
		catch (TidemarkException ex) {
			TidemarkException told = this.changes.toldIn(ex);
			context.callbacks().fireAfterFailure(CallbackOccasion.of(CallbackEvent.AFTER_UNDO_ERROR, null, told));
			throw told;
		}
	}

	private void logWarnings() {
		this.warnings.forEach((problem) -> logger.warn("{}", problem));
	}

	private UndoResult result(History history) {
		logWarnings();
		Plan plan = this.engine.planner().plan(this.sources, history, loader(history));
		MigrationVersion version = history.currentVersion().orElse(null);
		UndoResult result = new UndoResult(this.engine.scope(), history.database(), this.deploymentId, this.undone,
				this.dataLoss, version, Describe.migrations(plan.entries()), List.copyOf(this.warnings), this.lockWait,
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

}
