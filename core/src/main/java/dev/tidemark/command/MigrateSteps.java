package dev.tidemark.command;

import java.sql.SQLException;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.catalogue.PartitionedTables;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.Describe;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.failure.HistoryConflictException;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.step.FailedStep;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.run.step.StepRunner;
import dev.tidemark.session.Cancellation;
import dev.tidemark.source.Sources;

/**
 * Runs the steps of one plan after another, and what comes around them.
 */
final class MigrateSteps {

	private static final Logger logger = PlainLogger.of(MigrateSteps.class);

	private final Engine engine;

	private final Prefetch<Sources> sources;

	private final Cancellation cancellation;

	private final RunSoFar soFar;

	private boolean versionedDone;

	private boolean repeatablesBegun;

	MigrateSteps(Engine engine, Prefetch<Sources> sources, Cancellation cancellation, RunSoFar soFar) {
		this.engine = engine;
		this.sources = sources;
		this.cancellation = cancellation;
		this.soFar = soFar;
	}

	/** Returns whether all steps ran; if not, the history has to be read again. */
	boolean run(RunContext context, List<Step> steps, int lastRank) throws SQLException {
		int rank = lastRank;
		for (Step planned : steps) {
			this.cancellation.check(Problem.UNCHANGED);
			beforeRepeatables(context, planned);
			// Those before it may have made what it is about.
			Step step = PartitionedTables.apart(context.session().connection(), context.table().schema(), planned);
			boolean last = ++rank == lastRank + steps.size();
			this.engine.listeners()
				.tell((listener) -> listener.migrationStarted(Describe.migration(step, MigrationState.RUNNING)));
			try {
				this.soFar.setLossy(true);
				MigrationResult result = run(context, step, rank, last, false);
				this.soFar.setLossy(!last);
				this.soFar.ran(step, result);
				log(result);
				this.engine.listeners()
					.tell((listener) -> listener.migrationApplied(Describe.migration(step, MigrationState.APPLIED),
							result));
				context.lock().reclaim(this.engine.settings().waitTimeout());
			}
			catch (HistoryConflictException ex) {
				TidemarkException conflict = new TidemarkException(RunProblems.conflict(context.table()));
				this.engine.listeners()
					.tell((listener) -> listener.migrationFailed(Describe.migration(step, MigrationState.FAILED),
							conflict));
				context.session().renew();
				return false;
			}
			catch (MigrationFailedException ex) {
				this.engine.listeners()
					.tell((listener) -> listener.migrationFailed(Describe.migration(step, MigrationState.FAILED), ex));
				throw ex;
			}
		}
		return true;
	}

	private MigrationResult run(RunContext context, Step step, int rank, boolean last, boolean alone)
			throws HistoryConflictException, SQLException {
		StepRunner runner = new StepRunner(context, step, rank, last, alone);
		try {
			MigrationResult result = runner.run();
			this.soFar.wrote(HistoryEvidence.ofRow(context.table(), rank, context.author().deploymentId()));
			this.soFar.recorded().add(runner.recorded());
			return result;
		}
		catch (StepFailure ex) {
			if (step.isAtomic() && ex.endsTransactionItself()) {
				context.session().renew();
				return run(context, step.withoutTransactions(), rank, last, true);
			}
			throw failed(context, runner, step, ex);
		}
	}

	private void beforeRepeatables(RunContext context, Step step) throws SQLException {
		if (step.migration().identity().isRepeatable() && !this.repeatablesBegun) {
			versionedDone(context);
			this.repeatablesBegun = true;
			fire(context, CallbackEvent.BEFORE_REPEATABLES);
		}
	}

	private MigrationFailedException failed(RunContext context, StepRunner runner, Step step, StepFailure failure) {
		Problem problem = Schemas.alreadyThere(withWarning(failure.failure().problems().get(0)), this.engine.settings(),
				this.engine.table(), this.soFar.createdSchemas(), runner.leavingDone());
		return new FailedStep(context, runner, step, failure).conclude(problem, this.sources.get().migrations(),
				this.soFar.applied());
	}

	/** What was odd about the file before may be why the statement failed. */
	private Problem withWarning(Problem problem) {
		Place place = problem.place();
		return this.soFar.warnings()
			.stream()
			.filter((warning) -> warning.code() == ErrorCode.DEPENDENCY)
			.filter((warning) -> place != null && warning.place() != null
					&& warning.place().script().equals(place.script()))
			.findFirst()
			.map((warning) -> problem
				.withRemedy(problem.remedy() + " This may be the cause: " + warning.what() + " " + warning.remedy()))
			.orElse(problem);
	}

	/** No version is left to run. */
	void versionedDone(RunContext context) throws SQLException {
		if (!this.versionedDone) {
			this.versionedDone = true;
			fire(context, CallbackEvent.AFTER_VERSIONED);
		}
	}

	private void fire(RunContext context, CallbackEvent event) throws SQLException {
		context.callbacks().fire(event, this.soFar.changes());
	}

	private void log(MigrationResult result) {
		this.engine.info(logger, "Applied {} from {}: {} in {} ms", result.identity().inWords(), result.script(),
				Marks.counted(result.statements(), "statement"), result.duration().toMillis());
	}

}
