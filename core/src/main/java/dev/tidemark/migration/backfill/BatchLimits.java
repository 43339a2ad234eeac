package dev.tidemark.migration.backfill;

import java.time.Duration;

/**
 * How large a batch may be.
 *
 * @param first how many keys the first batch has
 * @param most how many keys a batch has at most
 * @param target how long a batch should take while nobody else writes to the table
 * @param targetUnderLoad how long it should take while somebody does
 * @since 0.1.0
 */
public record BatchLimits(int first, int most, Duration target, Duration targetUnderLoad) {

	/** What holds if nothing is set. */
	public static final BatchLimits DEFAULT = new BatchLimits(100, 50_000, Duration.ofMillis(500),
			Duration.ofMillis(100));

}
