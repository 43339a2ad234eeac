package dev.tidemark.rollout.run;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillThrottle;
import dev.tidemark.rollout.pace.ThrottleSettings;

/**
 * How backfills of a database are worked on.
 *
 * @param defaults what holds for what a file does not say
 * @param signals from where on signals slow down or stop
 * @param throttles signals of the application's own
 * @param listeners are told what happens
 * @param requires the versions that have to be done before the build may serve
 * @since 0.1.0
 */
public record RolloutSettings(BackfillOptions defaults, ThrottleSettings signals, List<BackfillThrottle> throttles,
		List<BackfillListener> listeners, Collection<MigrationVersion> requires) {

	/** Copies the collections. */
	public RolloutSettings {
		throttles = List.copyOf(throttles);
		listeners = List.copyOf(listeners);
		requires = Set.copyOf(requires);
	}

}
