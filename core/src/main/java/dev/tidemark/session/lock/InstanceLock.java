package dev.tidemark.session.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.script.SqlStatement;

/**
 * The advisory lock that lets one instance at a time do something, such as migrate. It is
 * polled in auto-commit mode, so a waiting instance holds no snapshot that
 * {@code CREATE INDEX CONCURRENTLY} would wait for. It belongs to the session and goes
 * with it, however the session ends.
 *
 * @since 0.1.0
 */
public final class InstanceLock implements AutoCloseable {

	/** Is added to the rows of {@link #hold} where the lock was held all the time. */
	private static final int KEPT = 2;

	/**
	 * Is added to the rows of {@link #hold} where the lock was gone, and is held again.
	 */
	private static final int TAKEN_AGAIN = 4;

	private static final Duration FIRST_REPORT = Duration.ofSeconds(1);

	private static final Duration NEXT_REPORT = Duration.ofSeconds(10);

	private static final long FIRST_PAUSE_MILLIS = 20;

	private static final long LONGEST_PAUSE_MILLIS = 500;

	/**
	 * The commands that call functions by themselves, and so may take or release locks.
	 */
	private static final Set<String> CALLS = Set.of("CALL", "DO", "EXECUTE", "SELECT", "VALUES", "WITH", "DISCARD ALL",
			"UNRECOGNISED");

	private static final String NO_OTHER = Operators
		.qualified(" AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks"
				+ " WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()) = 1");

	private static final Logger logger = PlainLogger.of(InstanceLock.class);

	private final Session session;

	private final LockKey key;

	private final Duration budget;

	private final Duration waited;

	private boolean kept = true;

	private InstanceLock(Session session, LockKey key, Duration budget, Duration waited) {
		this.session = session;
		this.key = key;
		this.budget = budget;
		this.waited = waited;
	}

	public static InstanceLock acquire(Session session, LockKey key, Duration budget) throws SQLException {
		return new InstanceLock(session, key, budget, await(session, key, budget));
	}

	private static Duration await(Session session, LockKey key, Duration budget) throws SQLException {
		Connection connection = session.connection();
		long start = System.nanoTime();
		Duration nextReport = FIRST_REPORT;
		long pause = FIRST_PAUSE_MILLIS;
		while (!tryLock(connection, key)) {
			Duration waited = Duration.ofNanos(System.nanoTime() - start);
			if (waited.compareTo(budget) >= 0) {
				throw notFree(key.purpose(), budget, LockHolders.find(connection, key, session.settings().mask()));
			}
			if (waited.compareTo(nextReport) >= 0) {
				report(key.purpose(), waited, budget, LockHolders.find(connection, key, session.settings().mask()));
				nextReport = waited.plus(NEXT_REPORT);
			}
			pause(Math.min(pause, budget.minus(waited).toMillis() + 1));
			pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
		}
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/**
	 * Takes the lock twice, so that the {@link #check} never lets go of it for a moment.
	 */
	private static boolean tryLock(Connection connection, LockKey key) throws SQLException {
		return call(connection, "CASE WHEN %1$s(%2$d) THEN %1$s(%2$d) ELSE false END"
			.formatted("pg_catalog.pg_try_advisory_lock", key.value()));
	}

	private static boolean call(Connection connection, String expression) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT " + expression)) {
			return results.next() && results.getBoolean(1);
		}
	}

	private static void report(LockPurpose purpose, Duration waited, Duration budget, Optional<LockHolder> holder) {
		logger.info("Waiting for the instance that {}: {}; {} of at most {} s", purpose.does(), describe(holder),
				waited.toSeconds(), budget.toSeconds());
	}

	private static TidemarkException notFree(LockPurpose purpose, Duration budget, Optional<LockHolder> holder) {
		return new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, null,
				"Another instance has been " + purpose.doing() + " for longer than this one may wait ("
						+ budget.toMillis() + " ms): " + describe(holder) + ".",
				holder
					.map((session) -> "If it works, raise " + SettingNames.name("locks.wait-timeout")
							+ " or start again later. If it hangs, end it:" + " SELECT pg_terminate_backend("
							+ session.pid() + ");")
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
			throw new TidemarkException(Problem.error(ErrorCode.INSTANCE_LOCK, null,
					"The wait for the instance lock was interrupted.", "Start again."), ex);
		}
	}

	/**
	 * Returns a query that has one row if advisory locks are as they should be after a
	 * migration: this one is held, and no other. It is asked with every migration, so it
	 * does without the server's list of locks, which costs as much as a small migration,
	 * where no statement calls a function by itself. What a trigger may have taken is
	 * then let go with the session.
	 * @param statements what the migration has run
	 */
	public String check(List<SqlStatement> statements) {
		return statements.stream().anyMatch(InstanceLock::mayTakeLocks) ? check() : held();
	}

	/** Returns the same query for what may have done anything, as code does. */
	public String check() {
		return held() + NO_OTHER;
	}

	private String held() {
		return "SELECT 1 WHERE CASE WHEN pg_catalog.pg_advisory_unlock(" + this.key.value()
				+ ") THEN pg_catalog.pg_try_advisory_lock(" + this.key.value() + ") ELSE false END";
	}

	/**
	 * Adds to a query, which has one row or none, whether this lock is held, and takes it
	 * again at once if it is not. Locks that a script holds are left alone.
	 * @param check the query
	 * @return a query whose number of rows tells both
	 */
	public String hold(String check) {
		String unlocked = "pg_catalog.pg_advisory_unlock(" + this.key.value() + ")";
		String locked = "pg_catalog.pg_try_advisory_lock(" + this.key.value() + ")";
		return check + " UNION ALL SELECT 1 FROM pg_catalog.generate_series(1, CASE WHEN " + unlocked
				+ " THEN CASE WHEN " + locked + " THEN " + KEPT + " ELSE 0 END WHEN " + locked + " THEN CASE WHEN "
				+ locked + " THEN " + TAKEN_AGAIN + " ELSE 0 END ELSE 0 END)";
	}

	/**
	 * Tells from the rows of {@link #hold} whether the query that it began with had one.
	 */
	public static boolean hadRow(long rows) {
		return (rows & 1) == 1;
	}

	/**
	 * Takes the lock again if it is gone in the middle of a migration, waiting for who
	 * has it now.
	 * @param rows how many rows {@link #hold} had; none if it was not asked
	 * @return whether the lock was held all the time, so that nobody else can have worked
	 * in between
	 */
	public boolean holdOn(long rows) throws SQLException {
		if ((rows & TAKEN_AGAIN) != 0) {
			return false;
		}
		if ((rows & KEPT) != 0 || this.session.hasRow(held())) {
			return true;
		}
		await(this.session, this.key, this.budget);
		return false;
	}

	/**
	 * Lets somebody else have the lock, and takes it again after them.
	 * @param pause how long to leave it free at least
	 */
	public void lend(Duration pause) throws SQLException {
		call(this.session.connection(),
				"%1$s(%2$d) AND %1$s(%2$d)".formatted("pg_catalog.pg_advisory_unlock", this.key.value()));
		pause(pause.toMillis());
		await(this.session, this.key, this.budget);
	}

	public Duration budget() {
		return this.budget;
	}

	/**
	 * Tells whether a statement calls a function by itself, which may do anything: a
	 * query without a parenthesis names none.
	 */
	public static boolean callsFunctions(SqlStatement statement) {
		String command = statement.command();
		boolean query = command.equals("SELECT") || command.equals("VALUES") || command.equals("WITH");
		return CALLS.contains(command) && (!query || statement.text().indexOf('(') >= 0);
	}

	private static boolean mayTakeLocks(SqlStatement statement) {
		if (CALLS.contains(statement.command())) {
			return true;
		}
		// Holds for any function of advisory locks; what it finds besides costs little.
		String text = statement.text();
		return text.contains("_advisory_") || text.contains("_ADVISORY_");
	}

	/** Hears how many rows the {@link #check} had. */
	public void checked(long rows) {
		this.kept = rows == 1;
	}

	/**
	 * Puts right what a migration did to advisory locks: lets go of those that it left,
	 * and takes this one again if it is gone. Another instance may have had it in
	 * between; then the history tells, whose next rank is taken. Does nothing where the
	 * last check found all in order.
	 */
	public void reclaim(Duration budget) throws SQLException {
		if (this.kept) {
			return;
		}
		logger.debug("A migration left advisory locks, or released that of the run");
		try (Statement statement = this.session.connection().createStatement()) {
			statement.execute("SELECT pg_catalog.pg_advisory_unlock_all()");
		}
		await(this.session, this.key, budget);
		this.kept = true;
	}

	public Duration waited() {
		return this.waited;
	}

	/**
	 * Lets go of the lock, whatever a failed run has left open. A session that is closed
	 * right after, and unlocks everything then, need not be asked twice.
	 */
	@Override
	public void close() {
		try {
			if (!this.session.connection().isClosed()) {
				this.session.rollBack();
				if (!this.session.unlocksAtClose()) {
					call(this.session.connection(),
							"%1$s(%2$d) AND %1$s(%2$d)".formatted("pg_catalog.pg_advisory_unlock", this.key.value()));
				}
			}
		}
		catch (SQLException ex) {
			// A session that goes back to a pool must not keep the lock for ever.
			logger.debug("The instance lock could not be released; its session is cut: {}", this.session.errorOf(ex));
			this.session.abort();
		}
	}

}
