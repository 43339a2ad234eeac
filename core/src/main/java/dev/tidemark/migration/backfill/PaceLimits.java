package dev.tidemark.migration.backfill;

import java.time.Duration;

/**
 * How fast a backfill goes.
 *
 * @param duty the share of the time that it works while others are active, above 0 and at
 * most 1
 * @param maxRowsPerSecond how many rows it changes in a second at most; 0 for no limit
 * @param maxWalPerSecond how many bytes of log it makes in a second at most; 0 for no
 * limit
 * @param windows when it may work
 * @param rolloutPause for how long it rests after an instance has started; zero to go on
 * @since 0.1.0
 */
public record PaceLimits(double duty, long maxRowsPerSecond, long maxWalPerSecond, Windows windows,
		Duration rolloutPause) {

	/** What holds if nothing is set. */
	public static final PaceLimits DEFAULT = new PaceLimits(0.9, 0, 0, Windows.ALWAYS, Duration.ZERO);

}
