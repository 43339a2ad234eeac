package dev.tidemark.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.DatabaseIdentity;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.Verification;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.sql.PlainText;
import dev.tidemark.tenant.TenantOutcome;
import dev.tidemark.tenant.TenantsListener;
import dev.tidemark.tenant.TenantsResult;

/**
 * Measures what a run found and did, or a check found. Gauges show the last one of each
 * database from memory; nothing asks a database when they are read. What is not known has
 * no gauge, but when a run has succeeded last: a rule that watches for it has to see that
 * none has.
 */
final class MeterRunListener implements RunListener, TenantsListener {

	/** Stands for what is not known before a database was found. */
	private static final String UNKNOWN = "unknown";

	private final MeterRegistry registry;

	/** The run that this thread is busy with, which a run never leaves. */
	private final ThreadLocal<@Nullable Running> running = new ThreadLocal<>();

	private final Map<Tags, LastLook> lastLooks = new ConcurrentHashMap<>();

	/** What stands for the databases that were not found yet, by name. */
	private final Map<String, Gauge> nowhere = new ConcurrentHashMap<>();

	private final Map<String, LastTenants> lastTenants = new ConcurrentHashMap<>();

	MeterRunListener(MeterRegistry registry) {
		this.registry = registry;
	}

	/** Registers what can be, so that it is there before something happens. */
	@Override
	public void runStarted(RunScope scope) {
		this.running.set(new Running(scope, null));
		lockWait(scope);
		lockRetries(scope);
		lockLooking(scope);
		if (!scope.tenant()) {
			notFoundYet(scope);
		}
	}

	/** Two runs may begin at once: what stands for a database goes when it is found. */
	private synchronized void notFoundYet(RunScope scope) {
		if (this.lastLooks.keySet().stream().noneMatch((tags) -> isOf(tags, scope.tidemark()))) {
			this.nowhere.computeIfAbsent(scope.tidemark(),
					(tidemark) -> lastSuccess(tags(tidemark, UNKNOWN, UNKNOWN), new LastLook()));
		}
	}

	private static boolean isOf(Tags tags, String tidemark) {
		return tags.stream().anyMatch(Tag.of("tidemark", tidemark)::equals);
	}

	@Override
	public void planned(RunScope scope, DatabaseIdentity database, List<MigrationInfo> migrations) {
		this.running.set(new Running(scope, looked(scope, database, migrations, false)));
	}

	@Override
	public void migrationApplied(MigrationInfo migration, MigrationResult result) {
		moved(migration, MigrationState.APPLIED);
	}

	@Override
	public void migrationUndone(MigrationInfo migration, MigrationResult result) {
		moved(migration, MigrationState.PENDING);
	}

	@Override
	public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
		if (failure instanceof MigrationFailedException failed && failed.state() != null
				&& failed.migration().equals(migration.identity())) {
			moved(migration, failed.state());
		}
	}

	private void moved(MigrationInfo migration, MigrationState to) {
		Running run = this.running.get();
		if (run != null && run.look() != null) {
			run.look().counts.moved(migration.identity(), to);
		}
	}

	@Override
	public void runFailed(TidemarkException failure) {
		this.running.remove();
	}

	@Override
	public void lockNotGranted(LockWait wait) {
		Running run = this.running.get();
		if (run != null) {
			lockRetries(run.scope()).increment();
		}
	}

	@Override
	public void lockQueued(Identity migration, Duration looked) {
		Running run = this.running.get();
		if (run != null) {
			lockLooking(run.scope()).record(looked);
		}
	}

	@Override
	public void lockAcquired(Duration waited) {
		Running run = this.running.get();
		if (run != null) {
			lockWait(run.scope()).record(waited);
		}
	}

	private Timer lockWait(RunScope scope) {
		return Timer.builder("tidemark.lock.wait")
			.description("Time that runs waited for the instance lock")
			.tag("tidemark", scope.tidemark())
			.register(this.registry);
	}

	private Timer lockLooking(RunScope scope) {
		return Timer.builder("tidemark.lock.looking")
			.description("Time that migrations did not queue for their locks, since others were in the way")
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
		looked(result.scope(), result.database(), result.migrations(), true);
	}

	@Override
	public void undoFinished(UndoResult result) {
		this.running.remove();
		looked(result.scope(), result.database(), result.migrations(), true);
	}

	@Override
	public void verified(Verification verification) {
		looked(verification.scope(), verification.database(), verification.migrations(), verification.isInOrder());
	}

	/** One meter for each of many tenants would be too many. */
	private @Nullable LastLook looked(RunScope scope, DatabaseIdentity database, List<MigrationInfo> migrations,
			boolean success) {
		if (scope.tenant()) {
			return null;
		}
		LastLook last = last(scope, database, migrations);
		if (success) {
			last.epochSeconds = now();
		}
		return last;
	}

	@Override
	public void tenantsStarted(String tidemark) {
		this.lastTenants.computeIfAbsent(tidemark, this::registerTenants);
	}

	@Override
	public void tenantsFinished(TenantsResult result) {
		LastTenants last = this.lastTenants.computeIfAbsent(result.tidemark(), this::registerTenants);
		boolean first = last.counts.isEmpty();
		last.counts = result.counts();
		if (first) {
			registerCounts(result.tidemark(), last);
		}
		if (result.isComplete()) {
			last.epochSeconds = now();
		}
	}

	private LastTenants registerTenants(String tidemark) {
		LastTenants lastTenants = new LastTenants();
		Gauge.builder("tidemark.tenants.last.success", lastTenants, (last) -> last.epochSeconds)
			.description("Time of the last run or verification in which no tenant failed in seconds since 1970")
			.baseUnit("seconds")
			.tags("tidemark", tidemark)
			.register(this.registry);
		return lastTenants;
	}

	/** How many there are is not known before. */
	private void registerCounts(String tidemark, LastTenants lastTenants) {
		for (TenantOutcome.State state : TenantOutcome.State.values()) {
			Gauge.builder("tidemark.tenants", lastTenants, (last) -> last.counts.getOrDefault(state, 0))
				.description("Tenants by what became of them in the last run or verification")
				.tags("tidemark", tidemark, "state", state.toString())
				.register(this.registry);
		}
	}

	private double now() {
		return this.registry.config().clock().wallTime() / 1000.0;
	}

	private synchronized LastLook last(RunScope scope, DatabaseIdentity database, List<MigrationInfo> migrations) {
		Tags tags = tags(scope.tidemark(), PlainText.line(database.name()),
				PlainText.line(String.valueOf(database.schema())));
		LastLook known = this.lastLooks.get(tags);
		if (known != null) {
			known.counts.found(migrations);
			return known;
		}
		Gauge nowhere = this.nowhere.remove(scope.tidemark());
		if (nowhere != null) {
			this.registry.remove(nowhere);
		}
		// Nobody must read gauges before there is something to be read.
		LastLook found = new LastLook();
		found.counts.found(migrations);
		this.lastLooks.put(tags, found);
		register(tags, found);
		return found;
	}

	private static Tags tags(String tidemark, String database, String schema) {
		return Tags.of("tidemark", tidemark, "database", database, "schema", schema);
	}

	private void register(Tags tags, LastLook lastLook) {
		for (MigrationState state : MigrationState.values()) {
			Gauge.builder("tidemark.migrations", lastLook, (last) -> last.counts.in(state))
				.description("Migrations by state after the last run or verification")
				.tags(tags.and("state", state.toString()))
				.register(this.registry);
		}
		lastSuccess(tags, lastLook);
	}

	private Gauge lastSuccess(Tags tags, LastLook lastLook) {
		return Gauge.builder("tidemark.last.success", lastLook, (last) -> last.epochSeconds)
			.description("Time of the last successful run or verification in seconds since 1970")
			.baseUnit("seconds")
			.tags(tags)
			.strongReference(true)
			.register(this.registry);
	}

	/**
	 * A run.
	 *
	 * @param scope whose run it is
	 * @param look what it has found, or {@code null} if it has found nothing yet, or it
	 * is that of a tenant
	 */
	private record Running(RunScope scope, @Nullable LastLook look) {
	}

	/** Kept alive by the map: gauges refer weakly to what they read. */
	private static final class LastLook {

		private final StateCounts counts = new StateCounts();

		private volatile double epochSeconds;

	}

	/** Kept alive by the map, too. */
	private static final class LastTenants {

		private volatile Map<TenantOutcome.State, Integer> counts = Map.of();

		private volatile double epochSeconds;

	}

}
