package dev.tidemark.tenant;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.command.BackfillLook;
import dev.tidemark.command.Engine;
import dev.tidemark.command.Going;
import dev.tidemark.command.Migrate;
import dev.tidemark.command.SchemaName;
import dev.tidemark.command.SharedScripts;
import dev.tidemark.command.Verify;
import dev.tidemark.command.look.TenantSnapshotReader;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.Histories;
import dev.tidemark.history.History;
import dev.tidemark.plan.Plan;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.KeptConnection;
import dev.tidemark.source.Sources;
import dev.tidemark.tenant.TenantOutcome.State;

/**
 * One run of many tenants. The histories are read together first; only tenants that have
 * something to do are then gone through, by some threads that have a connection each.
 *
 * @since 0.1.0
 */
public final class TenantsRun {

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private static final Logger logger = PlainLogger.of(TenantsRun.class);

	private final Engine engine;

	private final Supplier<Sources> files;

	private final List<String> schemas;

	private final int connections;

	private final OnTenantFailure onFailure;

	private final SharedScripts scripts = new SharedScripts();

	private final Map<String, TenantOutcome> outcomes = new ConcurrentHashMap<>();

	private final Map<Problem, Integer> warnings = new LinkedHashMap<>();

	private final Set<TenantsFailedException.Kind> failures = new HashSet<>();

	private final Queue<String> waiting = new ConcurrentLinkedQueue<>();

	/** What a joint look has found of those that wait. */
	private final Map<String, History> known = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

	private final long start = System.nanoTime();

	private final Queue<Going> going = new ConcurrentLinkedQueue<>();

	private volatile boolean stopped;

	private int done;

	/**
	 * Creates a run.
	 * @param engine what to work with; its own schemas count for nothing
	 * @param files reads the files
	 * @param schemas the schemas of the tenants
	 * @param connections how many are gone through at a time
	 * @param onFailure what happens to others when one has failed
	 */
	public TenantsRun(Engine engine, Supplier<Sources> files, List<String> schemas, int connections,
			OnTenantFailure onFailure) {
		this.engine = engine;
		this.files = files;
		this.schemas = schemas;
		this.connections = connections;
		this.onFailure = onFailure;
	}

	public TenantsResult migrate() {
		return run("migrated", this::migrate, true);
	}

	public TenantsResult verify() {
		return run("verified", this::verify, false);
	}

	/** Lets no further tenant begin, and cancels what those that have begun are doing. */
	public void cancel() {
		this.stopped = true;
		this.going.forEach(Going::cancel);
	}

	/**
	 * Goes through all tenants.
	 * @param work what to do with a tenant that is not up to date
	 * @param migrates whether that changes the database
	 */
	private TenantsResult run(String verb, Work work, boolean migrates) {
		if (this.schemas.isEmpty()) {
			logger.info("There are no tenants, so none is {}", verb);
			return result();
		}
		Sources sources = sources();
		try (KeptConnection first = new KeptConnection(this.engine.connections())) {
			boolean busy = migrates && this.engine.isBusyAnyway(sources);
			this.waiting.addAll(withoutThoseUpToDate(sources, first, busy));
			work(sources, first, work);
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed: {}", ServerError.of(ex));
		}
		TenantsResult result = result();
		log(result, verb);
		return result;
	}

	/** Returns the tenants that are not up to date. */
	public List<String> pending(Sources sources, ConnectionSource connection) {
		return withoutThoseUpToDate(sources, connection, false);
	}

	private Sources sources() {
		Sources sources = this.files.get();
		List<Problem> errors = sources.problems().stream().filter(Problem::isError).toList();
		if (!errors.isEmpty()) {
			throw new TidemarkException(errors);
		}
		return sources;
	}

	private List<String> withoutThoseUpToDate(Sources sources, ConnectionSource connection, boolean busy) {
		Histories histories = busy ? null : histories(connection);
		if (histories == null) {
			return this.schemas;
		}
		Engine shared = this.engine.sharing(this.scripts);
		List<String> left = new ArrayList<>();
		for (String schema : this.schemas) {
			History history = SchemaName.isSchema(schema) ? histories.of(schema).orElse(null) : null;
			Plan plan = (history != null && history.lastRank() > 0) ? shared.in(schema).plan(sources, history) : null;
			if (history == null || plan == null || !plan.isEmpty() || !plan.errors().isEmpty() || history.isInFirstRun()
					|| (history.recordsBackfills() && BackfillLook.isWorthwhile(history, sources))) {
				left.add(schema);
				// What stands in the way may be out of it when its turn comes.
				if (history != null && (plan == null || plan.errors().isEmpty())) {
					this.known.put(schema, history);
				}
			}
			else {
				addWarnings(plan.problems());
				end(new TenantOutcome(schema, State.UP_TO_DATE, 0, history.currentVersion().orElse(null), Duration.ZERO,
						null));
			}
		}
		return left;
	}

	private @Nullable Histories histories(ConnectionSource connection) {
		try {
			TenantSnapshotReader reader = new TenantSnapshotReader(this.engine.on(connection));
			List<String> usable = this.schemas.stream().filter(SchemaName::isSchema).toList();
			return reader.read(usable, LOGIN_TIMEOUT, (opened) -> {
			}).histories();
		}
		catch (SQLException ex) {
			// Who is asked alone tells more about what is wrong.
			logger.debug("The histories cannot be read together: {}", ServerError.of(ex));
			return null;
		}
	}

	private void work(Sources sources, KeptConnection first, Work work) {
		List<Thread> threads = new ArrayList<>();
		int count = Math.min(this.connections, this.waiting.size());
		for (int i = 0; i < count; i++) {
			KeptConnection connection = (i == 0) ? first : new KeptConnection(this.engine.connections());
			Thread thread = new Thread(() -> goThrough(sources, connection, work), "tidemark-tenants-" + (i + 1));
			thread.setDaemon(true);
			thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
			thread.start();
			threads.add(thread);
		}
		await(threads);
		Throwable failure = this.broken.get();
		if (failure != null) {
			throw new IllegalStateException("A tenant could not be migrated", failure);
		}
	}

	/**
	 * An interrupt lets no further tenant begin; those that have begun come to an end.
	 */
	private void await(List<Thread> threads) {
		boolean interrupted = false;
		for (Thread thread : threads) {
			while (thread.isAlive()) {
				try {
					thread.join();
				}
				catch (InterruptedException ex) {
					interrupted = true;
					this.stopped = true;
				}
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void goThrough(Sources sources, KeptConnection connection, Work work) {
		try (connection) {
			Engine own = this.engine.reusing(connection).sharing(this.scripts);
			this.going.add(own.going());
			for (String schema = next(); schema != null; schema = next()) {
				end(attempt(schema, own, sources, work));
			}
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed: {}", ServerError.of(ex));
		}
		catch (Throwable ex) {
			this.stopped = true;
			this.broken.compareAndSet(null, ex);
		}
	}

	private @Nullable String next() {
		return this.stopped ? null : this.waiting.poll();
	}

	private TenantOutcome attempt(String schema, Engine own, Sources sources, Work work) {
		long begun = System.nanoTime();
		try {
			SchemaName.requireUsable(schema);
			return work.on(schema, own.in(schema), sources);
		}
		catch (TidemarkException ex) {
			TenantOutcome failed = new TenantOutcome(schema, State.FAILED, 0, null, since(begun), ex);
			if (this.onFailure == OnTenantFailure.STOP || failed.concernsAll()) {
				this.stopped = true;
			}
			return failed;
		}
	}

	private TenantOutcome migrate(String schema, Engine own, Sources sources) {
		RunResult result = new Migrate(own).run(sources, this.known.remove(schema));
		addWarnings(result.warnings());
		int applied = result.applied().size();
		return new TenantOutcome(schema, (applied > 0) ? State.MIGRATED : State.UP_TO_DATE, applied,
				result.currentVersion(), result.duration(), null);
	}

	private TenantOutcome verify(String schema, Engine own, Sources sources) {
		long begun = System.nanoTime();
		new Verify(own).verify(sources);
		return new TenantOutcome(schema, State.UP_TO_DATE, 0, null, since(begun), null);
	}

	private static Duration since(long nanos) {
		return Duration.ofNanos(System.nanoTime() - nanos);
	}

	private synchronized void addWarnings(List<Problem> problems) {
		problems.forEach((problem) -> this.warnings.merge(problem, 1, Integer::sum));
	}

	private synchronized void end(TenantOutcome outcome) {
		this.outcomes.put(outcome.schema(), outcome);
		this.done++;
		if (outcome.state() == State.MIGRATED) {
			logger.info("Schema {} is now {}: {} applied in {} ms ({} of {} schemas)", outcome.quotedSchema(),
					at(outcome), counted(outcome.applied(), "migration"), outcome.duration().toMillis(), this.done,
					this.schemas.size());
		}
		else if (outcome.state() == State.FAILED) {
			Problem problem = TenantsFailedException.problem(outcome);
			boolean isNew = this.failures.add(TenantsFailedException.Kind.of(problem));
			if (isNew) {
				logger.error("Schema {} failed ({} of {} schemas)\n{}", outcome.quotedSchema(), this.done,
						this.schemas.size(), problem);
			}
			else {
				logger.error("Schema {} failed ({} of {} schemas), as one before: {}", outcome.quotedSchema(),
						this.done, this.schemas.size(), problem.code());
			}
		}
	}

	private static String at(TenantOutcome outcome) {
		return (outcome.currentVersion() != null) ? "at version " + outcome.currentVersion() : "without a version";
	}

	private TenantsResult result() {
		List<TenantOutcome> all = this.schemas.stream()
			.map((schema) -> this.outcomes.getOrDefault(schema,
					new TenantOutcome(schema, State.NOT_BEGUN, 0, null, Duration.ZERO, null)))
			.toList();
		return new TenantsResult(this.engine.scope().tidemark(), all, since(this.start));
	}

	private void log(TenantsResult result, String verb) {
		this.warnings.forEach((problem, count) -> logger.warn("In {}: {}", counted(count, "schema"), problem));
		int applied = result.outcomes().stream().mapToInt(TenantOutcome::applied).sum();
		logger.info("{} {} in {} ms: {} up to date before, {} migrated ({}), {} failed, {} not begun",
				counted(this.schemas.size(), "schema"), verb, result.duration().toMillis(),
				result.in(State.UP_TO_DATE).size(), result.in(State.MIGRATED).size(), counted(applied, "migration"),
				result.in(State.FAILED).size(), result.in(State.NOT_BEGUN).size());
	}

	private static String counted(int count, String noun) {
		return count + " " + noun + ((count != 1) ? "s" : "");
	}

	/** What is done with one tenant. */
	@FunctionalInterface
	private interface Work {

		TenantOutcome on(String schema, Engine own, Sources sources);

	}

}
