package dev.tidemark.session;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.Tuple;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
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

	private static final int WITH_ROWS = QueryExecutor.QUERY_SUPPRESS_BEGIN | QueryExecutor.QUERY_ONESHOT
			| QueryExecutor.QUERY_EXECUTE_AS_SIMPLE | QueryExecutor.QUERY_BOTH_ROWS_AND_STATUS;

	private static final int FLAGS = WITH_ROWS | QueryExecutor.QUERY_NO_RESULTS;

	/** Notices have other codes, or none. */
	private static final String WARNING = "01";

	/**
	 * The code of the warning that an administrator has ended the wait of a commit. Its
	 * detail says that the commit is done; a mere farewell has none.
	 */
	private static final String SHUTDOWN = "57P01";

	/** The SQLSTATEs with which the server says that it ends a session. */
	private static final String OPERATOR_INTERVENTION = "57P0";

	private static final Logger logger = PlainLogger.of(SimpleProtocol.class);

	private final QueryExecutor executor;

	private final UnaryOperator<String> mask;

	/** What the server said when it was about to end the session. */
	private volatile @Nullable SQLWarning farewell;

	private final Supplier<String> subject;

	/**
	 * Speaks to the server of a connection.
	 * @param mask takes out of notices what must not be seen
	 * @param subject tells for what the session works
	 */
	SimpleProtocol(BaseConnection connection, UnaryOperator<String> mask, Supplier<String> subject) {
		this.mask = mask;
		this.subject = subject;
		this.executor = connection.getQueryExecutor();
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
		Answers answers = new Answers((answer) -> completed.run());
		this.executor.execute(query(messages), null, answers, 0, 0, FLAGS);
		return answers.rows;
	}

	/**
	 * Sends messages and waits until all of them are answered.
	 * @param messages as {@link #send} takes them
	 * @param answered hears what each command answered, up to the first error
	 * @throws SQLException the first error; later ones only follow from it
	 */
	void ask(List<String> messages, Consumer<CommandAnswer> answered) throws SQLException {
		this.executor.execute(query(messages), null, new Answers(answered), 0, 0, WITH_ROWS);
	}

	private Query query(List<String> messages) {
		List<NativeQuery> queries = messages.stream()
			.map((message) -> new NativeQuery(message, null, true, SqlCommand.BLANK))
			.toList();
		return this.executor.wrap(queries);
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

		private final Consumer<CommandAnswer> answered;

		private List<List<@Nullable String>> table = List.of();

		/** The last warning of the command that runs. */
		private @Nullable SQLWarning warning;

		private long rows;

		Answers(Consumer<CommandAnswer> answered) {
			this.answered = answered;
		}

		@Override
		public void handleResultRows(Query query, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
			this.table = tuples.stream().map(Answers::texts).toList();
		}

		private static List<@Nullable String> texts(Tuple tuple) {
			List<@Nullable String> texts = new ArrayList<>();
			for (int i = 0; i < tuple.fieldCount(); i++) {
				byte[] text = tuple.get(i);
				texts.add((text != null) ? new String(text, StandardCharsets.UTF_8) : null);
			}
			return texts;
		}

		@Override
		public void handleCommandStatus(String status, long updateCount, long insertOid) {
			if (status.equals("COMMIT")) {
				tellWarning();
			}
			this.warning = null;
			this.rows = updateCount;
			if (getException() == null) {
				this.answered.accept(new CommandAnswer(updateCount, this.table));
			}
			this.table = List.of();
		}

		@Override
		public void handleError(SQLException error) {
			if (ServerError.of(error).isConnectionLost() && this.warning != null
					&& ServerError.of(this.warning).is(SHUTDOWN)) {
				tellWarning();
			}
			this.warning = null;
			if (getException() == null) {
				super.handleError(error);
			}
		}

		@Override
		public void handleWarning(SQLWarning notice) {
			if (ServerError.is(notice, WARNING) || (ServerError.is(notice, SHUTDOWN)
					&& ServerError.of(notice, SimpleProtocol.this.mask).detail() != null)) {
				this.warning = notice;
			}
			if (ServerError.is(notice, OPERATOR_INTERVENTION)) {
				SimpleProtocol.this.farewell = notice;
			}
			if (logger.isDebugEnabled()) {
				// To mask it costs more than the server takes to send it.
				logger.debug("Server notice: {}", ServerError.of(notice, SimpleProtocol.this.mask).message());
			}
		}

		/**
		 * What the server has to say of a commit is about what it is worth, as that it
		 * waited for a standby in vain.
		 */
		private void tellWarning() {
			if (this.warning != null) {
				logger.warn("The server warns at the commit of {}: {}", SimpleProtocol.this.subject.get(),
						ServerError.of(this.warning, SimpleProtocol.this.mask));
			}
		}

	}

}
