package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationContext;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.ContextDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.TenantsDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.TidemarkDescriptor;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.inspect.Page;

/**
 * {@link Endpoint} that shows migrations: what is applied, pending and running, and what
 * stands in the way. It looks at each database on one connection of its own for a few
 * short queries, and never waits for a migration.
 *
 * @since 0.1.0
 */
@Endpoint(id = "migrations", defaultAccess = Access.READ_ONLY)
public class MigrationsEndpoint {

	/** Stands between the name of a bean and the schema of a tenant. */
	private static final String OF_TENANT = "/";

	private final ApplicationContext context;

	private final Duration timeout;

	/**
	 * Makes an endpoint.
	 * @param context the context whose {@link Tidemark} beans, and whose parents', are
	 * shown
	 * @param timeout how long each database may take to answer
	 */
	public MigrationsEndpoint(ApplicationContext context, Duration timeout) {
		this.context = context;
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
		contexts().forEach((current) -> contexts.put(id(current),
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
		current.getBeansOfType(Tenants.class)
			.forEach((name, bean) -> tenants.put(name,
					TenantsDescriptor.of(bean.inspect(InspectRequest.everything().within(this.timeout)))));
		return new ContextDescriptor(parentId(current), inspected(tidemarks(current), page),
				tenants.isEmpty() ? null : tenants);
	}

	private ContextDescriptor tenant(ApplicationContext current, String schema, Page page) {
		return new ContextDescriptor(parentId(current), inspected(tenants(current, schema), page), null);
	}

	private Map<String, TidemarkDescriptor> inspected(List<Candidate> candidates, Page page) {
		Map<String, TidemarkDescriptor> inspected = new LinkedHashMap<>();
		candidates.forEach((candidate) -> inspected.put(candidate.name(), TidemarkDescriptor
			.of(candidate.tidemark().inspect(InspectRequest.of(page).within(this.timeout)), page)));
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
		return describe(Identity.of(version), (tenant != null) ? tenants(tenant) : tidemarks());
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
	@WriteOperation
	public @Nullable MigrationDescriptor resolve(@Selector String version, int rank, Resolution as, String reason,
			@Nullable String tidemark) {
		Identity migration = Identity.of(version);
		List<Candidate> candidates = (tidemark != null) ? List.of(named(tidemark)) : knowing(migration);
		if (candidates.isEmpty()) {
			return null;
		}
		Candidate meant = candidates.get(0);
		meant.tidemark().resolve(ResolveRequest.of(migration, rank, as, reason).within(this.timeout));
		return describe(migration, List.of(meant));
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
	@WriteOperation
	public UndoDescriptor undo(@Nullable String to, @Nullable String from, @Nullable Integer count,
			@Nullable String deployment, String reason, @Nullable String allowDataLoss, @Nullable String tidemark) {
		UndoRequest request = request(to, from, count, deployment, reason, allowDataLoss);
		Candidate meant = (tidemark != null) ? named(tidemark) : only();
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

	private Candidate named(String name) {
		int end = name.indexOf(OF_TENANT);
		List<Candidate> all = new ArrayList<>(tidemarks());
		if (end >= 0) {
			all.addAll(tenants(name.substring(end + OF_TENANT.length())));
		}
		return all.stream()
			.filter((candidate) -> candidate.name().equals(name))
			.findFirst()
			.orElseThrow(() -> unclear("Nothing is named '" + name + "'."));
	}

	private Candidate only() {
		List<Candidate> candidates = tidemarks();
		if (candidates.size() != 1 || hasTenants()) {
			throw unclear("The request does not say which database is meant.");
		}
		return candidates.get(0);
	}

	/** Returns at most one. */
	private List<Candidate> knowing(Identity migration) {
		if (hasTenants()) {
			throw unclear("The request does not say which database is meant.");
		}
		List<Candidate> knowing = new ArrayList<>();
		List<Candidate> unreachable = new ArrayList<>();
		for (Candidate candidate : tidemarks()) {
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
			throw unclear(knowing.isEmpty() ? "Several databases do not answer."
					: "Several databases know " + migration.inWords() + ".");
		}
		return candidates;
	}

	private boolean hasTenants() {
		return contexts().anyMatch((current) -> current.getBeanNamesForType(Tenants.class).length > 0);
	}

	private List<Candidate> tidemarks() {
		return contexts().flatMap((current) -> tidemarks(current).stream()).toList();
	}

	private static List<Candidate> tidemarks(ApplicationContext current) {
		List<Candidate> candidates = new ArrayList<>();
		current.getBeansOfType(Tidemark.class)
			.forEach((name, tidemark) -> candidates.add(new Candidate(current, name, tidemark)));
		return candidates;
	}

	private List<Candidate> tenants(String schema) {
		return contexts().flatMap((current) -> tenants(current, schema).stream()).toList();
	}

	private static List<Candidate> tenants(ApplicationContext current, String schema) {
		List<Candidate> candidates = new ArrayList<>();
		current.getBeansOfType(Tenants.class)
			.forEach((name, tenants) -> candidates
				.add(new Candidate(current, name + OF_TENANT + schema, tenants.in(schema))));
		return candidates;
	}

	private Stream<ApplicationContext> contexts() {
		return Stream.iterate(this.context, Objects::nonNull, ApplicationContext::getParent);
	}

	private TidemarkException unclear(String what) {
		String names = contexts().flatMap(MigrationsEndpoint::names).distinct().collect(Collectors.joining(", "));
		return new TidemarkException(Problem.error(ErrorCode.DATABASE_UNCLEAR, null, what,
				names.isEmpty() ? "Ask an application that has a Tidemark bean: this one has none."
						: "Name the one that is meant, as \"tidemark\" in the request: " + names + "."));
	}

	private static Stream<String> names(ApplicationContext current) {
		return Stream.concat(Stream.of(current.getBeanNamesForType(Tidemark.class)),
				Stream.of(current.getBeanNamesForType(Tenants.class)).map((name) -> name + OF_TENANT + "<schema>"));
	}

	/** Of a database that does not answer nobody can say that it lacks the migration. */
	private Optional<MigrationDescriptor.TidemarkDescriptor> describe(Tidemark tidemark, Identity migration) {
		Inspection inspection = tidemark.inspect(InspectRequest.of(migration).within(this.timeout));
		if (inspection.state() == Inspection.State.UNREACHABLE) {
			return Optional.of(MigrationDescriptor.TidemarkDescriptor.unreachable(inspection));
		}
		return inspection.find(migration)
			.map((entry) -> MigrationDescriptor.TidemarkDescriptor.of(inspection, entry,
					tidemark.text(migration).orElse(null)));
	}

	private static String id(ApplicationContext context) {
		return String.valueOf(context.getId());
	}

	private static @Nullable String parentId(ApplicationContext context) {
		return (context.getParent() != null) ? context.getParent().getId() : null;
	}

	/**
	 * A database that may be meant.
	 *
	 * @param context the context of its bean
	 * @param name the name of its bean, with the schema of a tenant
	 * @param tidemark migrates it
	 */
	private record Candidate(ApplicationContext context, String name, Tidemark tidemark) {
	}

}
