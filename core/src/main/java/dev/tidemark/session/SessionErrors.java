package dev.tidemark.session;

import java.sql.SQLException;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Reads what the server said in a session, without secrets and values of placeholders.
 *
 * @param mask takes out what must not be seen, besides the secrets that are recognised by
 * themselves
 */
record SessionErrors(UnaryOperator<String> mask) {

	private static final Logger logger = PlainLogger.of(SessionErrors.class);

	/**
	 * Returns what the server said.
	 * @param statement the statement that it spoke of, if that is known: its secrets are
	 * left out, too
	 */
	ServerError of(SQLException ex, @Nullable SqlStatement statement) {
		try {
			return ServerError.of(ex, maskOf(statement));
		}
		catch (RuntimeException | Error thrown) {
			// The failure is told all the same, without what may hold a secret.
			logger.debug("What the server said could not be read: {}", thrown.getClass().getName());
			return new ServerError(String.valueOf(ex.getSQLState()),
					"What the server said is left out, since its secrets could not be masked ("
							+ thrown.getClass().getName() + ").",
					null, null, null, null, null, null);
		}
	}

	/** Returns an exception that may be a cause. */
	SQLException withoutSecrets(SQLException ex, @Nullable SqlStatement statement) {
		ServerError error = of(ex, statement);
		SQLException clean = new SQLException(error.toString(), error.sqlState(), ex.getErrorCode());
		clean.setStackTrace(ex.getStackTrace());
		return clean;
	}

	private UnaryOperator<String> maskOf(@Nullable SqlStatement statement) {
		return (statement != null) ? (text) -> statement.mask(this.mask.apply(text)) : this.mask;
	}

}
