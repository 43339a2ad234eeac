package dev.tidemark.rollout.run;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.rollout.pace.ThrottleState;

/**
 * What those who run batches ask before each one: whether they may, and on what terms.
 * Whoever looks at the database says so here. Thread-safe.
 */
final class Gate {

	private BackfillOptions options;

	private ThrottleState throttle = ThrottleState.UNSEEN;

	private boolean seen;

	private @Nullable String closed;

	private @Nullable End end;

	private @Nullable Problem problem;

	Gate(BackfillOptions options) {
		this.options = options;
	}

	/** Says what holds from the next batch on. */
	synchronized void set(BackfillOptions now, ThrottleState state, @Nullable String reason) {
		this.options = now;
		this.throttle = state;
		this.closed = reason;
		this.seen = true;
		notifyAll();
	}

	/** Lets no further batch begin. Who comes first decides why. */
	synchronized void end(End why, @Nullable Problem because) {
		if (this.end == null) {
			this.end = why;
			this.problem = because;
		}
		notifyAll();
	}

	/**
	 * Waits until a batch may begin.
	 * @return the terms, {@code null} if none may begin any more
	 */
	synchronized @Nullable Terms await() throws InterruptedException {
		while (this.end == null && (!this.seen || waiting() != null)) {
			wait();
		}
		return (this.end == null) ? new Terms(this.options, this.throttle) : null;
	}

	/** Rests, unless no further batch may begin meanwhile. */
	synchronized void rest(Duration time) throws InterruptedException {
		long until = System.nanoTime() + time.toNanos();
		for (long left = time.toMillis(); left > 0 && this.end == null;) {
			wait(left);
			left = (until - System.nanoTime()) / 1_000_000;
		}
	}

	/** Returns why no batch begins now, in words, or {@code null}. */
	synchronized @Nullable String waiting() {
		if (this.closed != null) {
			return this.closed;
		}
		return (this.throttle.verdict() == Verdict.STOP) ? this.throttle.reason() : null;
	}

	/** Returns why it waits or is slow, in words, or {@code null}. */
	synchronized @Nullable String reason() {
		return (this.closed != null) ? this.closed : this.throttle.reason();
	}

	synchronized ThrottleState throttle() {
		return this.throttle;
	}

	synchronized @Nullable End ended() {
		return this.end;
	}

	synchronized @Nullable Problem problem() {
		return this.problem;
	}

	/**
	 * Why no further batch begins.
	 */
	enum End {

		/** This instance stops. */
		STOPPED,

		/** A person has decided so, or somebody else has changed the state. */
		DECIDED,

		/** Somebody else works on it, or nobody can tell. */
		LOST,

		/** A batch has failed for good. */
		FAILED

	}

	/**
	 * On what terms a batch begins.
	 *
	 * @param options how to go about it
	 * @param throttle what was seen
	 */
	record Terms(BackfillOptions options, ThrottleState throttle) {

	}

}
