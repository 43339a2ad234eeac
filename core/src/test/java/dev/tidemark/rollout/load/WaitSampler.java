package dev.tidemark.rollout.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.TestDatabase;

/**
 * Counts the requests that wait for sessions of Tidemark, from a session of another
 * database, so that it is no company for a backfill that is alone.
 */
final class WaitSampler implements AutoCloseable {

	private static final long INTERVAL_NANOS = Duration.ofMillis(20).toNanos();

	private static final String WAITING = """
			SELECT w.pid || ' ' || w.since FROM (
			  SELECT pid, min(waitstart) AS since FROM pg_locks WHERE NOT granted GROUP BY pid) w
			WHERE EXISTS (SELECT FROM unnest(pg_blocking_pids(w.pid)) b (pid)
			  JOIN pg_stat_activity a ON a.pid = b.pid AND a.application_name LIKE 'tidemark%')""";

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<Void> work;

	private volatile boolean closed;

	WaitSampler(TestDatabase database) {
		this.work = OwnThread.run(() -> sample(database));
	}

	private void sample(TestDatabase database) throws SQLException {
		try (Connection connection = DriverManager.getConnection(database.server().jdbcUrl("postgres"), database.user(),
				database.password()); Statement statement = connection.createStatement()) {
			while (!this.closed) {
				try (ResultSet results = statement.executeQuery(WAITING)) {
					while (results.next()) {
						this.seen.add(results.getString(1));
					}
				}
				LockSupport.parkNanos(INTERVAL_NANOS);
			}
		}
	}

	/** Returns how many requests were seen that waited. */
	int count() {
		return this.seen.size();
	}

	@Override
	public void close() {
		this.closed = true;
		this.work.join();
	}

}
