package dev.tidemark.run.failure;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.script.SqlStatement;

/**
 * Says what it means to whoever runs statements that one of them fails.
 *
 * @since 0.1.0
 */
public interface StatementFailures {

	/**
	 * Returns the failure that an error of the server or the driver is.
	 * @param statement the statement, or {@code null} if it was one of our own
	 * @param ex the error
	 */
	StepFailure failed(@Nullable SqlStatement statement, SQLException ex);

	/**
	 * Returns the failure that an error is which nobody expected. It must leave nothing
	 * undecided.
	 * @param statement the statement, or {@code null} if none ran
	 * @param thrown the error
	 */
	StepFailure unexpected(@Nullable SqlStatement statement, Throwable thrown);

}
