package dev.tidemark.autoconfigure.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.Verification;

/**
 * Measures what a run found and did, or a check found. Gauges show the last one of each
 * database from memory; nothing asks a database when they are read.
 */
final class MeterRunListener implements RunListener {

	private final MeterRegistry registry;

	private final Timer lockWait;

	private final Counter lockRetries;

	private final Map<Tags, LastLook> lastLooks = new ConcurrentHashMap<>();

	MeterRunListener(MeterRegistry registry) {
		this.registry = registry;
		this.lockWait = Timer.builder("tidemark.lock.wait")
			.description("Time that runs waited for the instance lock")
			.register(registry);
		this.lockRetries = Counter.builder("tidemark.lock.retries")
			.description("Attempts of migrations that did not get a lock in time and were made again")
			.register(registry);
	}

	@Override
	public void lockNotGranted(LockWait wait) {
		this.lockRetries.increment();
	}

	@Override
	public void lockAcquired(Duration waited) {
		this.lockWait.record(waited);
	}

	@Override
	public void runFinished(RunResult result) {
		LastLook last = last(result.database());
		last.counts = count(result.entries());
		last.epochSeconds = now();
	}

	@Override
	public void undoFinished(UndoResult result) {
		LastLook last = last(result.database());
		last.counts = count(result.entries());
		last.epochSeconds = now();
	}

	@Override
	public void verified(Verification verification) {
		LastLook last = last(verification.database());
		last.counts = count(verification.entries());
		if (verification.isInOrder()) {
			last.epochSeconds = now();
		}
	}

	private double now() {
		return this.registry.config().clock().wallTime() / 1000.0;
	}

	private LastLook last(DatabaseIdentity database) {
		Tags tags = Tags.of("database", database.name(), "schema", String.valueOf(database.schema()));
		return this.lastLooks.computeIfAbsent(tags, this::register);
	}

	private LastLook register(Tags tags) {
		LastLook lastLook = new LastLook();
		for (MigrationState state : MigrationState.values()) {
			Gauge.builder("tidemark.migrations", lastLook, (last) -> last.counts.getOrDefault(state, 0))
				.description("Migrations by state after the last run or verification")
				.tags(tags.and("state", state.toString()))
				.register(this.registry);
		}
		Gauge.builder("tidemark.last.success", lastLook, (last) -> last.epochSeconds)
			.description("Time of the last successful run or verification in seconds since 1970")
			.baseUnit("seconds")
			.tags(tags)
			.register(this.registry);
		return lastLook;
	}

	private static Map<MigrationState, Integer> count(Iterable<PlanEntry> entries) {
		Map<MigrationState, Integer> counts = new EnumMap<>(MigrationState.class);
		entries.forEach((entry) -> counts.merge(entry.state(), 1, Integer::sum));
		return counts;
	}

	/** Kept alive by the map: gauges refer weakly to what they read. */
	private static final class LastLook {

		private volatile Map<MigrationState, Integer> counts = Map.of();

		private volatile double epochSeconds;

	}

}
