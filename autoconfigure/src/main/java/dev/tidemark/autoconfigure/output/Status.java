package dev.tidemark.autoconfigure.output;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.error.Problem;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.tenant.TenantsInspection;

/**
 * How far a database is, as {@link Mode#STATUS} shows it.
 *
 * @since 0.1.0
 */
public sealed interface Status {

	/** Returns the name of the database. */
	String database();

	/** Returns the state of its database, or of the tenant that is worst off. */
	Inspection.State state();

	/** Returns everything that is wrong. */
	List<Problem> problems();

	/** Return whether anything has yet to run, or runs just now. */
	boolean isPending();

	/** Returns what one of the two makes of it. */
	<T> T either(Function<OfSchema, T> ofSchema, Function<OfTenants, T> ofTenants);

	/**
	 * Of one schema.
	 *
	 * @param database the name of the database
	 * @param inspection what was seen
	 * @since 0.1.0
	 */
	record OfSchema(String database, Inspection inspection) implements Status {

		@Override
		public Inspection.State state() {
			return this.inspection.state();
		}

		@Override
		public List<Problem> problems() {
			return this.inspection.problems();
		}

		@Override
		public boolean isPending() {
			return state() == Inspection.State.PENDING || state() == Inspection.State.RUNNING;
		}

		@Override
		public <T> T either(Function<OfSchema, T> ofSchema, Function<OfTenants, T> ofTenants) {
			return ofSchema.apply(this);
		}

		/** Returns all migrations, each with its last run. */
		List<Seen> migrations() {
			Map<Integer, MigrationRun> runs = this.inspection.runs()
				.stream()
				.collect(Collectors.toMap(MigrationRun::rank, Function.identity()));
			return this.inspection.migrations()
				.stream()
				.map((migration) -> new Seen(migration, (migration.rank() != null) ? runs.get(migration.rank()) : null))
				.toList();
		}

	}

	/**
	 * Of many tenants.
	 *
	 * @param database the name of the database
	 * @param inspection what was seen
	 * @since 0.1.0
	 */
	record OfTenants(String database, TenantsInspection inspection) implements Status {

		@Override
		public Inspection.State state() {
			return this.inspection.state();
		}

		@Override
		public List<Problem> problems() {
			return Stream
				.concat(this.inspection.problems().stream(),
						this.inspection.tenants().stream().flatMap((tenant) -> tenant.problems().stream()))
				.toList();
		}

		@Override
		public boolean isPending() {
			return this.inspection.tenants()
				.stream()
				.anyMatch((tenant) -> tenant.state() == Inspection.State.PENDING
						|| tenant.state() == Inspection.State.RUNNING);
		}

		@Override
		public <T> T either(Function<OfSchema, T> ofSchema, Function<OfTenants, T> ofTenants) {
			return ofTenants.apply(this);
		}

	}

	/**
	 * A migration as it was seen.
	 *
	 * @param migration the migration
	 * @param lastRun its last run, or {@code null} if it never ran
	 * @since 0.1.0
	 */
	record Seen(MigrationInfo migration, @Nullable MigrationRun lastRun) {
	}

}
