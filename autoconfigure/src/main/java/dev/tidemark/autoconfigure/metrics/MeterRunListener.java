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

/**
 * Measures what a run found and did. Gauges show the last run of each database from
 * memory; nothing asks a database when they are read.
 */
final class MeterRunListener implements RunListener {

	private final MeterRegistry registry;

	private final Timer lockWait;

	private final Counter lockRetries;

	private final Map<Tags, LastRun> lastRuns = new ConcurrentHashMap<>();

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
		DatabaseIdentity database = result.database();
		Tags tags = Tags.of("database", database.name(), "schema", String.valueOf(database.schema()));
		LastRun lastRun = this.lastRuns.computeIfAbsent(tags, this::register);
		lastRun.epochSeconds = this.registry.config().clock().wallTime() / 1000.0;
		lastRun.counts = count(result.entries());
	}

	private LastRun register(Tags tags) {
		LastRun lastRun = new LastRun();
		for (MigrationState state : MigrationState.values()) {
			Gauge.builder("tidemark.migrations", lastRun, (last) -> last.counts.getOrDefault(state, 0))
				.description("Migrations by state after the last run")
				.tags(tags.and("state", state.toString()))
				.register(this.registry);
		}
		Gauge.builder("tidemark.last.success", lastRun, (last) -> last.epochSeconds)
			.description("Time of the last successful run in seconds since 1970")
			.baseUnit("seconds")
			.tags(tags)
			.register(this.registry);
		return lastRun;
	}

	private static Map<MigrationState, Integer> count(Iterable<PlanEntry> entries) {
		Map<MigrationState, Integer> counts = new EnumMap<>(MigrationState.class);
		entries.forEach((entry) -> counts.merge(entry.state(), 1, Integer::sum));
		return counts;
	}

	/** Kept alive by the map: gauges refer weakly to what they read. */
	private static final class LastRun {

		private volatile Map<MigrationState, Integer> counts = Map.of();

		private volatile double epochSeconds;

	}

}
