package dev.tidemark.autoconfigure.start;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.autoconfigure.output.Done;
import dev.tidemark.autoconfigure.output.PlannedStart;
import dev.tidemark.autoconfigure.output.Status;
import dev.tidemark.autoconfigure.properties.Mode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.run.inspect.InspectRequest;

/**
 * What a start is about: one schema, or those of many tenants.
 */
interface StartTarget {

	/** Returns the name of the database. */
	String name();

	/** Migrates it; returns {@code null} if it is not looked at. */
	@Nullable Done migrate();

	/** Verifies it; returns {@code null} if it is not looked at. */
	@Nullable Done verify();

	List<PlannedStart> plan();

	/**
	 * Looks how far it is.
	 * @param timeout how long the database may take to answer
	 * @return what was seen, or {@code null} if it is not looked at
	 */
	@Nullable Status status(Duration timeout);

	void cancel();

	/** Returns its backfills, those of all its schemas. */
	Backfills backfills();

	/** Returns whether this application may change it. */
	default boolean mayChange() {
		return true;
	}

	/** Returns what knows the migrations, of whichever schema. */
	Tidemark migrations();

	/**
	 * Returns what migrates the one schema that a choice is about.
	 * @throws TidemarkException if there is none, or it may not be changed
	 */
	Tidemark chosen(TargetChoice choice);

	/**
	 * Returns what migrates the one schema among several targets that a choice is about.
	 * @param targets all that there are
	 * @throws TidemarkException if it is not clear which one it is
	 */
	static Tidemark chosen(List<StartTarget> targets, TargetChoice choice) {
		List<StartTarget> named = targets.stream()
			.filter((target) -> choice.database() == null || choice.database().equals(target.name()))
			.toList();
		if (named.size() == 1) {
			return named.get(0).chosen(choice);
		}
		String names = targets.stream().map(StartTarget::name).collect(Collectors.joining(", "));
		throw (choice.database() == null || !named.isEmpty())
				? choice.refused("there are several databases: " + names,
						"Set " + choice.property() + ".database to the name of one, or use the endpoint.")
				: choice.refused("there is no database named '" + choice.database() + "', only " + names,
						"Correct " + choice.property() + ".database.");
	}

	/**
	 * Returns the same target for one of its tenants.
	 * @param schema the schema of the tenant
	 * @return the target, or {@code null} if it has no tenants
	 */
	default @Nullable StartTarget tenant(String schema) {
		return null;
	}

	/** Returns the one that is about a single schema, or {@code null}. */
	default @Nullable Tidemark single() {
		return null;
	}

	/**
	 * Returns the same target with a mode of its own.
	 * @param mode the mode, or {@code null} if it has none
	 */
	default StartTarget in(@Nullable Mode mode) {
		return (mode == Mode.VERIFY || mode == Mode.OFF) ? new Restricted(this, mode == Mode.VERIFY) : this;
	}

	static StartTarget of(Tidemark tidemark) {
		return new Schema(tidemark);
	}

	static StartTarget of(Tenants tenants) {
		return new Schemas(tenants);
	}

	/**
	 * One schema.
	 *
	 * @param tidemark migrates it
	 */
	record Schema(Tidemark tidemark) implements StartTarget {

		@Override
		public String name() {
			return this.tidemark.name();
		}

		@Override
		public Done migrate() {
			return new Done.Migrated(this.tidemark.migrate());
		}

		@Override
		public Done verify() {
			return Done.Verified.found(name(), this.tidemark.verify());
		}

		@Override
		public Status status(Duration timeout) {
			return new Status.OfSchema(name(), this.tidemark.inspect(InspectRequest.everything().within(timeout)));
		}

		@Override
		public List<PlannedStart> plan() {
			return List.of(new PlannedStart(name(), this.tidemark.plan(), true));
		}

		@Override
		public void cancel() {
			this.tidemark.cancel();
		}

		@Override
		public Backfills backfills() {
			return this.tidemark.backfills();
		}

		@Override
		public Tidemark migrations() {
			return this.tidemark;
		}

		@Override
		public Tidemark chosen(TargetChoice choice) {
			if (choice.tenant() != null) {
				throw choice.refused("the database " + name() + " has no tenants",
						"Remove " + choice.property() + ".tenant.");
			}
			return this.tidemark;
		}

		@Override
		public Tidemark single() {
			return this.tidemark;
		}

	}

	/**
	 * Many schemas.
	 *
	 * @param tenants migrates them
	 */
	record Schemas(Tenants tenants) implements StartTarget {

		@Override
		public String name() {
			return this.tenants.name();
		}

		@Override
		public Done migrate() {
			return new Done.OfTenants(this.tenants.migrate(), this.tenants.hasBackfills());
		}

		@Override
		public Done verify() {
			return new Done.OfTenants(this.tenants.verify(), this.tenants.hasBackfills());
		}

		@Override
		public Status status(Duration timeout) {
			return new Status.OfTenants(name(), this.tenants.inspect(InspectRequest.everything().within(timeout)));
		}

		@Override
		public List<PlannedStart> plan() {
			return this.tenants.plan()
				.previews()
				.stream()
				.map((preview) -> new PlannedStart(name(), preview, true))
				.toList();
		}

		@Override
		public void cancel() {
			this.tenants.cancel();
		}

		@Override
		public Backfills backfills() {
			return this.tenants.backfills();
		}

		@Override
		public Tidemark migrations() {
			return this.tenants.tidemark();
		}

		@Override
		public Tidemark chosen(TargetChoice choice) {
			if (choice.tenant() == null) {
				throw choice.refused("the database " + name() + " has many tenants", "Set " + choice.property()
						+ ".tenant to the schema of one, or use the endpoint, or Tenants.in(schema).");
			}
			return this.tenants.in(choice.tenant());
		}

		@Override
		public StartTarget tenant(String schema) {
			return new Schema(this.tenants.in(schema));
		}

	}

	/**
	 * One that this application may not change.
	 *
	 * @param target the target
	 * @param verified whether it is to be as expected
	 */
	record Restricted(StartTarget target, boolean verified) implements StartTarget {

		@Override
		public String name() {
			return this.target.name();
		}

		@Override
		public @Nullable Done migrate() {
			return verify();
		}

		@Override
		public @Nullable Done verify() {
			return this.verified ? this.target.verify() : null;
		}

		@Override
		public @Nullable Status status(Duration timeout) {
			return this.verified ? this.target.status(timeout) : null;
		}

		@Override
		public List<PlannedStart> plan() {
			return this.verified ? this.target.plan().stream().map(PlannedStart::verified).toList() : List.of();
		}

		@Override
		public void cancel() {
			this.target.cancel();
		}

		@Override
		public @Nullable StartTarget tenant(String schema) {
			StartTarget tenant = this.target.tenant(schema);
			return (tenant != null) ? new Restricted(tenant, this.verified) : null;
		}

		@Override
		public Backfills backfills() {
			return this.target.backfills();
		}

		@Override
		public boolean mayChange() {
			return false;
		}

		@Override
		public Tidemark migrations() {
			return this.target.migrations();
		}

		@Override
		public Tidemark chosen(TargetChoice choice) {
			throw choice.refused(
					"the database " + name() + " has the mode " + (this.verified ? "verify" : "off")
							+ ", in which nothing is changed",
					"Remove " + choice.property() + ", or the mode of the database.");
		}

	}

}
