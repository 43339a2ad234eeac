package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationContext;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.actuate.EndpointDatabases.Candidate;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.ContextDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.TenantsDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.TidemarkDescriptor;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.BackfillOption;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.inspect.Page;
import dev.tidemark.tenant.TenantsInspection;

/**
 * {@link Endpoint} that shows migrations: what is applied, pending and running, and what
 * stands in the way. It looks at each database on one connection of its own for a few
 * short queries, and never waits for a migration.
 *
 * @since 0.1.0
 */
@Endpoint(id = "migrations", defaultAccess = Access.READ_ONLY)
public class MigrationsEndpoint {

	private final EndpointDatabases databases;

	private final BackfillRequests backfills;

	private final Duration timeout;

	/**
	 * Makes an endpoint.
	 * @param context the context whose {@link Tidemark} beans, and whose parents', are
	 * shown
	 * @param timeout how long each database may take to answer
	 */
	public MigrationsEndpoint(ApplicationContext context, Duration timeout) {
		this.databases = new EndpointDatabases(context);
		this.backfills = new BackfillRequests(this.databases);
		this.timeout = timeout;
	}

	/**
	 * Shows all migrations.
	 * @return the migrations of all contexts
	 */
	public MigrationsDescriptor migrations() {
		return migrations(null, null, null);
	}

	/**
	 * Shows all migrations.
	 * @param tenant the schema of a tenant to show alone, or {@code null} to show all
	 * databases and of tenants a summary
	 * @param page which page of what is applied to show, from 0, which is the default and
	 * has the newest
	 * @param size how many migrations a page has; by default 100
	 * @return the migrations of all contexts
	 * @throws TidemarkException if there can be no such tenant or no such page
	 */
	@ReadOperation
	public MigrationsDescriptor migrations(@Nullable String tenant, @Nullable Integer page, @Nullable Integer size) {
		Page shown = page(page, size);
		Map<String, ContextDescriptor> contexts = new LinkedHashMap<>();
		this.databases.contexts()
			.forEach((current) -> contexts.put(id(current),
					(tenant != null) ? tenant(current, tenant, shown) : all(current, shown)));
		return new MigrationsDescriptor(contexts);
	}

	private static Page page(@Nullable Integer number, @Nullable Integer size) {
		try {
			return new Page((number != null) ? number : Page.FIRST.number(), (size != null) ? size : Page.FIRST.size());
		}
		catch (IllegalArgumentException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.SETTING, null, ex.getMessage() + ".",
					"Correct the request, and send it again."), ex);
		}
	}

	private ContextDescriptor all(ApplicationContext current, Page page) {
		Map<String, TenantsDescriptor> tenants = new LinkedHashMap<>();
		current.getBeansOfType(Tenants.class).forEach((name, bean) -> tenants.put(name, inspected(bean)));
		return new ContextDescriptor(parentId(current), inspected(this.databases.tidemarks(current), page),
				tenants.isEmpty() ? null : tenants);
	}

	private TenantsDescriptor inspected(Tenants tenants) {
		TenantsInspection inspection = tenants.inspect(InspectRequest.everything().within(this.timeout));
		return TenantsDescriptor.of(inspection, SeenBackfills.left(inspection, tenants));
	}

	private ContextDescriptor tenant(ApplicationContext current, String schema, Page page) {
		return new ContextDescriptor(parentId(current), inspected(this.databases.tenants(current, schema), page), null);
	}

	private Map<String, TidemarkDescriptor> inspected(List<Candidate> candidates, Page page) {
		Map<String, TidemarkDescriptor> inspected = new LinkedHashMap<>();
		for (Candidate candidate : candidates) {
			Inspection inspection = candidate.tidemark().inspect(InspectRequest.of(page).within(this.timeout));
			inspected.put(candidate.name(),
					TidemarkDescriptor.of(inspection, page, SeenBackfills.left(inspection, candidate.tidemark())));
		}
		return inspected;
	}

	/**
	 * Shows one migration.
	 * @param version its version, or the name of a repeatable, as {@link Identity#of}
	 * reads it
	 * @param tenant the schema of the tenant to look at, or {@code null} for the
	 * databases that are not of tenants
	 * @return the migration with its runs and statements, or {@code null} if no database
	 * and no file knows it
	 * @throws TidemarkException if there can be no such tenant
	 */
	@ReadOperation
	public @Nullable MigrationDescriptor migration(@Selector String version, @Nullable String tenant) {
		return describe(Identity.of(version),
				(tenant != null) ? this.databases.tenants(tenant) : this.databases.tidemarks());
	}

	/** Of two candidates of one name in different contexts each is shown in its own. */
	private @Nullable MigrationDescriptor describe(Identity migration, List<Candidate> candidates) {
		Map<String, MigrationDescriptor.ContextDescriptor> contexts = new LinkedHashMap<>();
		for (Candidate candidate : candidates) {
			ApplicationContext current = candidate.context();
			describe(candidate.tidemark(), migration).ifPresent(
					(descriptor) -> contexts
						.computeIfAbsent(id(current),
								(id) -> new MigrationDescriptor.ContextDescriptor(parentId(current),
										new LinkedHashMap<>()))
						.tidemarks()
						.put(candidate.name(), descriptor));
		}
		return contexts.isEmpty() ? null : new MigrationDescriptor(contexts);
	}

	/**
	 * Changes what becomes of a migration: a decision about one that was interrupted or
	 * failed half-way, or what a person wants of a backfill. Off unless
	 * {@code management.endpoint.migrations.access} is {@code unrestricted}.
	 * @param version its version, or the name of a repeatable
	 * @param action what is wanted; {@link MigrationAction#RESOLVE} if {@code null}
	 * @param reason why, for those who look later; not needed for a dry run
	 * @param tidemark the name of the bean that is meant, as for
	 * {@link #resolve(String, int, Resolution, String, String)}
	 * @param rank for {@code resolve}: which of its runs
	 * @param as for {@code resolve}: what was decided
	 * @param duty for {@code pace}: the share of the time that it works
	 * @param maxRowsPerSecond for {@code pace}: how many rows a second at most
	 * @param maxWalPerSecond for {@code pace}: how much log a second at most
	 * @param target for {@code pace}: how long a batch should take
	 * @param maxSize for {@code pace}: how many keys a batch has at most
	 * @param batches for {@code dry-run}: how many batches
	 * @return the migration, the backfill or the dry run, or {@code null} if nobody knows
	 * the migration
	 * @throws TidemarkException if it is not clear what is meant, or it cannot be done
	 */
	@WriteOperation
	public @Nullable OperationResponseBody change(@Selector String version, @Nullable MigrationAction action,
			@Nullable String reason, @Nullable String tidemark, @Nullable Integer rank, @Nullable Resolution as,
			@Nullable String duty, @Nullable String maxRowsPerSecond, @Nullable String maxWalPerSecond,
			@Nullable String target, @Nullable String maxSize, @Nullable Integer batches) {
		MigrationAction wanted = (action != null) ? action : MigrationAction.RESOLVE;
		RequestFields fields = wanted.fields();
		if (wanted == MigrationAction.RESOLVE) {
			return resolve(version, fields.required("rank", rank), fields.required("as", as),
					fields.text("reason", reason), tidemark);
		}
		Backfills meant = meant(version, tidemark);
		if (meant == null) {
			return null;
		}
		if (wanted == MigrationAction.DRY_RUN) {
			return this.backfills.dryRun(meant, version, batches);
		}
		Map<BackfillOption, String> pace = new EnumMap<>(BackfillOption.class);
		put(pace, BackfillOption.DUTY, duty);
		put(pace, BackfillOption.MAX_ROWS_PER_SECOND, maxRowsPerSecond);
		put(pace, BackfillOption.MAX_WAL_PER_SECOND, maxWalPerSecond);
		put(pace, BackfillOption.TARGET, target);
		put(pace, BackfillOption.MAX_SIZE, maxSize);
		return this.backfills.control(meant, version, wanted, fields.text("reason", reason), pace);
	}

	private static void put(Map<BackfillOption, String> pace, BackfillOption option, @Nullable String value) {
		if (value != null) {
			pace.put(option, value);
		}
	}

	/**
	 * Returns the backfills that are meant, or {@code null} if nobody knows the version.
	 */
	private @Nullable Backfills meant(String version, @Nullable String tidemark) {
		if (tidemark != null) {
			return this.databases.backfills(tidemark);
		}
		List<Candidate> candidates = knowing(Identity.of(version));
		return candidates.isEmpty() ? null : candidates.get(0).tidemark().backfills();
	}

	/**
	 * Records a decision about a migration that was interrupted or failed half-way; the
	 * next run goes by it. Nothing runs now. Off unless
	 * {@code management.endpoint.migrations.access} is {@code unrestricted}.
	 * @param version its version, or the name of a repeatable
	 * @param rank which of its runs, as the answer to a read names it
	 * @param as what was decided
	 * @param reason why, for those who read the history later
	 * @param tidemark the name of the {@link Tidemark} bean whose database is meant, or
	 * of the {@link Tenants} bean, a slash and the schema of the tenant that is meant;
	 * may be {@code null} if there are no tenants, and only one database that answers
	 * knows the migration. Of two beans of one name, that of the inner context.
	 * @return the migration as it is then in that database, or {@code null} if no
	 * database and no file knows it
	 * @throws TidemarkException if it is not clear which database is meant, there is
	 * nothing to decide, or the decision cannot be recorded
	 */
	public @Nullable MigrationDescriptor resolve(String version, int rank, Resolution as, String reason,
			@Nullable String tidemark) {
		Identity migration = Identity.of(version);
		List<Candidate> candidates = (tidemark != null) ? List.of(this.databases.named(tidemark)) : knowing(migration);
		if (candidates.isEmpty()) {
			return null;
		}
		Candidate meant = candidates.get(0);
		meant.tidemark().resolve(ResolveRequest.of(migration, rank, as, reason).within(this.timeout));
		return describe(migration, List.of(meant));
	}

	/**
	 * Changes many migrations at once: undoes some, or pauses all backfills. Off unless
	 * {@code management.endpoint.migrations.access} is {@code unrestricted}.
	 * @param action what is wanted; {@link MigrationsAction#UNDO} if {@code null}
	 * @param reason why, for those who look later
	 * @param tidemark the name of the bean that is meant, as for {@code undo}; without it
	 * all backfills of all databases are paused
	 * @param to for {@code undo}: the version that stays as the newest one
	 * @param from for {@code undo}: the version that was applied last
	 * @param count for {@code undo}: how many migrations to undo
	 * @param deployment for {@code undo}: the deployment id of the run
	 * @param allowDataLoss for {@code undo}: why data may be lost
	 * @return what was undone or paused
	 * @throws TidemarkException if it is not clear what is meant, or it cannot be done
	 * @see #undo(String, String, Integer, String, String, String, String)
	 */
	@WriteOperation
	public OperationResponseBody changeAll(@Nullable MigrationsAction action, String reason, @Nullable String tidemark,
			@Nullable String to, @Nullable String from, @Nullable Integer count, @Nullable String deployment,
			@Nullable String allowDataLoss) {
		return (action == MigrationsAction.PAUSE_BACKFILLS) ? this.backfills.pauseAll(reason, tidemark)
				: undo(to, from, count, deployment, reason, allowDataLoss, tidemark);
	}

	/**
	 * Undoes migrations. Exactly one of {@code to}, {@code from} and {@code deployment}
	 * is needed, so that the same request undoes nothing when it comes again. Off unless
	 * {@code management.endpoint.migrations.access} is {@code unrestricted}.
	 * @param to the version that stays as the newest one; 0 undoes all
	 * @param from the version that was applied last
	 * @param count how many migrations to undo, beginning with {@code from}; 1 if
	 * {@code null}
	 * @param deployment the deployment id of the run whose migrations are undone
	 * @param reason why, for those who read the history later
	 * @param allowDataLoss why data may be lost, for the same readers; if {@code null},
	 * an undo that would lose some is refused
	 * @param tidemark the name of the {@link Tidemark} bean whose database is meant, or
	 * of the {@link Tenants} bean, a slash and the schema of the tenant that is meant;
	 * may be {@code null} if there is only one bean and there are no tenants
	 * @return what was undone
	 * @throws TidemarkException if it is not clear what is meant, something stands in the
	 * way, or an undo file failed
	 */
	public UndoDescriptor undo(@Nullable String to, @Nullable String from, @Nullable Integer count,
			@Nullable String deployment, String reason, @Nullable String allowDataLoss, @Nullable String tidemark) {
		UndoRequest request = request(to, from, count, deployment, reason, allowDataLoss);
		Candidate meant = (tidemark != null) ? this.databases.named(tidemark) : this.databases.only();
		return UndoDescriptor.of(meant.tidemark().undo(request.within(this.timeout)));
	}

	private static UndoRequest request(@Nullable String to, @Nullable String from, @Nullable Integer count,
			@Nullable String deployment, String reason, @Nullable String allowDataLoss) {
		try {
			UndoSelection selection = UndoSelection.of(version(to), count, version(from), deployment);
			return UndoRequest.of(selection).because(reason).allowingDataLoss(allowDataLoss);
		}
		catch (IllegalArgumentException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.UNDO_UNCLEAR, null, ex.getMessage() + ".",
					"Correct the request, and send it again."), ex);
		}
	}

	private static @Nullable MigrationVersion version(@Nullable String text) {
		return (text != null) ? MigrationVersion.of(text) : null;
	}

	/** Returns at most one. */
	private List<Candidate> knowing(Identity migration) {
		if (this.databases.hasTenants()) {
			throw this.databases.unnamed();
		}
		List<Candidate> knowing = new ArrayList<>();
		List<Candidate> unreachable = new ArrayList<>();
		for (Candidate candidate : this.databases.tidemarks()) {
			Inspection inspection = candidate.tidemark().inspect(InspectRequest.of(migration).within(this.timeout));
			if (inspection.state() == Inspection.State.UNREACHABLE) {
				unreachable.add(candidate);
			}
			else if (inspection.find(migration).isPresent()) {
				knowing.add(candidate);
			}
		}
		List<Candidate> candidates = knowing.isEmpty() ? unreachable : knowing;
		if (candidates.size() > 1) {
			throw this.databases.unclear(knowing.isEmpty() ? "Several databases do not answer."
					: "Several databases know " + migration.inWords() + ".");
		}
		return candidates;
	}

	/** Of a database that does not answer nobody can say that it lacks the migration. */
	private Optional<MigrationDescriptor.TidemarkDescriptor> describe(Tidemark tidemark, Identity migration) {
		Inspection inspection = tidemark.inspect(InspectRequest.of(migration).within(this.timeout));
		if (inspection.state() == Inspection.State.UNREACHABLE) {
			return Optional.of(MigrationDescriptor.TidemarkDescriptor.unreachable(inspection));
		}
		return inspection.find(migration)
			.map((entry) -> MigrationDescriptor.TidemarkDescriptor.of(inspection, entry,
					tidemark.text(migration).orElse(null), SeenBackfills.of(entry, tidemark)));
	}

	private static String id(ApplicationContext context) {
		return String.valueOf(context.getId());
	}

	private static @Nullable String parentId(ApplicationContext context) {
		return (context.getParent() != null) ? context.getParent().getId() : null;
	}

}
