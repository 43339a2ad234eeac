package dev.tidemark.session.settings;

import java.time.Duration;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * How the session that migrates is set up.
 *
 * @param applicationName what {@code application_name} says of it
 * @param role the role that it becomes after the login, or {@code null} to stay the one
 * that logged in
 * @param schema the schema that stands first in the search path, or {@code null} to leave
 * the path alone
 * @param lockTimeout how long a statement may queue for a lock; zero for no limit
 * @param concurrentLockTimeout how long a command may that waits for others in turn and
 * queues in front of nobody, as {@code CREATE INDEX CONCURRENTLY} does; zero for as long
 * as it takes
 * @param statementTimeout how long a statement may run; zero for no limit
 * @param liveness how the server finds out that this instance is gone
 * @param asynchronousCommit whether commits in the middle of a run may be asynchronous
 * @param initSql SQL that runs when the session starts, or {@code null}
 * @param mask takes out of what the server shows what must not be seen, besides the
 * secrets that are recognised by themselves: the values of placeholders
 * @since 0.1.0
 */
public record SessionSettings(String applicationName, @Nullable String role, @Nullable String schema,
		Duration lockTimeout, Duration concurrentLockTimeout, Duration statementTimeout, ClientLiveness liveness,
		AsynchronousCommit asynchronousCommit, @Nullable String initSql, UnaryOperator<String> mask) {

	/** The longest timeout: the server counts milliseconds in 31 bits. */
	public static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

	/** How long a statement queues for a lock by default. */
	public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofMillis(300);

	/** How long a concurrent command waits for a lock by default: without limit. */
	public static final Duration DEFAULT_CONCURRENT_LOCK_TIMEOUT = Duration.ZERO;

	/** How long a statement may run by default: without limit. */
	public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ZERO;

	/** Whether commits in the middle of a run are asynchronous by default. */
	public static final AsynchronousCommit DEFAULT_ASYNCHRONOUS_COMMIT = AsynchronousCommit.AUTO;

	/**
	 * Checks the timeouts.
	 * @throws IllegalArgumentException if one is negative or longer than PostgreSQL can
	 * count
	 */
	public SessionSettings {
		requireRange("locks.timeout", lockTimeout);
		requireRange("locks.concurrent-timeout", concurrentLockTimeout);
		requireRange("run.statement-timeout", statementTimeout);
	}

	/**
	 * Returns the same settings with another schema in front of the search path.
	 * @param other the schema, or {@code null} to leave the path alone
	 * @return the settings
	 */
	public SessionSettings in(@Nullable String other) {
		return new SessionSettings(this.applicationName, this.role, other, this.lockTimeout, this.concurrentLockTimeout,
				this.statementTimeout, this.liveness, this.asynchronousCommit, this.initSql, this.mask);
	}

	private static void requireRange(String name, Duration timeout) {
		if (timeout.isNegative() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
			throw new IllegalArgumentException("'" + name + "' must be between 0, which means no limit, and 24 days");
		}
	}

}
