package dev.tidemark.autoconfigure.start;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.autoconfigure.backfill.BackfillTarget;
import dev.tidemark.autoconfigure.backfill.BackfillText;
import dev.tidemark.autoconfigure.exit.Ending;
import dev.tidemark.autoconfigure.output.Done;
import dev.tidemark.autoconfigure.output.StartReport;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.Backfills;

/**
 * The backfills that a start leaves, and what it does about them. Where it leaves none,
 * nothing of them is looked at.
 */
final class StartBackfills {

	private static final Logger logger = PlainLogger.of(StartBackfills.class);

	private final Function<String, BackfillChoice> choices;

	private final Map<StartTarget, BackfillChoice> left = new LinkedHashMap<>();

	/** What a job works on. */
	private volatile @Nullable Backfills working;

	/**
	 * Makes it.
	 * @param choices returns what is said of the backfills of a database, by its name
	 */
	StartBackfills(Function<String, BackfillChoice> choices) {
		this.choices = choices;
	}

	/** Remembers what was found in a database. */
	synchronized void found(StartTarget target, @Nullable Done done) {
		this.left.remove(target);
		if (done != null) {
			BackfillChoice choice = this.choices.apply(target.name());
			if (done.leavesBackfills() || !choice.requires().isEmpty()) {
				this.left.put(target, choice);
			}
		}
	}

	/**
	 * Returns the databases of which some are left.
	 * @param mode what the start was to do
	 */
	synchronized List<BackfillTarget> targets(Mode mode) {
		boolean changes = mode == Mode.MIGRATE || mode == Mode.BACKGROUND;
		List<BackfillTarget> targets = new ArrayList<>();
		this.left.forEach((target, choice) -> targets.add(new BackfillTarget(target.name(), target.backfills(),
				changes && choice.enabled() && target.mayChange())));
		return targets;
	}

	/**
	 * Requires that all is done that this process reads and that it cannot wait for.
	 * @throws TidemarkException if something is not
	 */
	synchronized void requireDone() {
		List<Problem> problems = new ArrayList<>();
		this.left.forEach((target, choice) -> target.backfills()
			.required()
			.stream()
			.filter(choice::isRefused)
			.forEach((required) -> problems.add(refusal(target, required))));
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	private static Problem refusal(StartTarget target, BackfillProgress required) {
		return Problem.error(ErrorCode.BACKFILL_REQUIRED, null,
				"This build reads what a backfill of " + target.name() + " fills, and it is not done: "
						+ BackfillText.of(required) + ".",
				"Let an instance that is running finish it, or a job with tidemark.mode=migrate-and-exit; then start"
						+ " again. With tidemark.backfill.reads=ready this process waits, and nobody can see it.")
			.withState("What the migrations and the batches have done stays.");
	}

	/**
	 * Runs those of a job to their end, those of one database after those of another.
	 * @return how the process ends
	 */
	Ending work(StartReport report) {
		Map<StartTarget, BackfillChoice> todo;
		synchronized (this) {
			todo = new LinkedHashMap<>(this.left);
		}
		List<Problem> problems = new ArrayList<>();
		todo.forEach((target, choice) -> {
			try {
				work(target, choice, problems, report);
			}
			catch (TidemarkException ex) {
				// One that is away stops no other.
				logger.error("The backfills of {} could not be worked on\n{}", target.name(), ex.problems());
				problems.addAll(ex.problems());
			}
		});
		return problems.isEmpty() ? Ending.DONE : new Ending(ExitCode.of(problems).number(), problems);
	}

	private void work(StartTarget target, BackfillChoice choice, List<Problem> problems, StartReport report) {
		Backfills backfills = target.backfills();
		boolean works = choice.enabled() && target.mayChange();
		if (works) {
			this.working = backfills;
			backfills.work(choice.jobScope());
		}
		for (BackfillProgress progress : backfills.progress()) {
			report.add(target.name(), progress);
			if (progress.state() == BackfillState.FINISHED) {
				logger.info("Backfill of {} is done: {}", target.name(), BackfillText.of(progress));
			}
			else {
				logger.warn("Backfill of {} is left: {}", target.name(), BackfillText.of(progress));
				if (works && progress.required()) {
					problems.add(unfinished(target, progress));
				}
			}
		}
		if (works) {
			// Of a version that is required, and that there is not, nothing else tells.
			backfills.required();
		}
	}

	private static Problem unfinished(StartTarget target, BackfillProgress progress) {
		Problem problem = progress.problem();
		return (problem != null) ? problem
				: Problem
					.error(ErrorCode.BACKFILL_REQUIRED, null,
							"A backfill of " + target.name() + " that this build reads is not done: "
									+ BackfillText.of(progress) + ".",
							"Let it go on, at the endpoint or by its settings, and run the job again.")
					.withState("What the migrations and the batches have done stays.");
	}

	/** Stops what a job works on. */
	void cancel() {
		Backfills backfills = this.working;
		if (backfills != null) {
			backfills.stop();
		}
	}

}
