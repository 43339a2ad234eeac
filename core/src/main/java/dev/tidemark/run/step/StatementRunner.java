package dev.tidemark.run.step;

import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.run.failure.Origin;
import dev.tidemark.run.failure.StatementFailures;
import dev.tidemark.run.failure.StepFailure;
import dev.tidemark.run.progress.Work;
import dev.tidemark.session.Session;
import dev.tidemark.session.settings.Setting;
import dev.tidemark.session.watch.StatementWatch;
import dev.tidemark.sql.script.SqlStatement;

/**
 * Runs statements one at a time, each under watch, in a session whose transactions are
 * the business of the caller.
 */
final class StatementRunner {

	private final Session session;

	private final StatementWatch watch;

	private final Origin origin;

	private final StatementFailures failures;

	private @Nullable SqlStatement current;

	/**
	 * Prepares to run.
	 * @param origin where the statements come from
	 * @param failures says what their failures mean
	 */
	StatementRunner(Session session, StatementWatch watch, Origin origin, StatementFailures failures) {
		this.session = session;
		this.watch = watch;
		this.origin = origin;
		this.failures = failures;
	}

	/** Takes out of what the catalogue tells of a statement what must not be seen. */
	static String masked(Session session, SqlStatement statement, String text) {
		return statement.mask(session.settings().mask().apply(text));
	}

	/** Runs a statement. */
	void run(SqlStatement statement) throws StepFailure {
		run(statement, statement.text(), null);
	}

	/** Runs SQL that clears up behind a statement. */
	void run(SqlStatement statement, String sql) throws StepFailure {
		run(statement, sql, null);
	}

	/**
	 * Runs a statement, and a query right behind it in the same round trip.
	 * @param check the query, or {@code null} to make none
	 * @return how many rows the query had; none if it was not made
	 */
	long runWithCheck(SqlStatement statement, @Nullable String check) throws StepFailure {
		return run(statement, statement.text(), check);
	}

	private long run(SqlStatement statement, String sql, @Nullable String check) throws StepFailure {
		beginWatch(statement);
		try {
			return send(statement, sql, check);
		}
		catch (SQLException ex) {
			throw this.failures.failed(statement, ex);
		}
		catch (RuntimeException | Error ex) {
			throw this.failures.unexpected(statement, ex);
		}
		finally {
			endWatch();
		}
	}

	private long send(SqlStatement statement, String sql, @Nullable String check) throws SQLException {
		if (statement.copyData() != null) {
			copy(statement);
			return 0;
		}
		if (check != null) {
			return this.session.execute(sql, check);
		}
		this.session.execute(sql);
		return 0;
	}

	/** Sends the rows that follow a statement. */
	void copy(SqlStatement statement) throws SQLException {
		this.session.copyIn(statement.text(), statement.copyRows());
	}

	/**
	 * Runs something that waits for others in turn, for as long as such a command may.
	 */
	void runInTurn(Part part) throws StepFailure {
		String before = swap(new Setting("lock_timeout", this.session.settings().concurrentLockTimeout()).value());
		try {
			part.run();
		}
		finally {
			if (this.session.isAlive()) {
				swap(before);
			}
		}
	}

	/**
	 * Lets statements wait for locks as long as their file says, until the session is
	 * made fresh, or the transaction in which it is said is rolled back.
	 * @param lockTimeout what the file says, or {@code null} if it says nothing
	 * @return the timeout that counted before, or {@code null} if it still does
	 */
	@Nullable String lockTimeout(@Nullable Duration lockTimeout) throws StepFailure {
		return (lockTimeout != null) ? swap(new Setting("lock_timeout", lockTimeout).value()) : null;
	}

	/**
	 * Runs a file that says itself how long its statements wait for locks, in a session
	 * that goes on with other ones. After a failure, it does not before it is made fresh
	 * or rolled back.
	 * @param lockTimeout what it says, or {@code null} if it says nothing
	 */
	void runFile(@Nullable Duration lockTimeout, Part file) throws StepFailure {
		String before = lockTimeout(lockTimeout);
		file.run();
		if (before != null) {
			swap(before);
		}
	}

	private String swap(String lockTimeout) throws StepFailure {
		try {
			return this.session.swapLockTimeout(lockTimeout);
		}
		catch (SQLException ex) {
			throw this.failures.failed(null, ex);
		}
	}

	boolean isInTransaction() throws StepFailure {
		try {
			return this.session.isInTransaction();
		}
		catch (SQLException ex) {
			throw this.failures.failed(null, ex);
		}
	}

	void beginWatch(SqlStatement statement) {
		this.current = statement;
		this.watch.begin(Work.of(this.origin, statement));
	}

	/** Looks after a commit and our own writes before it. */
	void beginCommit() {
		this.watch.begin(Work.commit(this.origin));
	}

	void endWatch() {
		this.watch.end();
	}

	/** Returns the statement that began last, {@code null} if none did. */
	@Nullable SqlStatement current() {
		return this.current;
	}

	/** Some of the statements. */
	@FunctionalInterface
	interface Part {

		void run() throws StepFailure;

	}

}
