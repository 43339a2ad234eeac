package dev.tidemark.command.undo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

import org.slf4j.Logger;

import dev.tidemark.command.Engine;
import dev.tidemark.command.RunProblems;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.UndoPlan;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Changes;
import dev.tidemark.run.step.FailedStep;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.run.step.StepRunner;
import dev.tidemark.run.step.UndoTransaction;
import dev.tidemark.session.Cancellation;
import dev.tidemark.source.Sources;

/**
 * Runs the undo files of one plan: all in one transaction if they can, or else one after
 * another.
 */
final class UndoSteps {

	private static final Logger logger = PlainLogger.of(UndoSteps.class);

	private final Engine engine;

	private final RunContext context;

	private final Sources sources;

	private final Cancellation cancellation;

	private final List<MigrationResult> undone;

	private final Changes changes;

	/** How many steps the listeners know of. */
	private int told;

	/**
	 * Creates the steps.
	 * @param undone gets what was undone
	 * @param changes get what was changed
	 */
	UndoSteps(Engine engine, RunContext context, Sources sources, Cancellation cancellation,
			List<MigrationResult> undone, Changes changes) {
		this.engine = engine;
		this.context = context;
		this.sources = sources;
		this.cancellation = cancellation;
		this.undone = undone;
		this.changes = changes;
	}

	void run(UndoPlan plan, int lastRank) throws SQLException {
		if (!plan.isAtomic() || !runTogether(plan.steps(), lastRank)) {
			runOneByOne(plan.steps(), lastRank);
		}
	}

	/** Returns whether it could be done; if not, nothing was. */
	private boolean runTogether(List<Step> steps, int lastRank) throws SQLException {
		UndoTransaction transaction = new UndoTransaction(this.context, steps, lastRank, this.cancellation);
		try {
			this.undone.addAll(transaction.run());
			for (int i = steps.size() - 1; i >= 0; i--) {
				tellUndone(steps.get(i), this.undone.get(i));
			}
			this.context.lock().reclaim(this.engine.settings().waitTimeout());
			return true;
		}
		catch (HistoryConflictException ex) {
			throw conflict(transaction.started());
		}
		catch (StepFailure ex) {
			if (ex.endsTransactionItself()) {
				this.told = transaction.started().size();
				this.context.session().renew();
				return false;
			}
			throw failed(transaction, steps, ex);
		}
	}

	/** Most often nothing is undone then, but the transaction may be committed. */
	private MigrationFailedException failed(UndoTransaction transaction, List<Step> steps, StepFailure failure) {
		List<MigrationResult> before = transaction.undoneBefore(failure);
		this.undone.addAll(before);
		Problem problem = failure.failure().problems().get(0);
		if (!before.isEmpty() && !failure.isCommitted()) {
			problem = problem.withState(problem.state() + undoneBefore(before));
		}
		Step step = transaction.current();
		int done = before.size();
		List<Step> failed = transaction.started().subList(0, transaction.started().size() - done);
		MigrationFailedException told = failed(
				new StepRunner(this.context, step, transaction.rankOf(failure), true, false), step, failed, failure,
				problem);
		for (int i = done - 1; i >= 0; i--) {
			tellUndone(steps.get(i), before.get(i));
		}
		return told;
	}

	private void runOneByOne(List<Step> steps, int lastRank) throws SQLException {
		for (int i = 0; i < steps.size(); i++) {
			Step step = steps.get(i);
			requireNotCancelled(started(steps, i));
			if (i >= this.told) {
				this.told++;
				this.engine.listeners()
					.tell((listener) -> listener.migrationStarted(Describe.migration(step, MigrationState.RUNNING)));
			}
			MigrationResult result = run(step, started(steps, i), lastRank + i + 1, false);
			this.undone.add(result);
			tellUndone(step, result);
			this.context.lock().reclaim(this.engine.settings().waitTimeout());
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

	private MigrationResult run(Step step, List<Step> started, int rank, boolean alone) throws SQLException {
		StepRunner stepRunner = new StepRunner(this.context, step, rank, true, alone);
		try {
			return stepRunner.run();
		}
		catch (HistoryConflictException ex) {
			throw conflict(started);
		}
		catch (StepFailure ex) {
			if (step.isAtomic() && ex.endsTransactionItself()) {
				this.context.session().renew();
				return run(step.withoutTransactions(), started, rank, true);
			}
			throw failed(stepRunner, step, started, ex, withUndone(ex.failure().problems().get(0)));
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
		started.forEach((step) -> this.engine.listeners()
			.tell((listener) -> listener.migrationFailed(Describe.migration(step, MigrationState.FAILED), failure)));
	}

	private TidemarkException conflict(List<Step> started) throws SQLException {
		TidemarkException conflict = new TidemarkException(RunProblems.conflict(this.context.table()));
		tellFailed(started, conflict);
		this.context.session().renew();
		return conflict;
	}

	private MigrationFailedException failed(StepRunner stepRunner, Step step, List<Step> started, StepFailure failure,
			Problem problem) {
		MigrationFailedException failed = new FailedStep(this.context, stepRunner, step, failure).conclude(problem,
				this.sources.migrations(), this.undone);
		tellFailed(started, failed);
		return failed;
	}

	private void tellUndone(Step step, MigrationResult result) {
		this.changes.add(step.migration().identity().inWords() + " is undone");
		logger.info("Undid {} by {}: {} in {} ms", result.identity().inWords(), result.script(),
				result.statements() + ((result.statements() != 1) ? " statements" : " statement"),
				result.duration().toMillis());
		this.engine.listeners()
			.tell((listener) -> listener.migrationUndone(Describe.migration(step, MigrationState.UNDONE), result));
	}

}
