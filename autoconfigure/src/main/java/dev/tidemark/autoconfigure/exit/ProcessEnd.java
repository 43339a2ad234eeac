package dev.tidemark.autoconfigure.exit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * Sees that the process is told to end, as by SIGTERM, while a start migrates. Nothing
 * else would: the hook that closes the context waits until the start is over.
 *
 * @since 0.1.0
 */
public final class ProcessEnd {

	private static final Duration CANCEL_BUDGET = Duration.ofSeconds(5);

	private static final Duration CANCEL_INTERVAL = Duration.ofMillis(200);

	private static final Logger logger = PlainLogger.of(ProcessEnd.class);

	private final CountDownLatch over = new CountDownLatch(1);

	private final Runnable cancellation;

	private final Thread hook = new Thread(this::ending, "tidemark-shutdown");

	private volatile boolean near;

	private ProcessEnd(Runnable cancellation) {
		this.cancellation = cancellation;
	}

	/**
	 * Begins to watch.
	 * @param cancellation cancels what the start does
	 * @throws TidemarkException if the process is about to end already
	 */
	public static ProcessEnd watch(Runnable cancellation) {
		ProcessEnd watched = new ProcessEnd(cancellation);
		try {
			Runtime.getRuntime().addShutdownHook(watched.hook);
			return watched;
		}
		catch (IllegalStateException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.CANCELLED, null,
					"The process was told to end before its migrations had begun.", "Start again."));
		}
	}

	private void ending() {
		this.near = true;
		logger.warn("The process is told to end, so what it does to databases is cancelled");
		try {
			cancel(this.cancellation, this.over);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Says that the start has done its work, or failed. */
	public void stopWatching() {
		this.over.countDown();
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			this.near = true;
		}
	}

	/** Tells whether somebody else ends the process. */
	public boolean isNear() {
		return this.near;
	}

	/**
	 * Cancels until it helps: a statement that begins just after one cancellation needs
	 * another.
	 * @return whether it has helped in time
	 */
	public static boolean cancel(Runnable cancellation, CountDownLatch over) throws InterruptedException {
		long deadline = System.nanoTime() + CANCEL_BUDGET.toNanos();
		do {
			cancellation.run();
			if (over.await(CANCEL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
				return true;
			}
		}
		while (System.nanoTime() < deadline);
		return false;
	}

}
