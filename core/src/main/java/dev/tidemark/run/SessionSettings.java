package dev.tidemark.run;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How the session that migrates is set up.
 *
 * @param applicationName what {@code application_name} says of it
 * @param schema the schema that stands first in the search path, or {@code null} to leave
 * the path alone
 * @param lockTimeout how long a statement may wait for a lock; zero for no limit
 * @param statementTimeout how long a statement may run; zero for no limit
 * @param initSql SQL that runs when the session starts, or {@code null}
 */
public record SessionSettings(String applicationName, @Nullable String schema, Duration lockTimeout,
		Duration statementTimeout, @Nullable String initSql) {

	/** How long a statement waits for a lock by default. */
	public static final String DEFAULT_LOCK_TIMEOUT = "PT2S";

	/** How long a statement may run by default: without limit. */
	public static final String DEFAULT_STATEMENT_TIMEOUT = "PT0S";

	/**
	 * Checks the timeouts.
	 * @throws IllegalArgumentException if one is negative
	 */
	public SessionSettings {
		if (lockTimeout.isNegative()) {
			throw new IllegalArgumentException("'lock-timeout' must not be negative; 0 means no limit");
		}
		if (statementTimeout.isNegative()) {
			throw new IllegalArgumentException("'statement-timeout' must not be negative; 0 means no limit");
		}
	}

}
