package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.catalogue.DependentsReader;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.plan.step.Step;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.failure.Dependents;
import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.session.Session;
import dev.tidemark.session.Undisturbed;
import dev.tidemark.session.lock.InstanceLock;
import dev.tidemark.session.lock.LockKey;
import dev.tidemark.session.lock.LockPurpose;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.outcome.OutcomeReader;
import dev.tidemark.sql.script.SqlStatement;

/**
 * What follows when a step has failed.
 *
 * @param context the run
 * @param runner ran the step
 * @param step the step
 * @param failure how it failed
 * @since 0.1.0
 */
public record FailedStep(RunContext context, StepRunner runner, Step step, StepFailure failure) {

	/** How long to wait for the instance lock, so as to record a failure. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(5);

	private static final Logger logger = PlainLogger.of(FailedStep.class);

	/**
	 * Leaves a row with the error, and runs the callbacks of the failure.
	 * @param found what to tell of it
	 * @param files all migrations
	 * @param before what the run has done before
	 * @return the failure as those see it who asked for the run
	 */
	public MigrationFailedException conclude(Problem found, List<Migration> files, List<MigrationResult> before) {
		Problem named = guarded("What depends on the object of a statement could not be named",
				() -> withDependents(found, files), found);
		Problem problem = guarded("The failure of " + this.step.migration() + " could not be recorded",
				() -> record(named, before), named);
		MigrationFailedException failed = new MigrationFailedException(problem, this.failure.failure().getCause(),
				this.step.migration().identity(), failedAs(), this.context.author().deploymentId(), before);
		guarded("The callbacks of a failure could not run", () -> {
			fireCallbacks(problem, failed);
			return problem;
		}, problem);
		return failed;
	}

	private @Nullable MigrationState failedAs() {
		return this.failure.isCommitted() ? this.runner.recorded().state() : this.runner.failedAs();
	}

	private void fireCallbacks(Problem problem, MigrationFailedException failed) {
		StepEvents events = StepEvents.of(this.step);
		CallbackRunner callbacks = this.context.callbacks();
		statement(problem).ifPresent((statement) -> callbacks
			.fireAfterFailure(new CallbackOccasion(events.afterStatementError(), this.step, statement, failed)));
		callbacks.fireAfterFailure(CallbackOccasion.of(events.afterError(), this.step, failed));
	}

	/** Whatever goes wrong with what is told besides, the failure itself is told. */
	private static Problem guarded(String what, Supplier<Problem> better, Problem otherwise) {
		try {
			return better.get();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("{}: {}", what, ex.getClass().getName());
			return otherwise;
		}
	}

	/**
	 * Names what depends on the object that could not be dropped, replaced or changed.
	 */
	private Problem withDependents(Problem problem, List<Migration> files) {
		ServerError server = problem.server();
		SqlStatement statement = statement(problem).orElse(null);
		if (server == null || this.context.session().isGivenUp()) {
			return problem;
		}
		Origin origin = Origin.of(this.step);
		Dependents dependents = Dependents.of(server);
		Problem told = problem;
		if (statement != null && Dependents.isOfReplacedView(server, statement)) {
			dependents = find(statement);
			told = dependents.ofReplacedView(problem, origin);
		}
		else if (statement != null && dependents.objects().isEmpty() && Dependents.isPossible(server)) {
			dependents = find(statement);
			told = dependents.objects().isEmpty() ? problem
					: dependents.problem(origin, origin.place(statement)).withServer(server).withState(problem.state());
		}
		return dependents.withFiles(told, this.step, files, Migration::load);
	}

	private Dependents find(SqlStatement statement) {
		Session session = this.context.session();
		try {
			session.renew();
			List<String> found = DependentsReader.read(session.connection(), statement);
			return new Dependents(
					found.stream().map((object) -> StatementRunner.masked(session, statement, object)).toList());
		}
		catch (SQLException | TidemarkException ex) {
			logger.debug("What depends on the objects of {} could not be read: {}", this.step.migration(), told(ex));
			return new Dependents(List.of());
		}
	}

	/** Returns the problem with what the database said besides when it was recorded. */
	private Problem record(Problem problem, List<MigrationResult> before) {
		Session session = this.context.session();
		boolean others = !this.failure.isToBeRecorded() && !this.failure.isCommitted();
		if (this.failure.isUnknown() || others || (this.failure.isCommitted() && !session.isGivenUp())) {
			return problem;
		}
		if (!session.isGivenUp()) {
			try {
				session.renew();
				this.runner.recordFailure(session, problem);
				return problem;
			}
			catch (SQLException ex) {
				if (Breakdown.of(session, ex, null) == null) {
					// Another session would be answered the same.
					logger.warn("The failure of {} could not be recorded: {}", this.step.migration(), notRecorded(ex));
					// A row that says it runs must not lead to a process that lives on.
					session.cutAtClose();
					return problem;
				}
				OutcomeReader.outcome(session, HistoryEvidence.ofNothingSent());
			}
			catch (RuntimeException | Error ex) {
				logger.debug("The session of {} cannot record its failure: {}", this.step.migration(), told(ex));
				// What is left of it must not stand in the way.
				OutcomeReader.outcome(session, HistoryEvidence.ofNothingSent());
			}
		}
		return recordAnew(problem, before);
	}

	/**
	 * Records over a session of its own. Who holds the instance lock by now, or has the
	 * rank of this run, is not disturbed.
	 */
	private Problem recordAnew(Problem problem, List<MigrationResult> before) {
		Problem told = problem;
		Undisturbed undisturbed = new Undisturbed();
		try (undisturbed; Session session = this.context.session().again(LOGIN_TIMEOUT)) {
			InstanceLock lock = InstanceLock.acquire(session,
					LockKey.of(this.context.table().qualifiedName(), LockPurpose.MIGRATION), PATIENCE);
			try (lock) {
				told = withLost(problem, session, before);
				if (this.failure.isToBeRecorded()) {
					Outcome now = this.runner.evidence().read(session.connection(), Outcome.Server.SAME);
					if (now instanceof Outcome.Overtaken overtaken) {
						return told.withState(overtaken.state());
					}
					this.runner.recordFailure(session, told);
				}
			}
		}
		catch (SQLException | TidemarkException ex) {
			logger.warn("The failure of {} could not be recorded: {}", this.step.migration(), notRecorded(ex));
		}
		return told;
	}

	private String notRecorded(Exception ex) {
		Optional<Problem> around = (ex instanceof SQLException sql) ? OwnWriteProblems.of(this.context.session(),
				this.context.table(), null, this.context.session().errorOf(sql)) : Optional.empty();
		return around.map(Problem::what).orElseGet(() -> told(ex));
	}

	/** A crash of the server takes with it what it had not written to its disk. */
	private Problem withLost(Problem problem, Session session, List<MigrationResult> before) throws SQLException {
		History history = this.context.table().read(session.connection());
		List<String> lost = before.stream().map(MigrationResult::identity).filter((identity) -> {
			HistoryEntry last = history.last(identity);
			return last == null
					|| last.state() != (this.step.isUndo() ? MigrationState.UNDONE : MigrationState.APPLIED);
		}).map(Identity::inWords).toList();
		return lost.isEmpty() ? problem
				: problem.withState(problem.state() + " Of what this run had done before, the server has lost "
						+ String.join(", ", lost) + "; the next run does it again.");
	}

	private String told(Throwable ex) {
		if (ex instanceof SQLException sql) {
			return this.context.session().errorOf(sql).toString();
		}
		return (ex instanceof TidemarkException known) ? known.problems().get(0).what() : ex.getClass().getName();
	}

	private Optional<SqlStatement> statement(Problem problem) {
		Place place = problem.place();
		if (place == null || !place.script().equals(this.step.migration().script())) {
			return Optional.empty();
		}
		return this.step.statements()
			.stream()
			.filter((statement) -> Objects.equals(statement.number(), place.statement()))
			.findFirst();
	}

}
