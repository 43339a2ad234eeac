package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationContext;

import dev.tidemark.Inspection;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.ContextDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.TidemarkDescriptor;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.PlanEntry;
import dev.tidemark.run.Resolution;
import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;

/**
 * {@link Endpoint} that shows migrations: what is applied, pending and running, and what
 * stands in the way. It looks at each database on one connection of its own for one short
 * query, and never waits for a migration.
 */
@Endpoint(id = "migrations", defaultAccess = Access.READ_ONLY)
public class MigrationsEndpoint {

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
	@ReadOperation
	public MigrationsDescriptor migrations() {
		Map<String, ContextDescriptor> contexts = new LinkedHashMap<>();
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			Map<String, TidemarkDescriptor> tidemarks = inspect(current,
					(inspection) -> Optional.of(TidemarkDescriptor.of(inspection)));
			contexts.put(id(current), new ContextDescriptor(parentId(current), tidemarks));
		}
		return new MigrationsDescriptor(contexts);
	}

	/**
	 * Shows one migration.
	 * @param version its version, or the name of a repeatable, with blanks or underscores
	 * @return the migration with its runs and statements, or {@code null} if no database
	 * and no file knows it
	 */
	@ReadOperation
	public @Nullable MigrationDescriptor migration(@Selector String version) {
		Predicate<PlanEntry> wanted = wanted(version);
		Map<String, MigrationDescriptor.ContextDescriptor> contexts = new LinkedHashMap<>();
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			Map<String, MigrationDescriptor.TidemarkDescriptor> tidemarks = inspect(current,
					(inspection) -> describe(inspection, wanted));
			if (!tidemarks.isEmpty()) {
				contexts.put(id(current), new MigrationDescriptor.ContextDescriptor(parentId(current), tidemarks));
			}
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
	 * @return the migration as it is then, or {@code null} if no database and no file
	 * knows it
	 */
	@WriteOperation
	public @Nullable MigrationDescriptor resolve(@Selector String version, int rank, Resolution as, String reason) {
		List<TidemarkException> refusals = new ArrayList<>();
		boolean resolved = false;
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			for (Tidemark tidemark : current.getBeansOfType(Tidemark.class).values()) {
				try {
					tidemark.resolve(Identity.of(version), rank, as, reason, this.timeout);
					resolved = true;
				}
				catch (TidemarkException ex) {
					refusals.add(ex);
				}
			}
		}
		MigrationDescriptor migration = migration(version);
		if (migration != null && !resolved && !refusals.isEmpty()) {
			throw new InvalidEndpointRequestException(refusals.get(0).toString(),
					refusals.get(0).problems().get(0).what());
		}
		return migration;
	}

	private <T> Map<String, T> inspect(ApplicationContext current, Function<Inspection, Optional<T>> describe) {
		Map<String, T> described = new LinkedHashMap<>();
		current.getBeansOfType(Tidemark.class)
			.forEach((name, tidemark) -> describe.apply(tidemark.inspect(this.timeout))
				.ifPresent((descriptor) -> described.put(name, descriptor)));
		return described;
	}

	/** Of a database that does not answer nobody can say that it lacks the migration. */
	private static Optional<MigrationDescriptor.TidemarkDescriptor> describe(Inspection inspection,
			Predicate<PlanEntry> wanted) {
		if (inspection.state() == Inspection.State.UNREACHABLE) {
			return Optional.of(MigrationDescriptor.TidemarkDescriptor.unreachable(inspection));
		}
		return inspection.entries()
			.stream()
			.filter(wanted)
			.findFirst()
			.map((entry) -> MigrationDescriptor.TidemarkDescriptor.of(inspection, entry));
	}

	private static Predicate<PlanEntry> wanted(String selector) {
		String name = selector.replace('_', ' ');
		MigrationVersion version = version(selector);
		return (entry) -> (entry.identity() instanceof Identity.Versioned versioned)
				? version != null && versioned.version().equals(version)
				: entry.identity().toString().replace('_', ' ').equals(name);
	}

	private static @Nullable MigrationVersion version(String selector) {
		try {
			return MigrationVersion.of(selector);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static String id(ApplicationContext context) {
		return String.valueOf(context.getId());
	}

	private static @Nullable String parentId(ApplicationContext context) {
		return (context.getParent() != null) ? context.getParent().getId() : null;
	}

}
