package dev.tidemark.plan.policy;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryEntry;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;

/**
 * Which of the pending migrations a run takes.
 *
 * @param cherryPick the only ones that run, or nothing for all
 * @param skip the ones that do not run, now and later, with the reasons
 * @param environments what this environment is called, for files that are only for some
 * @since 0.1.0
 */
public record Selection(Set<Identity> cherryPick, Map<Identity, String> skip, Set<String> environments) {

	/** All migrations, in an environment without a name. */
	public static final Selection ALL = new Selection(Set.of(), Map.of(), Set.of());

	/** Copies the collections. */
	public Selection {
		cherryPick = Set.copyOf(cherryPick);
		skip = Map.copyOf(skip);
		environments = Set.copyOf(environments);
	}

	/** Tells whether the settings name no migration. */
	public boolean namesNone() {
		return this.cherryPick.isEmpty() && this.skip.isEmpty();
	}

	public boolean picks(Identity identity) {
		return this.cherryPick.contains(identity);
	}

	public boolean leavesOut(Identity identity) {
		return !this.cherryPick.isEmpty() && !picks(identity);
	}

	/** A skip that was recorded holds until somebody picks the migration. */
	public boolean skips(Migration migration, @Nullable HistoryEntry last) {
		return this.skip.containsKey(migration.identity())
				|| (last != null && last.skips(migration) && !picks(migration.identity()));
	}

}
