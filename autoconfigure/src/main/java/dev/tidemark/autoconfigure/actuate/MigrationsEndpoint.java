package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationContext;

import dev.tidemark.Inspection;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.ContextDescriptor;
import dev.tidemark.autoconfigure.actuate.MigrationsDescriptor.TidemarkDescriptor;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.UndoRequest;
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
	 * @param version its version, or the name of a repeatable, as {@link Identity#of}
	 * reads it
	 * @return the migration with its runs and statements, or {@code null} if no database
	 * and no file knows it
	 */
	@ReadOperation
	public @Nullable MigrationDescriptor migration(@Selector String version) {
		Identity migration = Identity.of(version);
		Map<String, MigrationDescriptor.ContextDescriptor> contexts = new LinkedHashMap<>();
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			Map<String, MigrationDescriptor.TidemarkDescriptor> tidemarks = inspect(current,
					(inspection) -> describe(inspection, migration));
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
	 * @param tidemark the name of the {@link Tidemark} bean whose database is meant; may
	 * be {@code null} if only one knows the migration. Of two beans of one name, that of
	 * the inner context.
	 * @return the migration as it is then, or {@code null} if no database and no file
	 * knows it
	 * @throws TidemarkException if it is not clear which database is meant, there is
	 * nothing to decide, or the decision cannot be recorded
	 */
	@WriteOperation
	public @Nullable MigrationDescriptor resolve(@Selector String version, int rank, Resolution as, String reason,
			@Nullable String tidemark) {
		Identity migration = Identity.of(version);
		List<Candidate> candidates = (tidemark != null) ? List.of(named(tidemark)) : knowing(migration);
		if (candidates.size() > 1) {
			throw unclear("Several databases know " + migration.inWords() + ".", candidates);
		}
		if (candidates.isEmpty()) {
			return null;
		}
		candidates.get(0).tidemark().resolve(migration, rank, as, reason, this.timeout);
		return migration(version);
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
	 * @param tidemark the name of the {@link Tidemark} bean whose database is meant; may
	 * be {@code null} if there is only one
	 * @return what was undone
	 * @throws TidemarkException if it is not clear what is meant, something stands in the
	 * way, or an undo file failed
	 */
	@WriteOperation
	public UndoDescriptor undo(@Nullable String to, @Nullable String from, @Nullable Integer count,
			@Nullable String deployment, String reason, @Nullable String allowDataLoss, @Nullable String tidemark) {
		UndoRequest request = request(to, from, count, deployment, reason, allowDataLoss);
		List<Candidate> candidates = (tidemark != null) ? List.of(named(tidemark)) : candidates();
		if (candidates.size() != 1) {
			throw unclear("There are " + candidates.size() + " Tidemark beans.", candidates);
		}
		return UndoDescriptor.of(candidates.get(0).tidemark().undo(request, this.timeout));
	}

	private static UndoRequest request(@Nullable String to, @Nullable String from, @Nullable Integer count,
			@Nullable String deployment, String reason, @Nullable String allowDataLoss) {
		try {
			UndoSelection selection = UndoSelection.of(version(to), count, version(from), deployment);
			return new UndoRequest(selection, reason, allowDataLoss);
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
		List<Candidate> all = candidates();
		return all.stream()
			.filter((candidate) -> candidate.name().equals(name))
			.findFirst()
			.orElseThrow(() -> unclear("There is no Tidemark bean '" + name + "'.", all));
	}

	private List<Candidate> knowing(Identity migration) {
		return candidates().stream()
			.filter((candidate) -> describe(candidate.tidemark().inspect(this.timeout), migration).isPresent())
			.toList();
	}

	private List<Candidate> candidates() {
		List<Candidate> candidates = new ArrayList<>();
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			current.getBeansOfType(Tidemark.class)
				.forEach((name, tidemark) -> candidates.add(new Candidate(name, tidemark)));
		}
		return candidates;
	}

	private static TidemarkException unclear(String what, List<Candidate> candidates) {
		String names = candidates.stream().map(Candidate::name).distinct().collect(Collectors.joining(", "));
		return new TidemarkException(Problem.error(ErrorCode.DATABASE_UNCLEAR, null, what,
				"Name the Tidemark bean of the one that is meant, as \"tidemark\" in the request: " + names + "."));
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
			Identity migration) {
		if (inspection.state() == Inspection.State.UNREACHABLE) {
			return Optional.of(MigrationDescriptor.TidemarkDescriptor.unreachable(inspection));
		}
		return inspection.find(migration).map((entry) -> MigrationDescriptor.TidemarkDescriptor.of(inspection, entry));
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
	 * @param name the name of its bean
	 * @param tidemark its bean
	 */
	private record Candidate(String name, Tidemark tidemark) {
	}

}
