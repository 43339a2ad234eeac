package dev.tidemark.rollout.load;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.run.settings.RunScope;

/**
 * Notes when a backfill began, and each of its batches.
 */
final class BatchLedger implements BackfillListener {

	private final List<BatchInfo> batches = new CopyOnWriteArrayList<>();

	private final List<Long> times = new CopyOnWriteArrayList<>();

	private volatile long keys;

	private volatile long begun;

	@Override
	public void backfillStarted(RunScope scope, BackfillProgress progress) {
		this.begun = System.nanoTime();
	}

	@Override
	public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
		this.batches.add(batch);
		this.times.add(System.nanoTime());
		this.keys += batch.keys();
	}

	List<BatchInfo> batches() {
		return this.batches;
	}

	/** Returns how many keys it has walked over. */
	long keys() {
		return this.keys;
	}

	/** Returns how long it took, from its begin to its last batch. */
	double seconds() {
		return seconds(this.times.get(this.times.size() - 1));
	}

	private double seconds(long time) {
		return (time - this.begun) / 1e9;
	}

	/** Returns the speed of the last tenth of the keys, that of the first being 1. */
	double lastTenth() {
		return secondsAt(0.1) / (seconds() - secondsAt(0.9));
	}

	private double secondsAt(double share) {
		long walked = 0;
		for (int i = 0; i < this.batches.size(); i++) {
			walked += this.batches.get(i).keys();
			if (walked >= share * this.keys) {
				return seconds(this.times.get(i));
			}
		}
		return seconds();
	}

}
