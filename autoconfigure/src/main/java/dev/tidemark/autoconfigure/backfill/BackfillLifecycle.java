package dev.tidemark.autoconfigure.backfill;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;

import dev.tidemark.error.TidemarkException;

/**
 * Works on backfills as long as the application is up. It is a runner, one of the first:
 * when runners run the web server is up and the application alive, and Spring Boot calls
 * it ready only after the last of them. So nobody is sent here, and no other runner
 * reads, before the backfills are done that this build reads. Where none is left, it does
 * nothing.
 *
 * @since 0.1.0
 */
public final class BackfillLifecycle
		implements ApplicationRunner, ApplicationListener<ApplicationReadyEvent>, SmartLifecycle, Ordered {

	/** Whichever instance ends the last one, nobody waits for this one much longer. */
	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

	private final ConfigurableApplicationContext context;

	private final Duration lookInterval;

	private final Supplier<List<BackfillTarget>> left;

	private volatile @Nullable BackfillWork work;

	/**
	 * Makes a life cycle.
	 * @param context the context of the application
	 * @param left returns the databases that have backfills left when the migrations have
	 * run
	 */
	public BackfillLifecycle(ConfigurableApplicationContext context, Supplier<List<BackfillTarget>> left) {
		this(context, left, LOOK_INTERVAL);
	}

	BackfillLifecycle(ConfigurableApplicationContext context, Supplier<List<BackfillTarget>> left,
			Duration lookInterval) {
		this.context = context;
		this.lookInterval = lookInterval;
		this.left = left;
	}

	/**
	 * Waits until what this build reads is done.
	 * @throws TidemarkException if the application is shut down before
	 */
	@Override
	public void run(ApplicationArguments arguments) throws InterruptedException {
		List<BackfillTarget> targets = this.left.get();
		if (!targets.isEmpty()) {
			BackfillWork begun = new BackfillWork(this.context, targets, this.lookInterval);
			this.work = begun;
			begun.awaitRequired();
		}
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		BackfillWork begun = this.work;
		if (begun != null) {
			begun.ready();
		}
	}

	/**
	 * Has this instance look at once whether a backfill goes on, if it works on any.
	 */
	public void wake() {
		BackfillWork begun = this.work;
		if (begun != null) {
			begun.wake();
		}
	}

	/** Begins as a runner; this is to go on after a checkpoint or a pause. */
	@Override
	public void start() {
		BackfillWork begun = this.work;
		if (begun != null) {
			begun.restart();
		}
	}

	@Override
	public void stop() {
		BackfillWork begun = this.work;
		if (begun != null) {
			begun.stop();
		}
	}

	@Override
	public boolean isRunning() {
		BackfillWork begun = this.work;
		return begun != null && !begun.isStopped();
	}

	/** Stops first, while the web server still answers and the pool is open. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

	/** Migrations that run in the background come before. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

}
