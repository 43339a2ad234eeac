package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.sql.SqlStatement;

/**
 * Says what the failure of a statement means, and where exactly it happened.
 */
final class StatementProblems {

	/** How pgjdbc begins to say that it closes the connection because of a setting. */
	private static final String DRIVER_REFUSES = "The server's";

	private StatementProblems() {
	}

	static Problem failed(Session session, Origin origin, @Nullable SqlStatement statement, ServerError error) {
		Place place = (statement != null) ? place(origin, statement, error) : origin.place();
		return failed(origin, place, error, session, new TimeoutRemedy(session, origin, statement));
	}

	static Problem failed(Session session, Origin origin, Place place, ServerError error) {
		return failed(origin, place, error, session, new TimeoutRemedy(session, origin, null));
	}

	private static Problem failed(Origin origin, Place place, ServerError error, Session session,
			TimeoutRemedy timeouts) {
		ErrorCode code = code(error, origin);
		if (code == ErrorCode.DEPENDENT_OBJECTS) {
			return Dependents.of(error).problem(origin, place).withServer(error);
		}
		Problem problem = (code == ErrorCode.STATEMENT_TIMEOUT) ? cancelled(origin, place, error, session, timeouts)
				: Problem.error(code, place, what(code, origin), remedy(code, origin, timeouts));
		return problem.withServer(error);
	}

	/**
	 * Both a time-out and a request have the same code. In which words the server tells
	 * them apart depends on its language.
	 */
	private static Problem cancelled(Origin origin, Place place, ServerError error, Session session,
			TimeoutRemedy timeouts) {
		String what = "A statement of " + origin.inWords() + " was cancelled";
		if (error.message().contains("statement timeout")) {
			return Problem.error(ErrorCode.STATEMENT_TIMEOUT, place,
					what + ", since it took longer than statement_timeout.", timeouts.ofStatements());
		}
		if (session.isCancelled()) {
			return Problem.error(ErrorCode.STATEMENT_TIMEOUT, place,
					what + ", since this run was told to end, as by a shutdown of the application.",
					"Start again; the next run goes on.");
		}
		if (error.message().contains("user request")) {
			return Problem.error(ErrorCode.STATEMENT_TIMEOUT, place,
					what + ": somebody asked the server to do so, as by pg_cancel_backend.",
					"Find out who did so and why, and start again.");
		}
		return Problem.error(ErrorCode.STATEMENT_TIMEOUT, place, what + ".",
				"See what the server says. Is it a time-out: " + timeouts.ofStatements()
						+ " Else find out who cancelled it and why, and start again.");
	}

	/** The driver closes a connection whose settings it cannot read. */
	static boolean isRefusedByDriver(ServerError error) {
		return error.message().startsWith(DRIVER_REFUSES);
	}

	private static ErrorCode code(ServerError error, Origin origin) {
		if (error.is("55P03")) {
			return ErrorCode.LOCK_TIMEOUT;
		}
		if (error.is("57014")) {
			return ErrorCode.STATEMENT_TIMEOUT;
		}
		if (error.is("42501")) {
			return ErrorCode.PRIVILEGE;
		}
		if (Dependents.isConcerned(error)) {
			return ErrorCode.DEPENDENT_OBJECTS;
		}
		return error.is("25006") ? ErrorCode.READ_ONLY : origin.failure();
	}

	private static String what(ErrorCode code, Origin origin) {
		return switch (code) {
			case LOCK_TIMEOUT -> "A statement of " + origin.inWords() + " did not get its lock within lock_timeout.";
			case PRIVILEGE -> "The role may not run a statement of " + origin.inWords() + ".";
			case READ_ONLY -> "The database accepts no writes.";
			default -> "A statement of " + origin.inWords() + " failed.";
		};
	}

	private static String remedy(ErrorCode code, Origin origin, TimeoutRemedy timeouts) {
		return switch (code) {
			case LOCK_TIMEOUT -> timeouts.ofLocks();
			case PRIVILEGE -> "Grant the right, or set tidemark.role or tidemark.user to the owner of the objects.";
			case READ_ONLY -> DatabaseProblems.READ_ONLY_REMEDY;
			default -> origin.remedy();
		};
	}

	static Problem atCommit(Session session, Origin origin, ServerError error) {
		if (code(error, origin) != origin.failure()) {
			return failed(session, origin, origin.place(), error);
		}
		return Problem
			.error(ErrorCode.COMMIT, origin.place(),
					"The statements ran, but their transaction could not be committed.", origin.remedy())
			.withServer(error);
	}

	/**
	 * The position that the server names counts characters, not UTF-16 units, and is one
	 * in the text with the values of placeholders.
	 */
	static Place place(Origin origin, SqlStatement statement, @Nullable ServerError error) {
		String text = statement.text();
		String source = statement.source();
		int line = statement.line();
		int column = statement.column();
		Integer position = (error != null) ? error.position() : null;
		int characters = (position != null) ? position - 1 : -1;
		if (characters >= 0 && characters <= text.codePointCount(0, text.length())) {
			int offset = statement.sourceIndex(text.offsetByCodePoints(0, characters));
			for (int i = 0; i < offset; i++) {
				char c = source.charAt(i);
				boolean lineEnd = c == '\n' || (c == '\r' && !source.startsWith("\n", i + 1));
				line = lineEnd ? line + 1 : line;
				column = lineEnd ? 1 : column + 1;
			}
		}
		return new Place(origin.script(), statement.number(), line, column, excerpt(statement));
	}

	/** A failure is told also where its statement cannot be shown without secrets. */
	private static @Nullable String excerpt(SqlStatement statement) {
		try {
			return statement.excerpt();
		}
		catch (RuntimeException | Error ex) {
			return null;
		}
	}

}
