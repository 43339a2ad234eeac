package dev.tidemark.migration.backfill;

/**
 * How a backfill goes about its work. What its file says counts before what the settings
 * say.
 *
 * @param batch how large a batch may be
 * @param pace how fast it goes
 * @param failure what happens when a batch fails
 * @param workers how many batches run at once, over ranges of their own
 * @param reads whether an instance may serve before it is finished
 * @param manual whether it begins only when a person says so
 * @since 0.1.0
 */
public record BackfillOptions(BatchLimits batch, PaceLimits pace, FailurePolicy failure, int workers, Reads reads,
		boolean manual) {

	/** What holds if nothing is set. */
	public static final BackfillOptions DEFAULT = new BackfillOptions(BatchLimits.DEFAULT, PaceLimits.DEFAULT,
			FailurePolicy.DEFAULT, 1, Reads.READY, false);

}
