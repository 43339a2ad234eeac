package dev.tidemark.run.failure;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.session.Session;
import dev.tidemark.session.outcome.Breakdown;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Says what the failure of a statement means, and where exactly it happened.
 *
 * @since 0.1.0
 */
public final class StatementProblems {

	private StatementProblems() {
	}

	public static Problem failed(Session session, Origin origin, @Nullable SqlStatement statement, ServerError error) {
		Place place = (statement != null) ? origin.place(statement, error) : origin.place();
		return failed(new FailedStatement(session, origin, statement, error), place);
	}

	public static Problem failed(Session session, Origin origin, Place place, ServerError error) {
		return failed(new FailedStatement(session, origin, null, error), place);
	}

	private static Problem failed(FailedStatement failed, Place place) {
		Origin origin = failed.origin();
		ServerError error = failed.error();
		if (Dependents.isConcerned(error)) {
			return Dependents.of(error).problem(origin, place).withServer(error);
		}
		return KnownError.of(error)
			.map((known) -> known.problem(failed, place))
			.orElseGet(() -> Problem.error(origin.failure(), place, KnownError.failed(failed), origin.remedy()))
			.withServer(error);
	}

	/**
	 * Says what a breakdown means in the middle of what comes from somewhere.
	 * @param place where it happened
	 * @param outcome what became of the work
	 * @param states how to say so
	 */
	public static Problem broken(Breakdown breakdown, Origin origin, Place place, Outcome outcome,
			Breakdown.States states) {
		TimeoutRemedy timeouts = new TimeoutRemedy(breakdown.session(), origin, breakdown.statement());
		return breakdown.problem(origin.inWords(), timeouts::ofSetting, place, outcome, states);
	}

	public static Problem atCommit(Session session, Origin origin, ServerError error) {
		if (Dependents.isConcerned(error) || KnownError.of(error).filter(KnownError::hasCode).isPresent()) {
			return failed(session, origin, origin.place(), error);
		}
		return Problem
			.error(ErrorCode.COMMIT, origin.place(),
					"The statements ran, but their transaction could not be committed.", origin.remedy())
			.withServer(error);
	}

}
