package dev.tidemark.tenant;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.sql.PlainText;

/**
 * What the files and the histories of all tenants say at one moment.
 *
 * @param state the state of the tenant that is worst off; up to date if there is none
 * @param tenants each tenant, in the order in which the schemas were named; none if the
 * database did not answer
 * @param problems what is wrong with all of them, such as a database that does not answer
 * @since 0.1.0
 */
public record TenantsInspection(Inspection.State state, List<Tenant> tenants, List<Problem> problems) {

	/** Copies the lists. */
	public TenantsInspection {
		tenants = List.copyOf(tenants);
		problems = List.copyOf(problems);
	}

	/** Returns the state in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Inspection of " + this.tenants.size() + " schemas: " + this.state + ", problems "
				+ this.problems.stream().map((problem) -> problem.code().code()).distinct().toList());
	}

	static TenantsInspection of(List<Tenant> tenants) {
		Inspection.State worst = tenants.stream()
			.map(Tenant::state)
			.max(Enum::compareTo)
			.orElse(Inspection.State.UP_TO_DATE);
		return new TenantsInspection(worst, tenants, List.of());
	}

	/**
	 * Returns the tenants in one state.
	 * @param wanted the state
	 * @return the tenants, possibly none
	 */
	public List<Tenant> in(Inspection.State wanted) {
		return this.tenants.stream().filter((tenant) -> tenant.state() == wanted).toList();
	}

	/**
	 * Return whether a backfill is left in any of them.
	 * @return {@code false} if none is, or nobody knows
	 */
	public boolean leavesBackfills() {
		return this.tenants.stream().anyMatch(Tenant::leavesBackfills);
	}

	/**
	 * Counts the tenants.
	 * @return how many there are in each state, 0 included
	 */
	public Map<Inspection.State, Integer> counts() {
		Map<Inspection.State, Integer> counts = new EnumMap<>(Inspection.State.class);
		for (Inspection.State each : Inspection.State.values()) {
			counts.put(each, in(each).size());
		}
		return counts;
	}

	/**
	 * One tenant.
	 *
	 * @param schema its schema
	 * @param state its state
	 * @param currentVersion the newest version in it, or {@code null} if there is none
	 * @param pending how many migrations have yet to run
	 * @param leavesBackfills whether a backfill of it is not done
	 * @param current what a run of this instance is doing in it, or {@code null} if none
	 * is
	 * @param problems what is wrong with it
	 * @since 0.1.0
	 */
	public record Tenant(String schema, Inspection.State state, @Nullable MigrationVersion currentVersion, int pending,
			boolean leavesBackfills, @Nullable Current current, List<Problem> problems) {

		/** Copies the list. */
		public Tenant {
			problems = List.copyOf(problems);
		}

		/** Returns the state in words, fit for a line of a log. */
		@Override
		public String toString() {
			return PlainText.line("Schema " + this.schema + ": " + this.state + ", " + this.pending + " pending");
		}

	}

}
