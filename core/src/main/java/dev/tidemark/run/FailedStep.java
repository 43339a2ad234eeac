package dev.tidemark.run;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.slf4j.Logger;

import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.Step;
import dev.tidemark.source.Migration;
import dev.tidemark.sql.SqlStatement;

/**
 * What follows when a step has failed.
 *
 * @param context the run
 * @param runner ran the step
 * @param step the step
 * @param failure how it failed
 */
record FailedStep(RunContext context, StepRunner runner, Step step, StepRunner.StepFailure failure) {

	private static final Logger logger = PlainLogger.of(FailedStep.class);

	/**
	 * Leaves a row with the error, and runs the callbacks of the failure.
	 * @param found what to tell of it
	 * @param files all migrations
	 * @param before what the run has done before
	 * @return the failure as those see it who asked for the run
	 */
	MigrationFailedException conclude(Problem found, List<Migration> files, List<MigrationResult> before) {
		Problem problem = withDependents(found, files);
		record(problem);
		MigrationFailedException failed = new MigrationFailedException(problem, this.failure.failure().getCause(),
				this.step.migration().identity(), before);
		StepEvents events = StepEvents.of(this.step);
		CallbackRunner callbacks = this.context.callbacks();
		statement(problem).ifPresent((statement) -> callbacks
			.fireAfterFailure(new Occasion(events.afterStatementError(), this.step, statement, failed)));
		callbacks.fireAfterFailure(Occasion.of(events.afterError(), this.step, failed));
		return failed;
	}

	/**
	 * Names what depends on the object that could not be dropped, replaced or changed.
	 */
	private Problem withDependents(Problem problem, List<Migration> files) {
		ServerError server = problem.server();
		SqlStatement statement = statement(problem).orElse(null);
		if (server == null) {
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
					: dependents.problem(origin, StatementProblems.place(origin, statement, null))
						.withServer(server)
						.withState(problem.state());
		}
		return dependents.withFiles(told, this.step, files, Migration::load);
	}

	private Dependents find(SqlStatement statement) {
		Session session = this.context.session();
		try {
			session.renew();
			Dependents found = DependentsReader.read(session.connection(), statement);
			return new Dependents(
					found.objects().stream().map((object) -> StepRunner.masked(session, statement, object)).toList());
		}
		catch (SQLException | TidemarkException ex) {
			logger.debug("What depends on the objects of {} could not be read: {}", this.step.migration(), told(ex));
			return new Dependents(List.of());
		}
	}

	private void record(Problem problem) {
		Session session = this.context.session();
		try {
			if (session.isAlive() && !this.failure.isRecorded()) {
				session.renew();
				this.runner.recordFailure(problem);
			}
		}
		catch (SQLException | TidemarkException ex) {
			logger.warn("The failure of {} could not be recorded: {}", this.step.migration(), notRecorded(ex));
		}
	}

	private String notRecorded(Exception ex) {
		Optional<Problem> around = (ex instanceof SQLException sql)
				? OwnWriteProblems.of(this.context.table(), null, this.context.session().errorOf(sql))
				: Optional.empty();
		return around.map(Problem::what).orElseGet(() -> told(ex));
	}

	private String told(Exception ex) {
		return (ex instanceof SQLException sql) ? this.context.session().errorOf(sql).toString()
				: String.valueOf(ex.getMessage());
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
