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
import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;
import dev.tidemark.TenantOutcome;
import dev.tidemark.TenantsListener;
import dev.tidemark.TenantsResult;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.RunScope;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.Verification;

/**
 * Measures what a run found and did, or a check found. Gauges show the last one of each
 * database from memory; nothing asks a database when they are read.
 */
final class MeterRunListener implements RunListener, TenantsListener {

	private final MeterRegistry registry;

	/** Whose run this thread is busy with, which a run never leaves. */
	private final ThreadLocal<@Nullable RunScope> running = new ThreadLocal<>();

	private final Map<Tags, LastLook> lastLooks = new ConcurrentHashMap<>();

	private final Map<String, LastTenants> lastTenants = new ConcurrentHashMap<>();

	MeterRunListener(MeterRegistry registry) {
		this.registry = registry;
	}

	/** Registers the meters of locks, so that they are there before something happens. */
	@Override
	public void runStarted(RunScope scope) {
		this.running.set(scope);
		lockWait(scope);
		lockRetries(scope);
	}

	@Override
	public void runFailed(TidemarkException failure) {
		this.running.remove();
	}

	@Override
	public void lockNotGranted(LockWait wait) {
		RunScope scope = this.running.get();
		if (scope != null) {
			lockRetries(scope).increment();
		}
	}

	@Override
	public void lockAcquired(Duration waited) {
		RunScope scope = this.running.get();
		if (scope != null) {
			lockWait(scope).record(waited);
		}
	}

	private Timer lockWait(RunScope scope) {
		return Timer.builder("tidemark.lock.wait")
			.description("Time that runs waited for the instance lock")
			.tag("tidemark", scope.tidemark())
			.register(this.registry);
	}

	private Counter lockRetries(RunScope scope) {
		return Counter.builder("tidemark.lock.retries")
			.description("Attempts of migrations that did not get a lock in time and were made again")
			.tag("tidemark", scope.tidemark())
			.register(this.registry);
	}

	@Override
	public void runFinished(RunResult result) {
		this.running.remove();
		looked(result.scope(), result.database(), result.entries(), true);
	}

	@Override
	public void undoFinished(UndoResult result) {
		this.running.remove();
		looked(result.scope(), result.database(), result.entries(), true);
	}

	@Override
	public void verified(Verification verification) {
		looked(verification.scope(), verification.database(), verification.entries(), verification.isInOrder());
	}

	/** One meter for each of many tenants would be too many. */
	private void looked(RunScope scope, DatabaseIdentity database, Iterable<PlanEntry> entries, boolean success) {
		if (scope.tenant()) {
			return;
		}
		LastLook last = last(scope, database);
		last.counts = count(entries);
		if (success) {
			last.epochSeconds = now();
		}
	}

	@Override
	public void tenantsFinished(TenantsResult result) {
		LastTenants last = this.lastTenants.computeIfAbsent(result.tidemark(), this::registerTenants);
		last.counts = result.counts();
		if (result.isComplete()) {
			last.epochSeconds = now();
		}
	}

	private LastTenants registerTenants(String tidemark) {
		LastTenants lastTenants = new LastTenants();
		for (TenantOutcome.State state : TenantOutcome.State.values()) {
			Gauge.builder("tidemark.tenants", lastTenants, (last) -> last.counts.getOrDefault(state, 0))
				.description("Tenants by what became of them in the last run or verification")
				.tags("tidemark", tidemark, "state", state.toString())
				.register(this.registry);
		}
		Gauge.builder("tidemark.tenants.last.success", lastTenants, (last) -> last.epochSeconds)
			.description("Time of the last run or verification in which no tenant failed in seconds since 1970")
			.baseUnit("seconds")
			.tags("tidemark", tidemark)
			.register(this.registry);
		return lastTenants;
	}

	private double now() {
		return this.registry.config().clock().wallTime() / 1000.0;
	}

	private LastLook last(RunScope scope, DatabaseIdentity database) {
		Tags tags = Tags.of("tidemark", scope.tidemark(), "database", PlainText.line(database.name()), "schema",
				PlainText.line(String.valueOf(database.schema())));
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

	/** Kept alive by the map, too. */
	private static final class LastTenants {

		private volatile Map<TenantOutcome.State, Integer> counts = Map.of();

		private volatile double epochSeconds;

	}

}
