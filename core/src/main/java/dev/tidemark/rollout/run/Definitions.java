package dev.tidemark.rollout.run;

import java.time.Duration;

import dev.tidemark.command.Engine;
import dev.tidemark.history.History;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.rollout.batch.SqlContent;

/**
 * Makes out what a backfill is, from its file and the settings.
 */
final class Definitions {

	private Definitions() {
	}

	static BackfillDefinition of(Migration migration, Engine engine, History history, RolloutSettings settings) {
		Script script = engine.load(migration, engine.builtIns(history.database()));
		BackfillFile file = script.backfill();
		if (file == null) {
			throw new IllegalStateException(migration + " is no backfill");
		}
		Duration lockTimeout = script.directives().lockTimeout();
		return new BackfillDefinition(migration, file.table(), file.keys(), file.verify(),
				file.options(settings.defaults()),
				(lockTimeout != null) ? lockTimeout : BackfillDefinition.LOCK_TIMEOUT,
				new SqlContent(migration.script(), file.table(), file.statements()));
	}

}
