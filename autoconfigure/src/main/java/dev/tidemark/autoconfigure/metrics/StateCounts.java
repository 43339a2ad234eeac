package dev.tidemark.autoconfigure.metrics;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.MigrationInfo;

/**
 * How many migrations of one database are in each state, as far as the last run or check
 * has come.
 */
final class StateCounts {

	private final Map<Identity, MigrationState> states = new HashMap<>();

	private final Map<MigrationState, Integer> counts = new EnumMap<>(MigrationState.class);

	synchronized void found(Collection<MigrationInfo> migrations) {
		this.states.clear();
		this.counts.clear();
		migrations.forEach((migration) -> moved(migration.identity(), migration.state()));
	}

	/** One migration has come to another state. */
	synchronized void moved(Identity migration, MigrationState to) {
		MigrationState from = this.states.put(migration, to);
		if (from != null) {
			this.counts.merge(from, -1, Integer::sum);
		}
		this.counts.merge(to, 1, Integer::sum);
	}

	synchronized int in(MigrationState state) {
		return this.counts.getOrDefault(state, 0);
	}

}
