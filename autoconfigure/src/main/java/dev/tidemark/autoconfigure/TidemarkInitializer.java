package dev.tidemark.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.TidemarkProperties.PlanProperties;
import dev.tidemark.autoconfigure.TidemarkProperties.ResolveProperties;
import dev.tidemark.autoconfigure.TidemarkProperties.UndoProperties;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.source.Identity;

/**
 * Does what the {@link Mode} says when the application starts. Whatever Spring Boot makes
 * wait for the initialisation of the database waits for this bean; an application may
 * replace it by one of its own.
 */
public class TidemarkInitializer implements InitializingBean {

	private static final Logger logger = PlainLogger.of(TidemarkInitializer.class);

	private static final Set<Mode> CHANGING_NOTHING = EnumSet.of(Mode.VERIFY, Mode.PLAN, Mode.OFF);

	private final List<StartTarget> targets;

	private final Mode mode;

	private final @Nullable ResolveProperties resolve;

	private final @Nullable UndoProperties undo;

	private final PlanPrinter planPrinter;

	private final JvmExit exit;

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
		this(tidemarks.stream().map(StartTarget::of).toList(), mode, null, null, PlanProperties.DEFAULT, System::exit);
	}

	TidemarkInitializer(List<StartTarget> targets, Mode mode, @Nullable ResolveProperties resolve,
			@Nullable UndoProperties undo, PlanProperties plan, JvmExit exit) {
		this.targets = List.copyOf(targets);
		this.mode = mode;
		this.resolve = resolve;
		this.undo = undo;
		this.planPrinter = new PlanPrinter(plan);
		this.exit = exit;
	}

	/**
	 * Migrates or verifies all databases, one after the other, or undoes migrations of
	 * one.
	 * @throws TidemarkException if one of them cannot be migrated, or is not as expected
	 */
	@Override
	public void afterPropertiesSet() {
		if (this.resolve != null && CHANGING_NOTHING.contains(this.mode)) {
			logger.warn("tidemark.resolve does nothing with tidemark.mode={}", this.mode);
		}
		if (this.undo != null && this.mode != Mode.UNDO) {
			logger.warn("tidemark.undo does nothing with tidemark.mode={}", this.mode);
		}
		requireOwnHistories();
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
		ProcessEnd processEnd = ProcessEnd.watch(this::cancel);
		Integer code;
		try {
			code = change();
		}
		finally {
			processEnd.stopWatching();
		}
		if (code != null) {
			end(code, processEnd.isNear());
		}
	}

	/** Returns the exit code if the process is to end after it. */
	private @Nullable Integer change() {
		return switch (this.mode) {
			case VERIFY -> {
				each(StartTarget::verify);
				yield null;
			}
			case PLAN -> this.planPrinter.print(plan());
			case UNDO -> {
				resolve();
				undo();
				yield 0;
			}
			default -> {
				migrate();
				yield (this.mode == Mode.MIGRATE_AND_EXIT) ? 0 : null;
			}
		};
	}

	private List<PlannedStart> plan() {
		List<PlannedStart> starts = new ArrayList<>();
		each((target) -> starts.addAll(target.plan()));
		return starts;
	}

	/** Each would take the files of the other for missing. */
	private void requireOwnHistories() {
		List<Tidemark> singles = this.targets.stream().flatMap((target) -> Stream.ofNullable(target.single())).toList();
		for (int i = 0; i < singles.size(); i++) {
			for (Tidemark other : singles.subList(0, i)) {
				if (singles.get(i).sharesHistoryWith(other)) {
					throw new TidemarkException(Problem.error(ErrorCode.SHARED_HISTORY, null,
							"The instances " + other.name() + " and " + singles.get(i).name()
									+ " have the same database, schema and history table: " + other.connections() + ".",
							"Give one of them a schema or a history-table of its own."));
				}
			}
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
			logger.info("Ending with exit code {}, as tidemark.mode={} asks for", code,
					this.mode.name().toLowerCase(Locale.ROOT).replace('_', '-'));
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
		resolve();
		each(StartTarget::migrate);
	}

	private void each(Consumer<StartTarget> action) {
		for (StartTarget target : this.targets) {
			try {
				action.accept(target);
			}
			catch (TidemarkException ex) {
				if (this.targets.size() > 1) {
					ex.setInstance(target.name());
				}
				throw ex;
			}
		}
	}

	/** Cancels what another thread does. */
	void cancel() {
		this.targets.forEach(StartTarget::cancel);
		Tidemark tidemark = this.chosen;
		if (tidemark != null) {
			tidemark.cancel();
		}
	}

	private void undo() {
		UndoProperties asked = (this.undo != null) ? this.undo
				: new UndoProperties(null, null, null, null, null, null, "", null);
		UndoRequest request = request(asked);
		choose("tidemark.undo", asked.instance(), asked.tenant()).undo(request);
	}

	private Tidemark choose(String property, @Nullable String instance, @Nullable String tenant) {
		Tidemark tidemark = new TargetChoice(property, instance, tenant).among(this.targets);
		this.chosen = tidemark;
		return tidemark;
	}

	private static UndoRequest request(UndoProperties asked) {
		try {
			UndoSelection selection = UndoSelection.of(asked.to(), asked.count(), asked.from(), asked.deployment());
			return new UndoRequest(selection, asked.reason(), asked.allowDataLoss());
		}
		catch (IllegalArgumentException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.UNDO_UNCLEAR, null,
					"tidemark.mode=undo does not say what to undo. " + ex.getMessage() + ".",
					"Set tidemark.undo.to, tidemark.undo.from or tidemark.undo.deployment."), ex);
		}
	}

	/**
	 * Left in the configuration, a decision that has been carried out must stop no start.
	 */
	private void resolve() {
		ResolveProperties decision = this.resolve;
		if (decision == null || decision.migration() == null) {
			return;
		}
		if (decision.as() == null || decision.rank() == null) {
			throw new InvalidConfigurationPropertyValueException(
					(decision.as() == null) ? "tidemark.resolve.as" : "tidemark.resolve.rank", null,
					"tidemark.resolve needs migration, rank and as " + Arrays.toString(Resolution.values()));
		}
		Tidemark tidemark = choose("tidemark.resolve", decision.instance(), decision.tenant());
		try {
			tidemark.resolve(Identity.of(decision.migration()), decision.rank(), decision.as(), decision.reason());
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
