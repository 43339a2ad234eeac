package dev.tidemark.rollout.load;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.tidemark.rollout.load.MixedLoad.Latencies;

/**
 * What one round has shown.
 *
 * @param what what ran
 * @param rowsPerSecond how many rows a second it changed; 0 if there was nothing to
 * change
 * @param load how long requests of the load took, {@code null} without a load
 * @param waits how many requests were seen that waited for the backfill
 * @param logged how long those waited that the server has logged, in milliseconds
 * @param deadRows how many rows were dead after it
 * @param lastTenth how fast the last tenth was compared with the first; 0 if there were
 * no batches
 */
record Measured(String what, double rowsPerSecond, @Nullable Latencies load, int waits, List<Double> logged,
		long deadRows, double lastTenth) {

	static final String HEAD = """
			| | rows a second | load: requests | p50 | p99 | slowest | waited 50 ms or more | longest wait | dead rows after |
			|---|---|---|---|---|---|---|---|---|
			""";

	double p99() {
		return (this.load != null) ? this.load.millis(0.99) : 0;
	}

	double longestWait() {
		return this.logged.stream().mapToDouble(Double::doubleValue).max().orElse(0);
	}

	/** Returns which share of those that waited did so for longer. */
	double shareOfWaitsOver(double millis) {
		long over = this.logged.stream().filter((wait) -> wait > millis).count();
		return (over > 0) ? (double) over / Math.max(this.waits, this.logged.size()) : 0;
	}

	String row() {
		Latencies times = (this.load != null) ? this.load : new Latencies();
		return String.format(Locale.ROOT,
				"| %s | %,.0f | %,d | %.1f ms | %.1f ms | %.0f ms | %d of %d that waited | %.0f ms | %,d |%n",
				this.what, this.rowsPerSecond, times.count(), times.millis(0.5), times.millis(0.99), times.millis(1),
				this.logged.size(), Math.max(this.waits, this.logged.size()), longestWait(), this.deadRows);
	}

}
