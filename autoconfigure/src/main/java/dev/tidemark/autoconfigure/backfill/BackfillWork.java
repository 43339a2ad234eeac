package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * The work on backfills in one application, and the wait for those that it reads. Made
 * only where some are left.
 */
final class BackfillWork {

	private static final Duration STOP_BUDGET = Duration.ofSeconds(5);

	private static final Duration STOP_INTERVAL = Duration.ofMillis(200);

	private static final Logger logger = PlainLogger.of(BackfillWork.class);

	private final ConfigurableApplicationContext context;

	private final List<BackfillTarget> targets;

	private final LookPause pause;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final List<BackfillWorker> workers = new ArrayList<>();

	private boolean begun;

	private boolean stopped;

	private boolean ready;

	BackfillWork(ConfigurableApplicationContext context, List<BackfillTarget> targets, Duration lookInterval) {
		this.context = context;
		this.targets = targets;
		this.pause = new LookPause(lookInterval);
	}

	/**
	 * Waits until what this build reads is done. Until then it is worked on already, as
	 * nobody else might.
	 * @throws TidemarkException if the application is shut down before
	 */
	void awaitRequired() throws InterruptedException {
		RequiredBackfills required = new RequiredBackfills(this.targets);
		long began = System.nanoTime();
		while (isStopped() || !required.areDone()) {
			Duration pause = this.pause.after(began);
			begin();
			if (this.context.isClosed() || this.closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new TidemarkException(Problem
					.error(ErrorCode.CANCELLED, null,
							"The application was told to end while it waited for backfills that it reads.",
							"Start it again, when there is need for it.")
					.withState("What the batches have done stays, and whoever works on them next goes on from there."));
			}
			began = System.nanoTime();
		}
	}

	/** Works on all that are left, unless it does already, or is stopped. */
	synchronized void begin() {
		if (this.stopped || this.begun) {
			return;
		}
		this.begun = true;
		for (BackfillTarget target : this.targets) {
			if (target.works()) {
				this.workers.add(BackfillWorker.begin(target));
				logger.info("Backfills of {} go on beside the application", target.name());
			}
			else {
				logger.info("Backfills of {} are left to other instances", target.name());
			}
		}
	}

	/** Remembers that the application serves requests. */
	synchronized void ready() {
		this.ready = true;
		begin();
	}

	/**
	 * Has those look at once whose work is not stopped: a person has let something go on.
	 */
	synchronized void wake() {
		if (!this.stopped) {
			this.workers.replaceAll((worker) -> worker.wake() ? worker : BackfillWorker.begin(worker.target()));
		}
	}

	/**
	 * Stops the work. Where the application goes on later, as after a checkpoint, it is
	 * not ready until somebody has looked again.
	 */
	void stop() {
		List<BackfillWorker> stopping = stopped();
		if (!this.context.isClosed() && isReady()) {
			AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
		}
		try {
			long deadline = System.nanoTime() + STOP_BUDGET.toNanos();
			while (!stopping.isEmpty() && System.nanoTime() < deadline) {
				stopping.forEach(BackfillWorker::stop);
				Duration pause = STOP_INTERVAL;
				for (BackfillWorker worker : List.copyOf(stopping)) {
					if (worker.awaitEnd(pause)) {
						stopping.remove(worker);
					}
					else {
						pause = Duration.ZERO;
					}
				}
			}
			stopping.forEach((worker) -> logger.warn(
					"The batch of {} could not be cancelled; the server ends it when it sees that the process is gone",
					worker.target().name()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized List<BackfillWorker> stopped() {
		this.stopped = true;
		this.begun = false;
		List<BackfillWorker> stopping = new ArrayList<>(this.workers);
		this.workers.clear();
		if (this.context.isClosed()) {
			this.closed.countDown();
		}
		return stopping;
	}

	synchronized boolean isStopped() {
		return this.stopped;
	}

	private synchronized boolean isReady() {
		return this.ready;
	}

	/** Goes on after a checkpoint or a pause, perhaps much later. */
	void restart() {
		synchronized (this) {
			this.stopped = false;
		}
		if (!isReady()) {
			return;
		}
		Thread thread = new Thread(this::getReady, "tidemark-backfill-readiness");
		thread.setDaemon(true);
		thread.start();
	}

	private void getReady() {
		try {
			awaitRequired();
			begin();
			AvailabilityChangeEvent.publish(this.context, ReadinessState.ACCEPTING_TRAFFIC);
		}
		catch (TidemarkException ex) {
			if (!this.context.isClosed()) {
				logger.error("The application does not get ready again\n{}", ex.problems());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
