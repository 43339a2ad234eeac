package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;

/**
 * Works on the backfills of one database, in a thread of its own, until nothing of them
 * is left or it is told to stop. The thread is a daemon: a backfill keeps no process
 * alive whose work is done, as the next one goes on where this one was.
 */
final class BackfillWorker implements Runnable {

	/** A person may have let go on what was paused, on whichever instance. */
	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(10);

	private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

	private static final Duration LAST_RETRY = Duration.ofMinutes(1);

	private static final Logger logger = PlainLogger.of(BackfillWorker.class);

	private final BackfillTarget target;

	private final CountDownLatch ended = new CountDownLatch(1);

	private final Semaphore signals = new Semaphore(0);

	private volatile boolean stopRequested;

	private boolean over;

	private boolean standby;

	private Duration retry = FIRST_RETRY;

	private BackfillWorker(BackfillTarget target) {
		this.target = target;
	}

	/** Begins to work on the backfills of a database. */
	static BackfillWorker begin(BackfillTarget target) {
		BackfillWorker worker = new BackfillWorker(target);
		Thread thread = new Thread(worker, "tidemark-backfill-" + target.name());
		thread.setDaemon(true);
		thread.start();
		return worker;
	}

	BackfillTarget target() {
		return this.target;
	}

	@Override
	public void run() {
		try {
			do {
				Duration pause = work();
				if (pause != null) {
					await(pause);
				}
				else if (isOver()) {
					return;
				}
			}
			while (!this.stopRequested);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.ended.countDown();
		}
	}

	/** Returns when to look again, or {@code null} if there is no need to. */
	private @Nullable Duration work() {
		Backfills backfills = this.target.backfills();
		try {
			backfills.work(BackfillScope.ALL);
			this.retry = FIRST_RETRY;
			this.standby = false;
			boolean left = !this.stopRequested && backfills.progress().stream().anyMatch(BackfillWorker::isLeft);
			return left ? LOOK_INTERVAL : null;
		}
		catch (RuntimeException ex) {
			return retryAfter(ex);
		}
	}

	private static boolean isLeft(BackfillProgress backfill) {
		return !BackfillText.isOver(backfill.state());
	}

	/**
	 * Whatever it is: what the batches have done stays, and perhaps nobody else goes on.
	 */
	private Duration retryAfter(RuntimeException failure) {
		Duration delay = this.retry;
		Duration twice = delay.multipliedBy(2);
		this.retry = (twice.compareTo(LAST_RETRY) < 0) ? twice : LAST_RETRY;
		if (this.stopRequested) {
			return delay;
		}
		if (failure instanceof TidemarkException standby && standby.code() == ErrorCode.STANDBY) {
			return onStandby();
		}
		String message = "The work on the backfills of {} was interrupted, and goes on in {} s";
		if (failure instanceof TidemarkException known) {
			logger.warn(message + ": {}", this.target.name(), delay.toSeconds(), known.problems());
		}
		else {
			logger.warn(message, this.target.name(), delay.toSeconds(), failure);
		}
		return delay;
	}

	/** One that reads from a replica has nothing to do, unless that is promoted. */
	private Duration onStandby() {
		if (!this.standby) {
			this.standby = true;
			logger.info("Backfills of {} are left to instances of the primary: this server is a standby",
					this.target.name());
		}
		return LAST_RETRY;
	}

	private void await(Duration pause) throws InterruptedException {
		if (this.signals.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
			this.signals.drainPermits();
		}
	}

	/** What was let go on in the meantime has given a signal. */
	private synchronized boolean isOver() {
		this.over = this.signals.drainPermits() == 0;
		return this.over;
	}

	/**
	 * Lets it look at once.
	 * @return {@code false} if it has ended
	 */
	synchronized boolean wake() {
		if (this.over || this.stopRequested) {
			return false;
		}
		this.signals.release();
		return true;
	}

	/**
	 * Has the batch rolled back, and the lease left. A batch that begins just after one
	 * such call needs another.
	 */
	void stop() {
		this.stopRequested = true;
		this.signals.release();
		this.target.backfills().stop();
	}

	/** Waits for its end. */
	boolean awaitEnd(Duration time) throws InterruptedException {
		return this.ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
	}

}
