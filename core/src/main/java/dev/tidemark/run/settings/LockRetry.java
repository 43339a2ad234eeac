package dev.tidemark.run.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a migration looks for the moment to queue for its locks, and tries again if it
 * did not get them: pauses double from 200 ms to 10 s, each shortened by a random part of
 * up to a half, so that several databases that wait for one long transaction do not come
 * back at once.
 *
 * @param maxDuration how long to look and to try before giving up, measured from the
 * first look; zero for a single attempt; by default five minutes
 * @since 0.1.0
 */
public record LockRetry(Duration maxDuration) {

	/** How long to try by default. */
	public static final Duration DEFAULT_MAX_DURATION = Duration.ofMinutes(5);

	private static final Duration LONGEST = Duration.ofDays(365);

	/** The server counts milliseconds in 31 bits. */
	private static final Duration LONGEST_WAIT = Duration.ofDays(24);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	/**
	 * Checks the budget.
	 * @throws IllegalArgumentException if it is negative or absurdly long
	 */
	public LockRetry {
		if (maxDuration.isNegative() || maxDuration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"'locks.max-duration' must be between 0, which means no retry, and 365 days");
		}
	}

	/**
	 * Returns how long something may queue that makes nobody wait who reads or writes: to
	 * try again would only send it back to the end of the queue.
	 * @param timeout how long anything else may queue; zero for no limit
	 * @return the time, which is the whole budget unless the timeout is longer
	 */
	public Duration longestWait(Duration timeout) {
		Duration budget = (this.maxDuration.compareTo(LONGEST_WAIT) < 0) ? this.maxDuration : LONGEST_WAIT;
		return (timeout.isZero() || timeout.compareTo(budget) > 0) ? timeout : budget;
	}

	/**
	 * Returns the pause before the next attempt.
	 * @param attempts how many attempts failed
	 * @param spent how long ago the first one began
	 * @return the pause, empty if the budget does not allow another attempt
	 */
	public Optional<Duration> pause(int attempts, Duration spent) {
		long doubled = FIRST_PAUSE.toMillis() << Math.min(attempts - 1, 20);
		long longest = Math.min(doubled, LONGEST_PAUSE.toMillis());
		Duration pause = Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
		return (spent.plus(pause).compareTo(this.maxDuration) < 0) ? Optional.of(pause) : Optional.empty();
	}

}
