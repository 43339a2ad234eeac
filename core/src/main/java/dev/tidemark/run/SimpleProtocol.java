package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.tidemark.error.ServerError;

/**
 * Sends SQL by the simple query protocol, exactly as it is: the driver neither splits it
 * nor looks for parameters in it, whatever the mode of the connection. Rows that it
 * returns are dropped as they come.
 * <p>
 * Several messages can be sent at once; the server runs one after the other, and nobody
 * waits for an answer before the next one is sent. Where a message fails, those behind it
 * run all the same: only an open transaction, in which the server refuses them, makes
 * that safe.
 */
final class SimpleProtocol {

	private static final int FLAGS = QueryExecutor.QUERY_SUPPRESS_BEGIN | QueryExecutor.QUERY_ONESHOT
			| QueryExecutor.QUERY_EXECUTE_AS_SIMPLE | QueryExecutor.QUERY_NO_RESULTS
			| QueryExecutor.QUERY_BOTH_ROWS_AND_STATUS;

	/** The SQLSTATEs with which the server says that it ends a session. */
	private static final String OPERATOR_INTERVENTION = "57P0";

	private static final Logger logger = LoggerFactory.getLogger(SimpleProtocol.class);

	private final QueryExecutor executor;

	private final UnaryOperator<String> mask;

	/** What the server said when it was about to end the session. */
	private volatile @Nullable SQLWarning farewell;

	SimpleProtocol(Connection connection, UnaryOperator<String> mask) throws SQLException {
		this.mask = mask;
		this.executor = connection.unwrap(BaseConnection.class).getQueryExecutor();
	}

	/**
	 * Sends messages and waits until all of them are answered.
	 * @param messages each one or more statements; all but the first must be so short
	 * that they fit into the buffers on the way
	 * @param completed is called whenever the server has completed a command
	 * @return how many rows the last command returned or changed
	 * @throws SQLException the first error; later ones only follow from it
	 */
	long send(List<String> messages, Runnable completed) throws SQLException {
		List<NativeQuery> queries = messages.stream()
			.map((message) -> new NativeQuery(message, null, true, SqlCommand.BLANK))
			.toList();
		Query query = this.executor.wrap(queries);
		Answers answers = new Answers(completed);
		this.executor.execute(query, null, answers, 0, 0, FLAGS);
		return answers.rows;
	}

	/**
	 * Returns what the server said when it ended all sessions, as after a crash: it says
	 * so in a warning, and hangs up.
	 */
	@Nullable SQLWarning farewell() {
		return this.farewell;
	}

	/** Hears what the server answers. */
	private final class Answers extends ResultHandlerBase {

		private final Runnable completed;

		private long rows;

		Answers(Runnable completed) {
			this.completed = completed;
		}

		@Override
		public void handleCommandStatus(String status, long updateCount, long insertOid) {
			this.rows = updateCount;
			if (getException() == null) {
				this.completed.run();
			}
		}

		@Override
		public void handleError(SQLException error) {
			if (getException() == null) {
				super.handleError(error);
			}
		}

		@Override
		public void handleWarning(SQLWarning warning) {
			if (String.valueOf(warning.getSQLState()).startsWith(OPERATOR_INTERVENTION)) {
				SimpleProtocol.this.farewell = warning;
			}
			if (logger.isDebugEnabled()) {
				logger.debug("Server notice: {}", ServerError.of(warning, SimpleProtocol.this.mask).message());
			}
		}

	}

}
