package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;

/**
 * How long nobody looks at a database again: looks take no more than a part of the time,
 * however many schemas there are.
 *
 * @param least how long at least
 */
record LookPause(Duration least) {

	private static final int SHARE = 20;

	/** One that was slow because the server was away says nothing of the next one. */
	private static final Duration MOST = Duration.ofSeconds(30);

	/** Returns how long after a look that has begun at that time. */
	Duration after(long beganNanos) {
		Duration wanted = Duration.ofNanos(System.nanoTime() - beganNanos).multipliedBy(SHARE);
		Duration bounded = (wanted.compareTo(MOST) < 0) ? wanted : MOST;
		return (bounded.compareTo(this.least) > 0) ? bounded : this.least;
	}

}
