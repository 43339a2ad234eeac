package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.session.Look;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.lock.LockHolders;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * The server process that a running row names as the one at work on its migration.
 *
 * @param pid its process id
 * @param start when it started, in ISO style with its offset: another process that got
 * the same number later has another start
 * @since 0.1.0
 */
public record ServerProcess(int pid, String start) {

	/** How long a server process may wait for its client, which is at work, too. */
	private static final int LONGEST_IDLE_SECONDS = 10;

	private static final Pattern RECORDED = Pattern
		.compile("[0-9]{1,9} [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?[+-][0-9:]{2,8}");

	/** Our own rights, not those of a role that owns tables only. */
	private static final String AS_LOGIN = "SELECT pg_catalog.set_config('role', 'none', true); ";

	/** Returns the process of a run that has not ended, empty if its row names none. */
	public static Optional<ServerProcess> of(HistoryEntry entry) {
		String process = (entry.state() == MigrationState.RUNNING) ? entry.process() : null;
		if (process == null || !RECORDED.matcher(process).matches()) {
			return Optional.empty();
		}
		int end = process.indexOf(' ');
		return Optional.of(new ServerProcess(Integer.parseInt(process.substring(0, end)), process.substring(end + 1)));
	}

	/**
	 * Looks for the session that is at work on a migration although it does not hold the
	 * lock.
	 * @param history the history, read after the lock was seen to be free
	 * @param mask takes out of statements what must not be seen, besides the secrets that
	 * are recognised by themselves
	 */
	public static Optional<LockHolder> withoutLock(Connection connection, History history, UnaryOperator<String> mask)
			throws SQLException {
		for (HistoryEntry entry : history.last()) {
			Optional<ServerProcess> process = of(entry);
			if (process.isPresent() && process.get().isAtWork(connection)) {
				return LockHolders.withoutLock(connection, process.get().pid(), mask);
			}
		}
		return Optional.empty();
	}

	/**
	 * Looks whether the process works for the run still. Of one that the login may not
	 * look at nobody can tell, so that it counts as gone.
	 */
	public boolean isAtWork(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			Look.send(statement, AS_LOGIN + Operators.qualified("SELECT 1 FROM pg_catalog.pg_stat_get_activity("
					+ this.pid + ") AS a WHERE (a.backend_start = " + StringLiteral.quote(this.start)
					+ "::pg_catalog.timestamptz) AND (a.pid <> pg_catalog.pg_backend_pid())"
					+ " AND (a.state <> 'disabled') AND ((a.state <> 'idle') OR (a.state_change >"
					+ " (pg_catalog.clock_timestamp() - '" + LONGEST_IDLE_SECONDS + " s'::pg_catalog.interval)))"));
			statement.getMoreResults();
			try (ResultSet results = statement.getResultSet()) {
				return results.next();
			}
		}
	}

}
