package dev.tidemark.rollout.pace;

import java.time.Duration;

import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.rollout.BatchInfo;

/**
 * How many keys the next batch has, so that it takes no longer than it should: fast down,
 * slow up. It aims at 0.7 of the target. What a key costs is an average in which the last
 * batch counts for 0.4; a batch that took far too long counts by itself. A batch has at
 * least half as many keys as the one before, and at most a quarter more. From the first
 * one on until one has come near its target, the last batch alone counts, and it has at
 * most twice as many.
 * <p>
 * Where few keys lead to a row that is changed, a batch has no more keys than would take
 * twice the target if each did: so the rows that come all at once after a sparse stretch
 * end within the time-out of a batch.
 * <p>
 * Not thread-safe: whoever runs batches has one of its own.
 *
 * @since 0.1.0
 */
public final class BatchSize {

	/** Batches scatter, and those that take a little longer should end in time too. */
	private static final double AIM = 0.7;

	/** From which share of the target on the average counts, and no longer the last. */
	private static final double NEAR = 0.6;

	private static final double WEIGHT = 0.4;

	private static final double GROWTH = 1.25;

	private static final double FIRST_GROWTH = 2;

	private static final double FALL = 0.5;

	/** From how many times its target on a batch counts by itself. */
	private static final double FAR = 1.5;

	private static final double SURPRISE = 2;

	/** What a row is taken to cost as long as none has been changed. */
	private static final double ASSUMED_MILLIS_PER_ROW = 0.1;

	private BatchLimits limits;

	/** What the last batch was made for, and how many keys it had. */
	private double targetMillis;

	private double size;

	private double most;

	private double lastMillisPerKey;

	private double millisPerKey;

	private double millisPerRow = ASSUMED_MILLIS_PER_ROW;

	private double rowsPerKey = 1;

	private boolean rising = true;

	/**
	 * Begins with the first batch.
	 * @param limits how large a batch may be
	 */
	public BatchSize(BatchLimits limits) {
		this.limits = limits;
		this.size = limits.first();
		this.most = limits.first();
	}

	/**
	 * Sets other limits, from the next batch on.
	 * @param limits how large a batch may be
	 */
	public void limits(BatchLimits limits) {
		this.limits = limits;
	}

	/**
	 * Return how long the next batch should take.
	 * @param othersWrite whether somebody else writes to the table
	 * @return the target
	 */
	public Duration target(boolean othersWrite) {
		return othersWrite ? this.limits.targetUnderLoad() : this.limits.target();
	}

	/**
	 * Return how many keys the next batch has.
	 * @param target how long it should take
	 * @return the number, at least 1
	 */
	public int next(Duration target) {
		double millis = millis(target);
		double wanted = (this.millisPerKey > 0) ? wanted(millis) : this.size;
		this.targetMillis = millis;
		this.size = Math.max(1, Math.min(this.limits.most(), Math.min(this.most, wanted)));
		return (int) this.size;
	}

	private double wanted(double millis) {
		double wanted = AIM * millis / this.millisPerKey;
		if (this.size * this.lastMillisPerKey > FAR * millis) {
			wanted = Math.min(wanted, AIM * millis / this.lastMillisPerKey);
		}
		double sameTarget = Math.min(1, millis / this.targetMillis);
		double unsurprising = SURPRISE * millis / (this.millisPerRow * this.rowsPerKey);
		return Math.max(Math.min(wanted, unsurprising), FALL * this.size * sameTarget);
	}

	/**
	 * Learns from a batch.
	 * @param batch what it did, and how long it took
	 */
	public void committed(BatchInfo batch) {
		if (batch.keys() <= 0) {
			return;
		}
		double took = Math.max(millis(batch.took()), Double.MIN_NORMAL);
		this.lastMillisPerKey = took / batch.keys();
		// What small batches cost is mostly their commits.
		this.millisPerKey = (this.rising || this.millisPerKey == 0) ? this.lastMillisPerKey
				: average(this.millisPerKey, this.lastMillisPerKey);
		learnOfRows(batch, took);
		this.rising &= took < NEAR * this.targetMillis;
		this.size = Math.min(this.size, batch.keys());
		// A quarter of one key is none.
		this.most = Math.max(this.size + 1, this.size * (this.rising ? FIRST_GROWTH : GROWTH));
	}

	/** Of a sparse batch, what a row cost is mostly what its keys cost. */
	private void learnOfRows(BatchInfo batch, double took) {
		if (batch.rows() <= 0) {
			return;
		}
		double perRow = took / batch.rows();
		if (batch.rows() * 2 >= batch.keys()) {
			this.millisPerRow = this.rising ? perRow : average(this.millisPerRow, perRow);
		}
		else {
			this.millisPerRow = Math.min(this.millisPerRow, perRow);
		}
		this.rowsPerKey = Math.max(this.rowsPerKey, (double) batch.rows() / batch.keys());
	}

	/**
	 * Halves the size at once: the batch was not committed, since it took too long or met
	 * somebody else's.
	 */
	public void halve() {
		this.rising = false;
		this.size = Math.max(1, this.size / 2);
		this.most = this.size;
	}

	private static double average(double before, double last) {
		return (1 - WEIGHT) * before + WEIGHT * last;
	}

	private static double millis(Duration duration) {
		return duration.toNanos() / 1e6;
	}

}
