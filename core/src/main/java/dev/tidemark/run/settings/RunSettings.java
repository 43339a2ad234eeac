package dev.tidemark.run.settings;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.tidemark.session.settings.SessionSettings;

/**
 * How a run goes about its work.
 *
 * @param session how the session is set up
 * @param waitTimeout how long to wait for another instance that migrates
 * @param lockRetry how long a migration tries for a lock
 * @param schemas schemas that have to exist before the first migration
 * @param createSchemas whether those that do not exist are created
 * @param environments what this environment is called, for callbacks that are only for
 * some
 * @param restorePoints whether a run that may lose data marks where it begins
 * @since 0.1.0
 */
public record RunSettings(SessionSettings session, Duration waitTimeout, LockRetry lockRetry, List<String> schemas,
		boolean createSchemas, Set<String> environments, boolean restorePoints) {

	/** Whether a run that may lose data marks by default where it begins. */
	public static final boolean DEFAULT_RESTORE_POINTS = true;

	private static final Duration LONGEST = Duration.ofDays(365);

	/** How long to wait for another instance by default. */
	public static final Duration DEFAULT_WAIT_TIMEOUT = Duration.ofMinutes(10);

	/** Whether missing schemas are created by default. */
	public static final boolean DEFAULT_CREATE_SCHEMAS = true;

	/**
	 * Checks the budget.
	 * @throws IllegalArgumentException if it is negative or absurdly long
	 */
	public RunSettings {
		schemas = List.copyOf(schemas);
		environments = Set.copyOf(environments);
		if (waitTimeout.isNegative() || waitTimeout.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"'locks.wait-timeout' must be between 0, which means not at all, and 365 days");
		}
	}

	/** Returns the same settings for a schema that has to exist, and no other. */
	public RunSettings in(String schema) {
		return new RunSettings(this.session.in(schema), this.waitTimeout, this.lockRetry, List.of(schema),
				this.createSchemas, this.environments, this.restorePoints);
	}

}
