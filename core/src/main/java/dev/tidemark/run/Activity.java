package dev.tidemark.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;
import dev.tidemark.sql.Secrets;

/**
 * What the server says a backend is doing now.
 *
 * @param waitsFor the kind of event that it waits for, such as {@code Lock}, or
 * {@code null} if it works
 * @param progress how far its command has come, or {@code null} if PostgreSQL does not
 * report it
 * @param blockers the sessions whose locks it waits for
 */
public record Activity(@Nullable String waitsFor, @Nullable Progress progress, List<Blocker> blockers) {

	/** What is known of a backend that cannot be looked at. */
	static final Activity UNKNOWN = new Activity(null, null, List.of());

	private static final String STATE = Operators.qualified(
			"""
					SELECT a.wait_event_type, p.phase,
					  CASE WHEN p.total > 0 THEN least(100, (100 * p.done) / p.total)::int END
					FROM pg_catalog.pg_stat_activity a LEFT JOIN (
					  SELECT pid, command || ': ' || phase AS phase,
					    CASE WHEN tuples_total > 0 THEN tuples_done WHEN blocks_total > 0 THEN blocks_done ELSE lockers_done END AS done,
					    CASE WHEN tuples_total > 0 THEN tuples_total WHEN blocks_total > 0 THEN blocks_total ELSE lockers_total END AS total
					  FROM pg_catalog.pg_stat_progress_create_index
					  UNION ALL SELECT pid, 'VACUUM: ' || phase, heap_blks_scanned, heap_blks_total
					  FROM pg_catalog.pg_stat_progress_vacuum
					  UNION ALL SELECT pid, command || ': ' || phase, heap_blks_scanned, heap_blks_total
					  FROM pg_catalog.pg_stat_progress_cluster
					  UNION ALL SELECT pid, command || ': ' || tuples_processed || ' rows', bytes_processed, bytes_total
					  FROM pg_catalog.pg_stat_progress_copy
					) p ON p.pid = a.pid
					WHERE a.pid =\s""");

	private static final String BLOCKERS = Operators.qualified("""
			SELECT pid, usename, application_name, state,
			  coalesce(extract(epoch FROM (pg_catalog.clock_timestamp() - xact_start)) * 1000, 0),
			  query
			FROM pg_catalog.pg_stat_activity WHERE pid = ANY (pg_catalog.pg_blocking_pids(""");

	/** Copies the list. */
	public Activity {
		blockers = List.copyOf(blockers);
	}

	/**
	 * Asks the server about a backend.
	 * @param connection a connection of another session
	 * @param pid the process id of the backend
	 * @param mask takes out of statements what must not be seen, besides the secrets that
	 * are recognised by themselves
	 * @return what it does; nothing is known of one that is gone
	 * @throws SQLException if the query fails
	 */
	public static Activity of(Connection connection, int pid, UnaryOperator<String> mask) throws SQLException {
		Activity state = state(connection, pid);
		return new Activity(state.waitsFor(), state.progress(), blockers(connection, pid, mask));
	}

	/**
	 * Returns the beginning of a statement on one line, without secrets and string
	 * constants: nobody here knows what another session works with.
	 */
	static @Nullable String excerpt(@Nullable String query, UnaryOperator<String> mask) {
		return (query != null) ? Secrets.mask(Secrets.withoutConstants(mask.apply(query))) : null;
	}

	private static Activity state(Connection connection, int pid) throws SQLException {
		// The driver would write a parameter with a type that the search path decides.
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(STATE + pid)) {
			if (!results.next()) {
				return UNKNOWN;
			}
			String phase = results.getString(2);
			Progress progress = (phase != null) ? new Progress(phase, results.getObject(3, Integer.class)) : null;
			return new Activity(results.getString(1), progress, List.of());
		}
	}

	private static List<Blocker> blockers(Connection connection, int pid, UnaryOperator<String> mask)
			throws SQLException {
		List<Blocker> blockers = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(BLOCKERS + pid + ")) ORDER BY xact_start")) {
			while (results.next()) {
				blockers.add(
						new Blocker(results.getInt(1), results.getString(2), results.getString(3), results.getString(4),
								Duration.ofMillis(results.getLong(5)), excerpt(results.getString(6), mask)));
			}
		}
		return blockers;
	}

	/** Returns what it does in words. */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		if (this.progress != null) {
			text.append(this.progress);
		}
		if (!this.blockers.isEmpty()) {
			text.append((text.length() > 0) ? ", " : "").append("waits for ");
			text.append(String.join(" and ", this.blockers.stream().map(Blocker::toString).toList()));
		}
		else if (this.waitsFor != null) {
			text.append((text.length() > 0) ? ", " : "").append("waits for ").append(this.waitsFor);
		}
		return (text.length() > 0) ? text.toString() : "working";
	}

}
