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

	/**
	 * Returns the same limits, none above the one that bounds it.
	 * @param sizes whether one hand said both sizes
	 * @param targets whether one hand said both targets
	 * @throws UnusableOptionException if what one hand said contradicts itself
	 */
	BatchLimits bounded(boolean sizes, boolean targets) {
		boolean large = this.first > this.most;
		boolean slow = this.targetUnderLoad.compareTo(this.target) > 0;
		if (large && sizes) {
			throw new UnusableOptionException("The first batch has more keys than a batch may have: size=" + this.first
					+ ", and max-size is " + this.most + ".", "Make the size smaller, or say a larger max-size.");
		}
		if (slow && targets) {
			throw new UnusableOptionException("A batch may take longer under load than without: target-under-load="
					+ OptionValue.time(this.targetUnderLoad) + ", and target is " + OptionValue.time(this.target) + ".",
					"Make target-under-load smaller, or say a larger target.");
		}
		return (large || slow) ? new BatchLimits(large ? this.most : this.first, this.most, this.target,
				slow ? this.target : this.targetUnderLoad) : this;
	}

}
