package dev.tidemark.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Pattern;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.MigrationState;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * A run that goes on although it does not hold the instance lock any more, since a
 * statement of it has released all advisory locks. It takes the lock again as soon as the
 * statement is through; whoever got it in the meantime makes way.
 */
final class RunWithoutLock {

	/** How long a server process may wait for its client, which is at work, too. */
	private static final int LONGEST_IDLE_SECONDS = 10;

	/** A process id, and when the process started, in ISO style with its offset. */
	private static final Pattern PROCESS = Pattern
		.compile("[0-9]{1,9} [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?[+-][0-9:]{2,8}");

	private static final Duration PAUSE = Duration.ofMillis(600);

	/** Our own rights, not those of a role that owns tables only. */
	private static final String AS_LOGIN = "SELECT pg_catalog.set_config('role', 'none', true); ";

	private static final Logger logger = PlainLogger.of(RunWithoutLock.class);

	private final Session session;

	private final InstanceLock lock;

	private final long start = System.nanoTime();

	private boolean told;

	RunWithoutLock(Session session, InstanceLock lock) {
		this.session = session;
		this.lock = lock;
	}

	/**
	 * Looks whether there is such a run, and lets it have the lock.
	 * @param history the history as it is while the lock is held here
	 * @return whether there was, so that the history has to be read again
	 * @throws TidemarkException if it has not taken its lock for as long as this one may
	 * wait for it
	 */
	boolean isToldBy(History history) throws SQLException {
		for (HistoryEntry entry : history.last()) {
			String process = (entry.state() == MigrationState.RUNNING) ? entry.process() : null;
			if (process != null && isAtWork(process)) {
				makeWay(entry, process.substring(0, process.indexOf(' ')));
				return true;
			}
		}
		return false;
	}

	private void makeWay(HistoryEntry running, String pid) throws SQLException {
		Duration waited = Duration.ofNanos(System.nanoTime() - this.start);
		if (waited.compareTo(this.lock.budget()) >= 0) {
			throw new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, Place.file(running.script()),
					"Another instance is running " + running.identity().inWords() + ": its server process has the pid "
							+ pid
							+ ". It does not hold the instance lock any more, as a statement of it has released all"
							+ " advisory locks, and takes it again when that statement is through.",
					"If it works, raise tidemark.wait-timeout or start again later. If it hangs, end it:"
							+ " SELECT pg_terminate_backend(" + pid + ");"));
		}
		if (!this.told) {
			this.told = true;
			logger.info("Waiting for server process {}, which runs {} although it has released the instance lock", pid,
					running.identity().inWords());
		}
		this.lock.lend(PAUSE);
	}

	/** Another process that got the same number later has another start. */
	private boolean isAtWork(String process) throws SQLException {
		if (!PROCESS.matcher(process).matches()) {
			return false;
		}
		int end = process.indexOf(' ');
		try (Statement statement = this.session.connection().createStatement()) {
			statement.execute(AS_LOGIN + Operators
				.qualified("SELECT 1 FROM pg_catalog.pg_stat_get_activity(" + process.substring(0, end)
						+ ") AS a WHERE (a.backend_start = " + StringLiteral.quote(process.substring(end + 1))
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
