package dev.tidemark.session.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.tidemark.session.Look;
import dev.tidemark.session.watch.Activity;
import dev.tidemark.session.watch.SessionWords;
import dev.tidemark.sql.Operators;

/**
 * Asks the server who holds a lock.
 *
 * @since 0.1.0
 */
public final class LockHolders {

	/** Characters are not cut in two. */
	private static final String CUT = """
			CASE WHEN pg_catalog.octet_length(a.query) > (pg_catalog.pg_size_bytes(
			    pg_catalog.current_setting('track_activity_query_size')) - 5)
			  THEN pg_catalog.char_length(a.query) END""";

	private static final String COLUMNS = """
			SELECT a.pid, a.usename, a.application_name,
			  CASE WHEN a.client_port = -1 THEN '' ELSE pg_catalog.host(a.client_addr) END,
			  extract(epoch FROM (pg_catalog.clock_timestamp() - a.backend_start)) * 1000, a.state,
			  %s, extract(epoch FROM pg_catalog.clock_timestamp() - a.query_start) * 1000, %s, %s
			""".formatted(SessionWords.visible("a.query"), SessionWords.grant("a.query"), CUT);

	private static final String WITH_LOCK = Operators.qualified(COLUMNS + """
			FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
			WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
			  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
			  AND ((l.classid::bigint << 32) | l.objid::bigint) =\s""");

	private static final String WITHOUT_LOCK = Operators
		.qualified(COLUMNS + "FROM pg_catalog.pg_stat_activity a WHERE a.pid = ");

	private LockHolders() {
	}

	/**
	 * Looks for the session that holds a lock.
	 * @param connection an idle connection
	 * @param mask takes out of statements what must not be seen, besides the secrets that
	 * are recognised by themselves
	 * @return the session, empty if the lock is free
	 */
	public static Optional<LockHolder> find(Connection connection, LockKey key, UnaryOperator<String> mask)
			throws SQLException {
		// The driver would write a parameter with a type that the search path decides.
		return query(connection, WITH_LOCK + "'" + key.value() + "'", true, mask);
	}

	/**
	 * Looks at a session that is at work although it does not hold the lock.
	 * @param pid the process id of its backend
	 * @return the session, empty if it has ended
	 */
	public static Optional<LockHolder> withoutLock(Connection connection, int pid, UnaryOperator<String> mask)
			throws SQLException {
		return query(connection, WITHOUT_LOCK + pid, false, mask);
	}

	private static Optional<LockHolder> query(Connection connection, String query, boolean locked,
			UnaryOperator<String> mask) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = Look.query(statement, query)) {
			if (!results.next()) {
				return Optional.empty();
			}
			Activity activity = Activity.of(connection, results.getInt(1), mask);
			return Optional.of(new LockHolder(results.getInt(1), results.getString(2), results.getString(3),
					results.getString(4), SessionWords.millis(results, 5), results.getString(6),
					SessionWords.excerpt(results.getString(7), mask), results.getObject(10, Integer.class),
					SessionWords.millis(results, 8), activity, results.getString(9), locked));
		}
	}

}
