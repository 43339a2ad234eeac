package dev.tidemark.rollout.load;

import java.time.Duration;

import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.run.settings.RunScope;

/**
 * Stops a backfill for five seconds from its first look on, and notes when the first
 * batch after that is committed.
 */
final class PausingThrottle implements BackfillThrottle, BackfillListener {

	private static final long STOP_NANOS = Duration.ofSeconds(5).toNanos();

	private volatile long goodFrom;

	private volatile long wentOn;

	@Override
	public SignalReading look() {
		if (this.goodFrom == 0) {
			this.goodFrom = System.nanoTime() + STOP_NANOS;
		}
		boolean good = System.nanoTime() - this.goodFrom >= 0;
		return new SignalReading("pause", good ? Verdict.GO : Verdict.STOP, null, "", null);
	}

	@Override
	public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
		if (this.wentOn == 0) {
			this.wentOn = System.nanoTime();
		}
	}

	/** Returns how long it took to go on. */
	double seconds() {
		return (this.wentOn - this.goodFrom) / 1e9;
	}

}
