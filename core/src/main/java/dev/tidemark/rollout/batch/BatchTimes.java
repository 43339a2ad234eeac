package dev.tidemark.rollout.batch;

import java.time.Duration;

/**
 * How long a batch may take.
 *
 * @param lockTimeout how long a statement waits for a lock
 * @param target how long the batch should take
 * @since 0.1.0
 */
public record BatchTimes(Duration lockTimeout, Duration target) {

	private static final int STATEMENT_FACTOR = 4;

	private static final Duration SHORTEST_IDLE = Duration.ofSeconds(10);

	/** Returns how long a statement may run. */
	public Duration statementTimeout() {
		return this.target.multipliedBy(STATEMENT_FACTOR);
	}

	/**
	 * Returns how long the transaction may wait for this process, which may have stopped,
	 * before others get what it has locked.
	 */
	Duration idleTimeout() {
		Duration timeout = statementTimeout();
		return (timeout.compareTo(SHORTEST_IDLE) > 0) ? timeout : SHORTEST_IDLE;
	}

	/** Returns the settings of a transaction. */
	String sql() {
		return "SET LOCAL lock_timeout = " + this.lockTimeout.toMillis() + "; SET LOCAL statement_timeout = "
				+ statementTimeout().toMillis() + "; SET LOCAL idle_in_transaction_session_timeout = "
				+ idleTimeout().toMillis() + "; SET LOCAL row_security = off";
	}

}
