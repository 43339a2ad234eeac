package dev.tidemark.history.backfill;

import org.jspecify.annotations.Nullable;

/**
 * A pace that a person has set while a backfill runs. What is {@code null} is as file and
 * settings say.
 *
 * @param duty the share of the time that it works while others are active
 * @param maxRowsPerSecond how many rows a second at most
 * @param maxWalPerSecond how many bytes of log a second at most
 * @param targetMillis how long a batch should take
 * @param maxSize how many keys a batch has at most
 * @since 0.1.0
 */
public record RecordedPace(@Nullable Double duty, @Nullable Long maxRowsPerSecond, @Nullable Long maxWalPerSecond,
		@Nullable Long targetMillis, @Nullable Integer maxSize) {

	/** Nobody has set any. */
	public static final RecordedPace NONE = new RecordedPace(null, null, null, null, null);

}
