package dev.tidemark.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;

/**
 * The advisory lock that lets one instance migrate at a time. It is polled in auto-commit
 * mode, so a waiting instance holds no snapshot that {@code CREATE INDEX CONCURRENTLY}
 * would wait for. It belongs to the session and goes with it, however the session ends.
 */
final class InstanceLock implements AutoCloseable {

	private static final Duration FIRST_REPORT = Duration.ofSeconds(1);

	private static final Duration NEXT_REPORT = Duration.ofSeconds(10);

	private static final long FIRST_PAUSE_MILLIS = 20;

	private static final long LONGEST_PAUSE_MILLIS = 500;

	private static final Logger logger = LoggerFactory.getLogger(InstanceLock.class);

	private final Session session;

	private final long key;

	private final Duration waited;

	private InstanceLock(Session session, long key, Duration waited) {
		this.session = session;
		this.key = key;
		this.waited = waited;
	}

	/** The key is made of the history's name: who shares a history shares the lock. */
	static long key(HistoryTable table) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest(("tidemark " + table.qualifiedName()).getBytes(StandardCharsets.UTF_8));
			return ByteBuffer.wrap(digest).getLong();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	static InstanceLock acquire(Session session, long key, Duration budget) throws SQLException {
		return new InstanceLock(session, key, await(session.connection(), key, budget));
	}

	private static Duration await(Connection connection, long key, Duration budget) throws SQLException {
		long start = System.nanoTime();
		Duration nextReport = FIRST_REPORT;
		long pause = FIRST_PAUSE_MILLIS;
		while (!tryLock(connection, key)) {
			Duration waited = Duration.ofNanos(System.nanoTime() - start);
			if (waited.compareTo(budget) >= 0) {
				throw notFree(budget, LockHolder.find(connection, key));
			}
			if (waited.compareTo(nextReport) >= 0) {
				report(waited, budget, LockHolder.find(connection, key));
				nextReport = waited.plus(NEXT_REPORT);
			}
			pause(Math.min(pause, budget.minus(waited).toMillis() + 1));
			pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
		}
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static boolean tryLock(Connection connection, long key) throws SQLException {
		return call(connection, "pg_try_advisory_lock", key);
	}

	private static boolean call(Connection connection, String function, long key) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog." + function + "(" + key + ")")) {
			return results.next() && results.getBoolean(1);
		}
	}

	private static void report(Duration waited, Duration budget, Optional<LockHolder> holder) {
		logger.info("Waiting for the instance that migrates: {}; {} of at most {} s", describe(holder),
				waited.toSeconds(), budget.toSeconds());
	}

	private static TidemarkException notFree(Duration budget, Optional<LockHolder> holder) {
		return new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, null,
				"Another instance has been migrating for longer than this one may wait (" + budget.toMillis() + " ms): "
						+ describe(holder) + ".",
				holder.map((
						session) -> "If it works, raise tidemark.wait-timeout or start again later. If it hangs, end it:"
								+ " SELECT pg_terminate_backend(" + session.pid() + ");")
					.orElse("Start again; the lock is free now.")));
	}

	private static String describe(Optional<LockHolder> holder) {
		return holder.map(LockHolder::toString).orElse("a session that is just ending");
	}

	/** Some instances start at once; the random part keeps them from asking at once. */
	private static void pause(long millis) {
		try {
			Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new TidemarkException(
					Problem.error(ErrorCode.INSTANCE_LOCK, null, "The wait for the instance lock was interrupted.",
							"Start again; this instance had not begun to migrate."),
					ex);
		}
	}

	/**
	 * Puts right what a migration did to advisory locks: lets go of those that it left,
	 * and takes this one again if it is gone. Another instance may have had it in
	 * between; then the history tells, whose next rank is taken.
	 * @param held the advisory locks of the session
	 */
	void reclaim(@Nullable String held, Duration budget) throws SQLException {
		String own = Integer.toUnsignedString((int) (this.key >>> 32)) + " " + Integer.toUnsignedString((int) this.key)
				+ " 1 ExclusiveLock";
		if (own.equals(held)) {
			return;
		}
		logger.debug("A migration left the advisory locks: {}", held);
		try (Statement statement = this.session.connection().createStatement()) {
			statement.execute("SELECT pg_catalog.pg_advisory_unlock_all()");
		}
		await(this.session.connection(), this.key, budget);
	}

	Duration waited() {
		return this.waited;
	}

	/** Lets go of the lock, whatever a failed run has left open. */
	@Override
	public void close() {
		try {
			if (!this.session.connection().isClosed()) {
				this.session.rollBack();
				call(this.session.connection(), "pg_advisory_unlock", this.key);
			}
		}
		catch (SQLException ex) {
			// A session that goes back to a pool must not keep the lock for ever.
			logger.debug("The instance lock could not be released; its session is cut", ex);
			this.session.abort();
		}
	}

}
