package dev.tidemark.benchmark;

import java.util.Arrays;
import java.util.Locale;

/**
 * The middle of some values, and how far they lie apart.
 *
 * @param median the median
 * @param min the smallest value
 * @param max the largest value
 */
record Summary(double median, double min, double max) {

	/**
	 * Summarises values.
	 * @param values at least one
	 * @return the summary
	 */
	static Summary of(double... values) {
		if (values.length == 0) {
			throw new IllegalArgumentException("'values' must not be empty");
		}
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Summary(median, sorted[0], sorted[sorted.length - 1]);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%,.0f (%,.0f to %,.0f)", this.median, this.min, this.max);
	}

}
