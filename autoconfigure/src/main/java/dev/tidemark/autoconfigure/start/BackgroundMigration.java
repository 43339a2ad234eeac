package dev.tidemark.autoconfigure.start;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;

import dev.tidemark.autoconfigure.exit.ProcessEnd;
import dev.tidemark.autoconfigure.properties.BackgroundProperties;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.autoconfigure.properties.OnFailure;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;

/**
 * Migrates for {@link Mode#BACKGROUND}. It is a runner, the first one: when runners run
 * the web server is up and the application alive, and Spring Boot calls it ready only
 * after the last of them. So whatever waits for readiness waits for the migrations.
 */
final class BackgroundMigration implements ApplicationRunner, SmartLifecycle, Ordered {

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

	private static final Logger logger = PlainLogger.of(BackgroundMigration.class);

	private final TidemarkInitializer initializer;

	private final boolean active;

	private final BackgroundProperties properties;

	private final CountDownLatch stopRequested = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile boolean started;

	private volatile boolean begun;

	BackgroundMigration(TidemarkInitializer initializer, Mode mode, BackgroundProperties properties) {
		this.initializer = initializer;
		this.active = mode == Mode.BACKGROUND;
		this.properties = properties;
	}

	/**
	 * Migrates all databases.
	 * @throws TidemarkException if they cannot be migrated and the start is to fail, or
	 * the application is shut down before they are
	 */
	@Override
	public void run(ApplicationArguments arguments) throws InterruptedException {
		if (!this.active) {
			return;
		}
		this.begun = true;
		try {
			if (this.stopRequested.getCount() > 0) {
				migrateUntilDone();
			}
		}
		finally {
			this.ended.countDown();
		}
	}

	private void migrateUntilDone() throws InterruptedException {
		for (Duration delay = this.properties.retryDelay(); !migrate(delay); delay = longer(delay)) {
			logger.info("Migrating again");
		}
	}

	/** Returns whether it is done; if not, it is time to try again. */
	private boolean migrate(Duration delay) throws InterruptedException {
		try {
			this.initializer.migrate();
			return true;
		}
		catch (TidemarkException ex) {
			if (this.properties.onFailure() == OnFailure.EXIT || isStopRequested(ex, delay)) {
				throw ex;
			}
			return false;
		}
	}

	/** Waits for the end of the application, or for the time of the next attempt. */
	private boolean isStopRequested(TidemarkException failure, Duration delay) throws InterruptedException {
		if (this.stopRequested.getCount() == 0) {
			return true;
		}
		if (this.properties.onFailure() == OnFailure.RETRY) {
			logger.error(
					"The migrations failed and are tried again in {} s; until then the application is not ready{}\n{}",
					delay.toSeconds(), database(failure), failure.problems());
			return this.stopRequested.await(delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		logger.error(
				"The migrations failed; the application stays up, and is not ready until it is started again{}\n{}",
				database(failure), failure.problems());
		this.stopRequested.await();
		return true;
	}

	private static String database(TidemarkException failure) {
		return (failure.database() != null) ? "; database " + failure.database() : "";
	}

	/** One that is configured to be longer stays as it is. */
	static Duration longer(Duration delay) {
		Duration longest = (delay.compareTo(LONGEST_DELAY) > 0) ? delay : LONGEST_DELAY;
		Duration twice = delay.multipliedBy(2);
		return (twice.compareTo(longest) < 0) ? twice : longest;
	}

	/** From now on it may be stopped; it begins as a runner. */
	@Override
	public void start() {
		this.started = true;
	}

	@Override
	public boolean isRunning() {
		return this.active && this.started && this.ended.getCount() > 0;
	}

	/**
	 * Lets the migration come to its end as long as it may, and cancels it then: whatever
	 * happens to it is recorded, and the next start goes on.
	 */
	@Override
	public void stop() {
		this.stopRequested.countDown();
		try {
			if (this.begun && !this.ended.await(this.properties.shutdownTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("The migration did not end within {} s and is cancelled: the application shuts down",
						this.properties.shutdownTimeout().toSeconds());
				cancel();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.initializer.cancel();
		}
	}

	private void cancel() throws InterruptedException {
		if (!ProcessEnd.cancel(this.initializer::cancel, this.ended) && isRunning()) {
			logger
				.warn("The migration could not be cancelled; the server ends it when it sees that the process is gone");
		}
	}

	/** Stops first, while the web server still answers. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

	/** Other runners may use what the migrations make. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
