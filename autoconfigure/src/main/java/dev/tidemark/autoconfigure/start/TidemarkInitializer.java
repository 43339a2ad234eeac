package dev.tidemark.autoconfigure.start;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.beans.factory.InitializingBean;

import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.backfill.BackfillTarget;
import dev.tidemark.autoconfigure.code.UnregisteredCode;
import dev.tidemark.autoconfigure.exit.Ending;
import dev.tidemark.autoconfigure.exit.JvmExit;
import dev.tidemark.autoconfigure.exit.ProcessEnd;
import dev.tidemark.autoconfigure.exit.StartFailedException;
import dev.tidemark.autoconfigure.exit.UnusablePropertyException;
import dev.tidemark.autoconfigure.output.Done;
import dev.tidemark.autoconfigure.output.PlanPrinter;
import dev.tidemark.autoconfigure.output.PlannedStart;
import dev.tidemark.autoconfigure.output.StartFailure;
import dev.tidemark.autoconfigure.output.StartReport;
import dev.tidemark.autoconfigure.output.Status;
import dev.tidemark.autoconfigure.output.StatusPrinter;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.ResolveProperties;
import dev.tidemark.autoconfigure.properties.UndoProperties;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;

/**
 * Does what the {@link Mode} says when the application starts. Whatever Spring Boot makes
 * wait for the initialisation of the database waits for this bean; an application may
 * replace it by one of its own.
 *
 * @since 0.1.0
 */
public class TidemarkInitializer implements InitializingBean {

	private static final Logger logger = PlainLogger.of(TidemarkInitializer.class);

	private static final Set<Mode> CHANGING_NOTHING = EnumSet.of(Mode.VERIFY, Mode.PLAN, Mode.STATUS, Mode.OFF);

	private final List<StartTarget> targets;

	/** A person who waits for an answer may end the process. */
	private static final Duration STATUS_TIMEOUT = Duration.ofMinutes(1);

	private final StartSettings settings;

	private final Mode mode;

	private final JvmExit exit;

	private final @Nullable UnregisteredCode unregistered;

	private final StartBackfills backfills;

	/**
	 * What a decision or an undo is about: of tenants, no target knows the single one.
	 */
	private volatile @Nullable Tidemark chosen;

	/**
	 * Makes an initializer.
	 * @param tidemarks what to run, in this order
	 * @param mode what to do
	 */
	public TidemarkInitializer(List<Tidemark> tidemarks, Mode mode) {
		this(tidemarks.stream().map(StartTarget::of).toList(), StartSettings.of(mode),
				new StartBackfills((name) -> BackfillChoice.ofAnyOther()), System::exit, null);
	}

	TidemarkInitializer(List<StartTarget> targets, StartSettings settings, StartBackfills backfills, JvmExit exit,
			@Nullable UnregisteredCode unregistered) {
		this.unregistered = unregistered;
		this.backfills = backfills;
		this.targets = List.copyOf(targets);
		this.settings = settings;
		this.mode = settings.mode();
		this.exit = exit;
	}

	/**
	 * Migrates or verifies all databases, one after the other, or undoes migrations of
	 * one.
	 * @throws TidemarkException if one of them cannot be migrated, or is not as expected
	 */
	@Override
	public void afterPropertiesSet() {
		if (this.settings.resolve() != null && CHANGING_NOTHING.contains(this.mode)) {
			logger.warn("tidemark.resolve does nothing with tidemark.mode={}", this.mode);
		}
		if (this.settings.undo() != null && this.mode != Mode.UNDO) {
			logger.warn("tidemark.undo does nothing with tidemark.mode={}", this.mode);
		}
		try {
			requireOwnHistories();
			requireAllCode();
		}
		catch (TidemarkException ex) {
			throw new StartFailedException(ex, false);
		}
		if (this.mode == Mode.OFF) {
			logger.info("No migration runs: tidemark.mode=off");
		}
		else if (this.mode == Mode.BACKGROUND) {
			logger.info("Migrations run when the application is up: tidemark.mode=background");
		}
		else {
			run();
		}
	}

	/** The process may be told to end meanwhile, and does not before this start does. */
	private void run() {
		ProcessEnd processEnd = watch();
		Ending ending;
		try {
			ending = reported(this::change, true);
		}
		finally {
			processEnd.stopWatching();
		}
		if (ending != null) {
			end(ending.exitCode(), processEnd.isNear());
		}
	}

	private ProcessEnd watch() {
		try {
			return ProcessEnd.watch(this::cancel);
		}
		catch (TidemarkException ex) {
			throw new StartFailedException(ex, false);
		}
	}

	/**
	 * Does something, and tells those who watch the process from outside what came of it.
	 * @param change what to do; returns how the process ends after it, or {@code null}
	 * @param start whether the process ends if it fails
	 */
	private @Nullable Ending reported(Function<StartReport, @Nullable Ending> change, boolean start) {
		StartReport report = StartReport.of(this.settings.report(), this.settings.modeName());
		try {
			Ending ending = change.apply(report);
			report.done(ending);
			if (ending != null && ending.isFailure()) {
				this.settings.terminationLog().write(new StartFailure(null, ending.problems()));
			}
			return ending;
		}
		catch (TidemarkException ex) {
			report.failed(ex, start);
			throw new StartFailedException(ex, true);
		}
	}

	/** Returns how the process ends if it is to end after it. */
	private @Nullable Ending change(StartReport report) {
		return switch (this.mode) {
			case VERIFY -> {
				each(StartTarget::verify, report);
				this.backfills.requireDone();
				yield null;
			}
			case PLAN -> new PlanPrinter(this.settings.plan()).print(plan(report));
			case STATUS -> new StatusPrinter(this.settings.status().print()).print(status(report));
			case UNDO -> {
				resolve();
				undo(report);
				yield Ending.DONE;
			}
			default -> {
				migrate(report);
				if (this.mode == Mode.MIGRATE_AND_EXIT) {
					yield this.backfills.work(report);
				}
				this.backfills.requireDone();
				yield null;
			}
		};
	}

	private List<PlannedStart> plan(StartReport report) {
		List<PlannedStart> starts = new ArrayList<>();
		each((target) -> {
			starts.addAll(target.plan());
			return null;
		}, report);
		starts.forEach((start) -> report.add(new Done.Planned(start)));
		return starts;
	}

	private List<Status> status(StartReport report) {
		String tenant = this.settings.status().tenant();
		if (tenant != null && this.targets.stream().noneMatch((target) -> target.tenant(tenant) != null)) {
			throw new UnusablePropertyException("tidemark.status.tenant", tenant, "There are no tenants.");
		}
		List<Status> statuses = new ArrayList<>();
		each((target) -> {
			StartTarget shown = (tenant != null) ? target.tenant(tenant) : target;
			Status status = (shown != null) ? shown.status(STATUS_TIMEOUT) : null;
			if (status == null) {
				return null;
			}
			statuses.add(status);
			return new Done.Seen(status);
		}, report);
		return statuses;
	}

	/** Each would take the files of the other for missing. */
	private void requireOwnHistories() {
		List<Tidemark> singles = this.targets.stream().flatMap((target) -> Stream.ofNullable(target.single())).toList();
		for (int i = 0; i < singles.size(); i++) {
			for (Tidemark other : singles.subList(0, i)) {
				if (singles.get(i).sharesHistoryWith(other)) {
					throw new TidemarkException(Problem.error(ErrorCode.SHARED_HISTORY, null,
							"The databases " + other.name() + " and " + singles.get(i).name()
									+ " have the same database, schema and history table: " + other.connections() + ".",
							"Give one of them a schema or a history.table of its own."));
				}
			}
		}
	}

	/** Who only looks on, or goes back, needs no migration that is yet to run. */
	private void requireAllCode() {
		if (this.unregistered != null && this.mode != Mode.OFF && this.mode != Mode.STATUS && this.mode != Mode.UNDO) {
			this.unregistered.requireNone(this.targets.stream().map(StartTarget::migrations).toList());
		}
	}

	/**
	 * In the middle of a start this ends the process without closing the context:
	 * shutdown hooks see that the starting thread waits. It waits for another thread, as
	 * it could not be seen to wait behind somebody else who ends the process already.
	 */
	private void end(int code, boolean ending) {
		if (ending) {
			logger.info("The work is done; the process ends as it was told from outside, not with exit code {}", code);
		}
		else {
			logger.info("Ending with exit code {}, as tidemark.mode={} asks for", code, this.settings.modeName());
		}
		Thread end = new Thread(() -> this.exit.exit(code), "tidemark-exit");
		end.start();
		while (end.isAlive()) {
			try {
				end.join();
			}
			catch (InterruptedException ex) {
				// By the hook that looks whether this thread waits.
			}
		}
	}

	/** Migrates all databases, one after the other. */
	void migrate() {
		reported((report) -> {
			migrate(report);
			this.backfills.requireDone();
			return null;
		}, false);
	}

	private void migrate(StartReport report) {
		resolve();
		each(StartTarget::migrate, report);
	}

	private void each(Function<StartTarget, @Nullable Done> action, StartReport report) {
		for (StartTarget target : this.targets) {
			try {
				Done done = action.apply(target);
				this.backfills.found(target, done);
				report.add(done);
			}
			catch (TidemarkException ex) {
				if (this.targets.size() > 1) {
					ex.setDatabase(target.name());
				}
				if (report.isWanted()) {
					report.add(new Done.Failed(target.name(), ex, afterwards(target)));
				}
				throw ex;
			}
		}
	}

	/** What is pending after a failure is looked up, never guessed. */
	private @Nullable Status afterwards(StartTarget target) {
		try {
			return target.status(this.settings.lookTimeout());
		}
		catch (RuntimeException ex) {
			// What failed before is what has to be told.
			return null;
		}
	}

	/** Returns the databases that have backfills left, as far as a start has seen. */
	List<BackfillTarget> leftBackfills() {
		return this.backfills.targets(this.mode);
	}

	/** Cancels what another thread does. */
	void cancel() {
		this.backfills.cancel();
		this.targets.forEach(StartTarget::cancel);
		Tidemark tidemark = this.chosen;
		if (tidemark != null) {
			tidemark.cancel();
		}
	}

	private void undo(StartReport report) {
		UndoProperties configured = this.settings.undo();
		UndoProperties asked = (configured != null) ? configured
				: new UndoProperties(null, null, null, null, null, null, "", null);
		UndoRequest request = request(asked);
		Tidemark tidemark = choose("tidemark.undo", asked.database(), asked.tenant());
		try {
			report.add(new Done.Undone(tidemark.undo(request)));
		}
		catch (TidemarkException ex) {
			if (report.isWanted()) {
				report.add(new Done.Failed(tidemark.name(), ex, afterwards(StartTarget.of(tidemark))));
			}
			throw ex;
		}
	}

	private Tidemark choose(String property, @Nullable String database, @Nullable String tenant) {
		Tidemark tidemark = StartTarget.chosen(this.targets, new TargetChoice(property, database, tenant));
		this.chosen = tidemark;
		return tidemark;
	}

	private static UndoRequest request(UndoProperties asked) {
		try {
			UndoSelection selection = UndoSelection.of(asked.to(), asked.count(), asked.from(), asked.deployment());
			return UndoRequest.of(selection).because(asked.reason()).allowingDataLoss(asked.allowDataLoss());
		}
		catch (IllegalArgumentException ex) {
			throw new TidemarkException(
					Problem.error(ErrorCode.UNDO_UNCLEAR, null,
							"It is not clear what tidemark.mode=undo shall undo. " + ex.getMessage() + ".",
							"Set exactly one of tidemark.undo.to, tidemark.undo.from and tidemark.undo.deployment."),
					ex);
		}
	}

	/**
	 * Left in the configuration, a decision that has been carried out must stop no start.
	 */
	private void resolve() {
		ResolveProperties decision = this.settings.resolve();
		if (decision == null || decision.migration() == null) {
			return;
		}
		if (decision.as() == null || decision.rank() == null) {
			throw new UnusablePropertyException(
					(decision.as() == null) ? "tidemark.resolve.as" : "tidemark.resolve.rank", null,
					"tidemark.resolve needs migration, rank and as " + Arrays.toString(Resolution.values()));
		}
		Tidemark tidemark = choose("tidemark.resolve", decision.database(), decision.tenant());
		try {
			tidemark.resolve(ResolveRequest.of(Identity.of(decision.migration()), decision.rank(), decision.as(),
					decision.reason()));
		}
		catch (TidemarkException ex) {
			if (ex.code() != ErrorCode.NOTHING_TO_RESOLVE) {
				throw ex;
			}
			logger.warn("tidemark.resolve has nothing to do for '{}'; remove or correct it: {}", decision.migration(),
					ex.problems().get(0).what());
		}
	}

}
