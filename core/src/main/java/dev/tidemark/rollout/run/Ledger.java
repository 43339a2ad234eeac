package dev.tidemark.rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.rollout.BackfillProgress.Speed;
import dev.tidemark.rollout.BatchInfo;

/**
 * The last batches of the backfill that this instance works on, and how fast they went.
 * Thread-safe.
 */
final class Ledger {

	private static final int KEPT = 20;

	private final Deque<BatchInfo> batches = new ArrayDeque<>();

	/** Adds a batch that is committed. */
	synchronized void add(BatchInfo batch) {
		this.batches.addFirst(batch);
		if (this.batches.size() > KEPT) {
			this.batches.removeLast();
		}
	}

	/** Returns the last batches, the newest first. */
	synchronized List<BatchInfo> last() {
		return List.copyOf(this.batches);
	}

	/**
	 * Returns how fast it goes, pauses included.
	 * @param remaining how many keys are left, or {@code null} if that is not known
	 */
	synchronized @Nullable Speed speed(@Nullable Long remaining) {
		if (this.batches.size() < 2) {
			return null;
		}
		BatchInfo newest = this.batches.getFirst();
		BatchInfo oldest = this.batches.getLast();
		double seconds = Math.max(0.001, seconds(oldest.at(), newest.at()));
		long rows = this.batches.stream().mapToLong(BatchInfo::rows).sum() - oldest.rows();
		if (remaining == null) {
			return new Speed(rows / seconds, null, null);
		}
		List<Double> keysPerSecond = keysPerSecond();
		return new Speed(rows / seconds, time(remaining, keysPerSecond.get(keysPerSecond.size() * 9 / 10)),
				time(remaining, keysPerSecond.get(keysPerSecond.size() / 10)));
	}

	/** Returns what each batch made of its time, in order of the size. */
	private List<Double> keysPerSecond() {
		List<Double> rates = new ArrayList<>();
		BatchInfo later = null;
		for (BatchInfo batch : this.batches) {
			if (later != null) {
				rates.add(later.keys() / Math.max(0.0001, seconds(batch.at(), later.at())));
			}
			later = batch;
		}
		Collections.sort(rates);
		return rates;
	}

	private static double seconds(Instant from, Instant to) {
		return Duration.between(from, to).toNanos() / 1e9;
	}

	private static @Nullable Duration time(long keys, double keysPerSecond) {
		return (keysPerSecond > 0) ? Duration.ofMillis(Math.round(keys * 1000 / keysPerSecond)) : null;
	}

}
