package dev.tidemark.autoconfigure.properties;

import java.time.Duration;

import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.run.settings.RunSettings;
import dev.tidemark.session.settings.SessionSettings;

import static dev.tidemark.autoconfigure.properties.Unset.orElse;

/**
 * How long is waited for locks, those of statements and the one of a run.
 *
 * @param timeout Time that a statement may queue for a lock, and others behind it; zero
 * for no limit.
 * @param concurrentTimeout Time that a CONCURRENTLY command, which queues in front of
 * nobody, may wait for a lock; zero for as long as it takes.
 * @param maxDuration Time within which a migration looks for the moment to queue for its
 * locks, and is rolled back and tried again if it did not get them; zero for a single
 * attempt.
 * @param waitTimeout Time to wait for another instance that migrates; zero to not wait at
 * all.
 * @since 0.1.0
 */
public record LocksProperties(Duration timeout, Duration concurrentTimeout, Duration maxDuration,
		Duration waitTimeout) {

	/** What is used if nothing is configured. */
	static final LocksProperties DEFAULT = new LocksProperties(SessionSettings.DEFAULT_LOCK_TIMEOUT,
			SessionSettings.DEFAULT_CONCURRENT_LOCK_TIMEOUT, LockRetry.DEFAULT_MAX_DURATION,
			RunSettings.DEFAULT_WAIT_TIMEOUT);

	/** Takes what is set to nothing for not set, and defaults for what is not set. */
	public LocksProperties {
		timeout = orElse(timeout, SessionSettings.DEFAULT_LOCK_TIMEOUT);
		concurrentTimeout = orElse(concurrentTimeout, SessionSettings.DEFAULT_CONCURRENT_LOCK_TIMEOUT);
		maxDuration = orElse(maxDuration, LockRetry.DEFAULT_MAX_DURATION);
		waitTimeout = orElse(waitTimeout, RunSettings.DEFAULT_WAIT_TIMEOUT);
	}

}
