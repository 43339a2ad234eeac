package dev.tidemark.rollout;

/**
 * Callback interface for a signal of the application's own that slows down or stops
 * backfills, such as a gauge. It is asked before batches, at most every two seconds, in
 * the thread of the backfill, and should answer at once.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BackfillThrottle {

	/**
	 * Look.
	 * @return what is seen. An exception counts as unknown, which is shown and stops
	 * nothing
	 */
	SignalReading look();

}
