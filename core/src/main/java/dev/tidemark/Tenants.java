package dev.tidemark;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.command.Engine;
import dev.tidemark.command.SchemaName;
import dev.tidemark.command.SharedScripts;
import dev.tidemark.command.look.PreviewReader;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Phase;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.rollout.run.RolloutSettings;
import dev.tidemark.rollout.run.Schemas;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.session.connect.KeptConnection;
import dev.tidemark.source.Sources;
import dev.tidemark.tenant.OnTenantFailure;
import dev.tidemark.tenant.TenantOutcome;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.tenant.TenantsFailedException;
import dev.tidemark.tenant.TenantsInspection;
import dev.tidemark.tenant.TenantsInspector;
import dev.tidemark.tenant.TenantsListener;
import dev.tidemark.tenant.TenantsPreview;
import dev.tidemark.tenant.TenantsResult;
import dev.tidemark.tenant.TenantsRun;

/**
 * Evolves many schemas of one PostgreSQL database with the same migrations: the tenants
 * of a service. Each schema has a history and a lock of its own; files are read once and
 * a few connections serve all. Built once, immutable and thread-safe.
 *
 * <pre>{@code
 * Tenants tenants = Tenants.builder(tidemark, () -> List.of("acme", "globex")).build();
 * TenantsResult result = tenants.migrate();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Tenants {

	/** How many connections migrate at a time by default. */
	public static final int DEFAULT_CONNECTIONS = 4;

	/** What happens to other tenants by default when one has failed. */
	public static final OnTenantFailure DEFAULT_ON_FAILURE = OnTenantFailure.CONTINUE;

	private static final Logger logger = PlainLogger.of(Tenants.class);

	private final Tidemark tidemark;

	private final TenantSchemas schemas;

	private final int connections;

	private final OnTenantFailure onFailure;

	private final List<TenantsListener> listeners;

	private final TenantsInspector inspector;

	private final Set<TenantsRun> going = ConcurrentHashMap.newKeySet();

	private @Nullable Backfills backfills;

	private Tenants(Builder builder) {
		this.tidemark = builder.tidemark;
		this.schemas = builder.schemas;
		this.connections = builder.connections;
		this.onFailure = builder.onFailure;
		this.listeners = List.copyOf(builder.listeners);
		this.inspector = new TenantsInspector(this.tidemark.engine(), this.tidemark.inspector());
	}

	/**
	 * Begins to build an instance.
	 * @param tidemark the migrations and how they run; its own schemas count for nothing
	 * @param schemas knows the schemas
	 * @return a builder with the default of every setting
	 */
	public static Builder builder(Tidemark tidemark, TenantSchemas schemas) {
		return new Builder(tidemark, schemas);
	}

	/**
	 * Returns the name by which people tell this database from others.
	 * @return the name of the {@code Tidemark} whose migrations these are
	 */
	public String name() {
		return this.tidemark.name();
	}

	/**
	 * Returns what migrates each of the schemas.
	 * @return the migrations and how they run; its own schemas count for nothing
	 */
	public Tidemark tidemark() {
		return this.tidemark;
	}

	/**
	 * Runs all pending migrations of all tenants. Each waits for other instances that
	 * migrate the same tenant, and for no one else. Listeners, callbacks and code
	 * migrations are called on several threads at once.
	 * @return what was done
	 * @throws TenantsFailedException if a tenant failed and that is not tolerated
	 * @throws TidemarkException if something is wrong that concerns all of them; nothing
	 * was changed then
	 */
	public TenantsResult migrate() {
		return this.tidemark.settingNames().during(this::migrateNow);
	}

	private TenantsResult migrateNow() {
		tell((listener) -> listener.tenantsStarted(name()));
		TenantsRun run = run(names());
		this.going.add(run);
		try {
			return finished(run.migrate());
		}
		finally {
			this.going.remove(run);
		}
	}

	/**
	 * Cancels what {@link #migrate()} is doing in other threads, as for a shutdown, and
	 * returns without waiting: no further tenant is begun, and those that have begun end
	 * as {@link Tidemark#cancel()} says.
	 */
	public void cancel() {
		this.going.forEach(TenantsRun::cancel);
	}

	/**
	 * Looks at what {@link #migrate()} would do now, and changes nothing.
	 * @return what would run in each tenant that is not up to date. What is wrong with
	 * the files is told of the first tenant only, as it is the same for all.
	 * @throws TidemarkException if there is no connection
	 */
	public TenantsPreview plan() {
		return this.tidemark.settingNames().during(this::planNow);
	}

	private TenantsPreview planNow() {
		List<String> names = names();
		Sources sources = this.tidemark.readSources();
		try (KeptConnection connection = new KeptConnection(this.tidemark.connections())) {
			List<String> pending = sources.problems().stream().anyMatch(Problem::isError)
					? names.subList(0, Math.min(1, names.size())) : run(names).pending(sources, connection);
			Engine engine = this.tidemark.engine().reusing(connection).sharing(new SharedScripts());
			return new TenantsPreview(name(),
					pending.stream().map((schema) -> preview(schema, engine, sources)).toList());
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The connection could not be closed", ServerError.withoutSecrets(ex));
		}
	}

	private static Preview preview(String schema, Engine engine, Sources sources) {
		PreviewReader reader = new PreviewReader(engine.in(schema));
		try {
			SchemaName.requireUsable(schema);
			return reader.read(sources);
		}
		catch (TidemarkException ex) {
			if (TenantOutcome.concernsAll(ex)) {
				throw ex;
			}
			return reader.refused(ex.problems());
		}
	}

	/**
	 * Checks that all tenants are what this build expects, and changes nothing.
	 * @return what was found
	 * @throws TenantsFailedException if a migration is pending or something is wrong with
	 * a tenant, and that is not tolerated
	 * @throws TidemarkException if something is wrong that concerns all of them
	 */
	public TenantsResult verify() {
		return this.tidemark.settingNames().during(() -> {
			tell((listener) -> listener.tenantsStarted(name()));
			return finished(run(names()).verify());
		});
	}

	/**
	 * Return whether there are backfills among the files, so that it is worth looking how
	 * far they are. No connection is opened.
	 * @return {@code false} if there is none
	 */
	public boolean hasBackfills() {
		return this.tidemark.lastSources()
			.migrations()
			.stream()
			.anyMatch((migration) -> migration.phase() == Phase.BACKFILL);
	}

	private TenantsRun run(List<String> names) {
		return new TenantsRun(this.tidemark.engine(), this.tidemark::readSources, names, this.connections,
				this.onFailure);
	}

	private void tell(Consumer<TenantsListener> event) {
		for (TenantsListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				// Who only looks on must neither stop a migration nor hide its failure.
				this.tidemark.engine().listeners().warn(listener, ex);
			}
		}
	}

	private TenantsResult finished(TenantsResult result) {
		tell((listener) -> listener.tenantsFinished(result));
		boolean tolerated = this.onFailure == OnTenantFailure.TOLERATE
				&& result.in(TenantOutcome.State.NOT_BEGUN).isEmpty()
				&& result.outcomes().stream().noneMatch(TenantOutcome::concernsAll);
		if (!result.isComplete() && !tolerated) {
			throw new TenantsFailedException(result);
		}
		return result;
	}

	/**
	 * Returns the backfills of all tenants: they are worked on tenant by tenant, on the
	 * connections that one backfill takes, and what is told of them is summed up.
	 * @return always the same
	 * @throws TidemarkException if a setting of backfills cannot be used
	 */
	public synchronized Backfills backfills() {
		if (this.backfills == null) {
			SettingNames settingNames = this.tidemark.settingNames();
			this.backfills = settingNames.during(() -> {
				RolloutSettings rollout = this.tidemark.rolloutSettings();
				return NamedBackfills.of(settingNames, this.tidemark.engine(), rollout,
						Schemas.many(this.tidemark.engine(), this.tidemark::readSources, this.tidemark::lastSources,
								this::names, rollout));
			});
		}
		return this.backfills;
	}

	/**
	 * Returns an instance for one tenant: to migrate one that has just come, to look at
	 * one more closely, or to decide about one. The schema need not be among those that
	 * are known.
	 * @param schema the schema
	 * @return an instance with the same migrations, settings and listeners
	 * @throws TidemarkException if there can be no schema of that name
	 */
	public Tidemark in(String schema) {
		return this.tidemark.in(schema);
	}

	/**
	 * Looks at all tenants, as {@link #inspect(InspectRequest)} does, and gives the
	 * database {@linkplain InspectRequest#DEFAULT_TIMEOUT some seconds} to answer.
	 * @return what was found
	 */
	public TenantsInspection status() {
		return inspect(InspectRequest.everything());
	}

	/**
	 * Looks at files and histories of all tenants without waiting for migrations that may
	 * be running, on one connection and with few queries. What a schema without a history
	 * holds is not looked at: {@link #in(String)} has an inspection that does. Runs are
	 * not read either, whatever the request says of them.
	 * @param request how long the database may take to answer
	 * @return what was found
	 */
	public TenantsInspection inspect(InspectRequest request) {
		return this.tidemark.settingNames()
			.during(() -> this.inspector.inspect(this::names, this.tidemark::lastSources, request.timeout()));
	}

	private List<String> names() {
		Collection<String> names;
		try {
			names = this.schemas.names();
		}
		catch (TidemarkException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw unknown("failed with " + ex.getClass().getName());
		}
		if (names == null) {
			throw unknown("returned null");
		}
		Set<String> distinct = new LinkedHashSet<>();
		for (String name : names) {
			if (name == null) {
				throw unknown("returned a name that is null");
			}
			if (!distinct.add(name)) {
				logger.warn("The schema {} is named twice among the tenants", name);
			}
		}
		return List.copyOf(distinct);
	}

	/** The message of the exception may hold anything. */
	private TidemarkException unknown(String what) {
		return new TidemarkException(Problem.error(ErrorCode.TENANTS_UNKNOWN, null,
				"The tenants are not known: the TenantSchemas of type " + this.schemas.getClass().getName() + " " + what
						+ ".",
				"Correct it; it runs before the migrations, so it may use only what does not wait for them."));
	}

	/**
	 * Builds {@link Tenants}. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private static final int MOST_CONNECTIONS = 64;

		private final Tidemark tidemark;

		private final TenantSchemas schemas;

		private int connections = DEFAULT_CONNECTIONS;

		private OnTenantFailure onFailure = DEFAULT_ON_FAILURE;

		private final List<TenantsListener> listeners = new ArrayList<>();

		private Builder(Tidemark tidemark, TenantSchemas schemas) {
			this.tidemark = tidemark;
			this.schemas = schemas;
		}

		/**
		 * Sets how many tenants are migrated at a time, each on a connection that goes
		 * from one to the next. A pool that connections are borrowed from needs room for
		 * them.
		 * @param connections at least 1, at most 64; by default
		 * {@value Tenants#DEFAULT_CONNECTIONS}
		 * @return this builder
		 */
		public Builder connections(int connections) {
			this.connections = connections;
			return this;
		}

		/**
		 * Sets what happens to the other tenants when one has failed.
		 * @param onFailure what happens; by default {@link OnTenantFailure#CONTINUE}
		 * @return this builder
		 */
		public Builder onFailure(OnTenantFailure onFailure) {
			this.onFailure = onFailure;
			return this;
		}

		/**
		 * Adds a listener.
		 * @param listener is told what each run found
		 * @return this builder
		 */
		public Builder listener(TenantsListener listener) {
			this.listeners.add(listener);
			return this;
		}

		/**
		 * Builds the instance. Nobody is asked for schemas yet.
		 * @return the instance
		 * @throws TidemarkException if a setting cannot be used
		 */
		public Tenants build() {
			return this.tidemark.settingNames().during(this::make);
		}

		private Tenants make() {
			if (this.connections < 1 || this.connections > MOST_CONNECTIONS) {
				throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
						"'tenants.connections' must be between 1 and " + MOST_CONNECTIONS + ".",
						"Correct the setting."));
			}
			if (this.tidemark.redoes()) {
				throw new TidemarkException(Problem.error(ErrorCode.SETTING, null,
						SettingNames.name("dev.redo")
								+ " does nothing for the schemas of tenants, so it must not be set for them.",
						"Remove the setting, or set it to false for them, and develop migrations on one schema: "
								+ SettingNames.name("schema") + " instead of" + " " + SettingNames.name("tenants")
								+ "."));
			}
			return new Tenants(this);
		}

	}

}
