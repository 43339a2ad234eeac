package dev.tidemark.migration.backfill;

/**
 * What happens when a batch fails.
 *
 * @param attempts how often a batch is tried before the backfill fails
 * @param onBadRow what happens when it comes down to one row that cannot be moved
 * @param maxBadRows how many rows may be left out before the backfill fails all the same
 * @since 0.1.0
 */
public record FailurePolicy(int attempts, OnBadRow onBadRow, int maxBadRows) {

	/** What holds if nothing is set. */
	public static final FailurePolicy DEFAULT = new FailurePolicy(5, OnBadRow.STOP, 100);

}
