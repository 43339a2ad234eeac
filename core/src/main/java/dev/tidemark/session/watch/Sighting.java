package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.Backend;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * What a look from another session has shown of a server process.
 */
sealed interface Sighting {

	/**
	 * A process is told by its number and its start. Where it is missing, the start of
	 * the server tells whether the look was at the right one.
	 */
	String QUERY = Operators.qualified("""
			SELECT a.pid IS NOT NULL AND coalesce(a.backend_start = b.start, true),
			  pg_catalog.pg_postmaster_start_time() = b.server_start,
			  CASE WHEN a.wait_event = 'ClientRead' AND a.state = ANY (
			    ARRAY['idle', 'idle in transaction', 'idle in transaction (aborted)'])
			  THEN extract(epoch FROM (pg_catalog.clock_timestamp() - a.state_change)) * 1000000 END
			FROM (SELECT\s""");

	/** Behind the process that is looked at. */
	String PROCESS = """
			) AS b (pid, start, server_start)
			LEFT JOIN LATERAL pg_catalog.pg_stat_get_activity(b.pid) AS a ON true""";

	/**
	 * Looks at a process.
	 * @param connection a connection of another session
	 * @param backend the process
	 */
	static Sighting of(Connection connection, Backend backend) throws SQLException {
		// The driver would write a parameter with a type that the search path decides.
		String query = QUERY + backend.pid() + ", " + time(backend.start()) + ", " + time(backend.serverStart())
				+ PROCESS;
		try (Statement statement = connection.createStatement(); ResultSet results = statement.executeQuery(query)) {
			results.next();
			if (results.getBoolean(1)) {
				long micros = results.getLong(3);
				return new Present(results.wasNull() ? null : Duration.of(micros, ChronoUnit.MICROS));
			}
			return results.getBoolean(2) ? new Gone() : new Elsewhere();
		}
	}

	private static String time(String text) {
		return StringLiteral.quote(text) + "::pg_catalog.timestamptz";
	}

	/**
	 * The process is there.
	 *
	 * @param listening for how long it has been doing nothing but wait for its client's
	 * next message, or {@code null} if it does something
	 */
	record Present(@Nullable Duration listening) implements Sighting {
	}

	/** The process has ended. */
	record Gone() implements Sighting {
	}

	/** The server of the process was started again since, so no old process is left. */
	record Restarted() implements Sighting {
	}

	/**
	 * Another server answered, or nobody can tell whether it is that of the process after
	 * a start.
	 */
	record Elsewhere() implements Sighting {
	}

}
