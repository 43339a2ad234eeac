package dev.tidemark.tenant;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.tidemark.tenant.TenantOutcome.State;

/**
 * What a run did in the schemas of all tenants.
 *
 * @param tidemark the name of the {@code Tidemark} whose migrations these are
 * @param outcomes what it did in each, in the order in which the schemas were named
 * @param duration how long all of them took
 * @since 0.1.0
 */
public record TenantsResult(String tidemark, List<TenantOutcome> outcomes, Duration duration) {

	/** Copies the list. */
	public TenantsResult {
		outcomes = List.copyOf(outcomes);
	}

	/**
	 * Returns the tenants of which one thing became.
	 * @param state what
	 * @return their outcomes, possibly none
	 */
	public List<TenantOutcome> in(State state) {
		return this.outcomes.stream().filter((outcome) -> outcome.state() == state).toList();
	}

	/**
	 * Counts the tenants.
	 * @return how many there are in each state, 0 included
	 */
	public Map<State, Integer> counts() {
		Map<State, Integer> counts = new EnumMap<>(State.class);
		for (State state : State.values()) {
			counts.put(state, in(state).size());
		}
		return counts;
	}

	/**
	 * Tells whether every tenant is up to date now.
	 * @return {@code false} if one has failed or was not begun
	 */
	public boolean isComplete() {
		return this.outcomes.stream()
			.allMatch((outcome) -> outcome.state() == State.UP_TO_DATE || outcome.state() == State.MIGRATED);
	}

}
