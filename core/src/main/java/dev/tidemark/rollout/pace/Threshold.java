package dev.tidemark.rollout.pace;

import org.jspecify.annotations.Nullable;

import dev.tidemark.rollout.SignalReading.Verdict;

/**
 * From where on a signal slows a backfill down, and from where on it stops it.
 *
 * @param slow from where on it is slow, or {@code null} for never
 * @param stop from where on it stops, or {@code null} for never
 */
record Threshold(@Nullable Limit slow, @Nullable Limit stop) {

	/** Returns what follows from a value, of which there can be so much at most. */
	Verdict verdict(double value, @Nullable Double most) {
		if (this.stop != null && this.stop.isReached(value, most)) {
			return Verdict.STOP;
		}
		return (this.slow != null && this.slow.isReached(value, most)) ? Verdict.SLOW : Verdict.GO;
	}

	/** Returns the threshold in words. */
	@Override
	public String toString() {
		String slowly = (this.slow != null) ? "slow from " + this.slow.text() : "";
		String stopped = (this.stop != null) ? "stop from " + this.stop.text() : "";
		return (slowly.isEmpty() || stopped.isEmpty()) ? slowly + stopped : slowly + ", " + stopped;
	}

	/**
	 * A limit.
	 *
	 * @param value the value
	 * @param share whether it is a share of the most that there can be
	 * @param text how it was written
	 */
	record Limit(double value, boolean share, String text) {

		boolean isReached(double measured, @Nullable Double most) {
			return measured >= ((this.share && most != null) ? this.value * most : this.value);
		}

	}

}
