package dev.tidemark.rollout.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import dev.tidemark.rollout.BatchInfo;

/**
 * A server that is asked for batches, and says how long each has taken: a commit, and so
 * much for each key and each row.
 */
final class SimulatedTable {

	private final Random random = new Random(42);

	private double commitMillis = 2;

	private double keyMillis = 0.002;

	private double rowMillis = 0.02;

	/** The share of the keys that lead to a row that is changed. */
	private double density = 1;

	private double noise;

	SimulatedTable commitMillis(double millis) {
		this.commitMillis = millis;
		return this;
	}

	SimulatedTable rowMillis(double millis) {
		this.rowMillis = millis;
		return this;
	}

	SimulatedTable density(double share) {
		this.density = share;
		return this;
	}

	/** Lets each batch take up to so much longer or shorter. */
	SimulatedTable noise(double share) {
		this.noise = share;
		return this;
	}

	BatchInfo batch(int keys) {
		return batch(keys, 1);
	}

	/** Runs a batch that takes so many times as long as it would. */
	BatchInfo batch(int keys, double times) {
		long rows = Math.round(keys * this.density);
		double millis = this.commitMillis + keys * this.keyMillis + rows * this.rowMillis;
		millis *= times * (1 + this.noise * (2 * this.random.nextDouble() - 1));
		return batch(keys, rows, 0, Duration.ofNanos((long) (millis * 1e6)));
	}

	static BatchInfo batch(long keys, long rows, long walBytes, Duration took) {
		return new BatchInfo(0, keys, rows, walBytes, took, Instant.EPOCH);
	}

}
