package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.plan.Step;
import dev.tidemark.sql.SqlStatement;

/**
 * Says what the failure of a migration's statement means, and where exactly it happened.
 */
final class StatementProblems {

	/** How pgjdbc begins to say that it closes the connection because of a setting. */
	private static final String DRIVER_REFUSES = "The server's";

	private StatementProblems() {
	}

	static Problem failed(Step step, @Nullable SqlStatement statement, ServerError error) {
		Place place = (statement != null) ? place(step, statement, error) : place(step);
		if (isRefusedByDriver(error)) {
			return Problem.error(ErrorCode.STATEMENT, place,
					"The driver closed the connection, since a statement of " + step.migration().identity().inWords()
							+ " set DateStyle or client_encoding to what it cannot read.",
					"Remove that SET from the file; the driver needs DateStyle ISO and client_encoding UTF8.")
				.withServer(error);
		}
		if (DatabaseProblems.isConnectionLost(error)) {
			return Problem
				.error(ErrorCode.CONNECTION_LOST, place,
						"The connection was lost in the middle of " + step.migration().identity().inWords() + ".",
						"Start again when the server is back; the history tells what is done.")
				.withServer(error);
		}
		ErrorCode code = code(error);
		if (code == ErrorCode.DEPENDENT_OBJECTS) {
			return Dependents.of(error).problem(step, place).withServer(error);
		}
		return Problem.error(code, place, what(code, step), remedy(error)).withServer(error);
	}

	/** The driver closes a connection whose settings it cannot read. */
	static boolean isRefusedByDriver(ServerError error) {
		return error.message().startsWith(DRIVER_REFUSES);
	}

	private static ErrorCode code(ServerError error) {
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
		return error.is("25006") ? ErrorCode.READ_ONLY : ErrorCode.STATEMENT;
	}

	private static String what(ErrorCode code, Step step) {
		String migration = step.migration().identity().inWords();
		return switch (code) {
			case LOCK_TIMEOUT -> "A statement of " + migration + " did not get its lock within lock_timeout.";
			case STATEMENT_TIMEOUT -> "A statement of " + migration + " was cancelled.";
			case PRIVILEGE -> "The role may not run a statement of " + migration + ".";
			case READ_ONLY -> "The database accepts no writes.";
			default -> "A statement of " + migration + " failed.";
		};
	}

	static String remedy(ServerError error) {
		return switch (code(error)) {
			case LOCK_TIMEOUT -> "Start again when the sessions that hold the lock are done (see pg_blocking_pids), or"
					+ " raise tidemark.lock-timeout.";
			case STATEMENT_TIMEOUT ->
				"Raise tidemark.statement-timeout if the statement needs longer, and start again.";
			case PRIVILEGE -> "Grant the right, or set tidemark.user to the role that owns the objects.";
			case READ_ONLY -> "Point tidemark.url at the primary, or set tidemark.mode=verify here.";
			default -> "Correct the file, which is not applied yet, and start again.";
		};
	}

	static Problem atCommit(Step step, ServerError error) {
		if (DatabaseProblems.isConnectionLost(error) || code(error) != ErrorCode.STATEMENT) {
			return failed(step, null, error);
		}
		return Problem
			.error(ErrorCode.COMMIT, place(step), "The statements ran, but their transaction could not be committed.",
					remedy(error))
			.withServer(error);
	}

	static Place place(Step step) {
		return Place.file(step.migration().script());
	}

	/**
	 * The position that the server names counts characters, not UTF-16 units, and is one
	 * in the text with the values of placeholders.
	 */
	static Place place(Step step, SqlStatement statement, @Nullable ServerError error) {
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
		return new Place(step.migration().script(), statement.number(), line, column, statement.excerpt());
	}

}
