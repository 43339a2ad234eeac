package dev.tidemark.session;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Looks into the database in a session that nobody has set up yet, where the time-outs
 * hold that login, database or pool have for the short statements of an application. None
 * of them cuts a look: they are off in its transaction, which begins and ends with it, so
 * that also behind a pooler nobody else meets that. All goes in one message, for the cost
 * of one round trip.
 *
 * @since 0.1.0
 */
public final class Look {

	private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 17;

	private Look() {
	}

	/**
	 * Runs a query.
	 * @param statement a statement of an idle connection in auto-commit mode
	 * @param query the query
	 * @return its rows
	 * @throws SQLException if the query fails
	 */
	public static ResultSet query(Statement statement, String query) throws SQLException {
		send(statement, query);
		return statement.getResultSet();
	}

	/**
	 * Runs queries one after the other.
	 * @param statement a statement of an idle connection in auto-commit mode, which has
	 * the rows of the first query then
	 * @param queries the queries, divided by semicolons
	 * @throws SQLException if a query fails
	 */
	public static void send(Statement statement, String queries) throws SQLException {
		List<String> off = off(statement);
		statement.execute(String.join("; ", off) + "; " + queries);
		for (int i = 0; i < off.size(); i++) {
			statement.getMoreResults();
		}
	}

	/**
	 * A time-out of a millisecond is over before the server has found a function, which
	 * {@code SET} does not need. Only in a simple message is that a transaction of its
	 * own, though, in which {@code LOCAL} means something to all servers.
	 */
	private static List<String> off(Statement statement) throws SQLException {
		boolean transaction = statement.getConnection()
			.getMetaData()
			.getDatabaseMajorVersion() >= FIRST_WITH_TRANSACTION_TIMEOUT;
		Stream<String> timeouts = Stream.of("statement_timeout", "lock_timeout", "transaction_timeout")
			.filter((name) -> transaction || !name.startsWith("transaction"));
		PreferQueryMode mode = statement.getConnection().unwrap(PGConnection.class).getPreferQueryMode();
		return (mode == PreferQueryMode.SIMPLE) ? timeouts.map((name) -> "SET LOCAL " + name + " = 0").toList()
				: List.of("SELECT " + timeouts.map((name) -> "pg_catalog.set_config('" + name + "', '0', true)")
					.collect(Collectors.joining(", ")));
	}

}
