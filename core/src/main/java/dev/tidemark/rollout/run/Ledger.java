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

	/** How many of them, from the newest on, tell how fast it goes now. */
	private int alike;

	/** Says that the batches from now on do something else than those before. */
	synchronized void begin() {
		this.alike = 0;
	}

	/** Adds a batch that is committed. */
	synchronized void add(BatchInfo batch) {
		this.alike = Math.min(KEPT, this.alike + 1);
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
		List<BatchInfo> now = this.batches.stream().limit(this.alike).toList();
		if (now.size() < 2) {
			return null;
		}
		BatchInfo newest = now.get(0);
		BatchInfo oldest = now.get(now.size() - 1);
		double seconds = Math.max(0.001, seconds(oldest.at(), newest.at()));
		long rows = now.stream().mapToLong(BatchInfo::rows).sum() - oldest.rows();
		if (remaining == null) {
			return new Speed(rows / seconds, null, null);
		}
		List<Double> keysPerSecond = keysPerSecond(now);
		return new Speed(rows / seconds, time(remaining, keysPerSecond.get(keysPerSecond.size() * 9 / 10)),
				time(remaining, keysPerSecond.get(keysPerSecond.size() / 10)));
	}

	/** Returns what each batch made of its time, in order of the size. */
	private static List<Double> keysPerSecond(List<BatchInfo> batches) {
		List<Double> rates = new ArrayList<>();
		BatchInfo later = null;
		for (BatchInfo batch : batches) {
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
