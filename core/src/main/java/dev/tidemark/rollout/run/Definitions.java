package dev.tidemark.rollout.run;

import java.time.Duration;

import dev.tidemark.command.Engine;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.History;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.backfill.UnusableOptionException;
import dev.tidemark.rollout.batch.BackfillDefinition;
import dev.tidemark.rollout.batch.CodeContent;
import dev.tidemark.rollout.batch.SqlContent;

/**
 * Makes out what a backfill is, from its file or its code and the settings.
 */
final class Definitions {

	private Definitions() {
	}

	static BackfillDefinition of(Migration migration, Engine engine, History history, RolloutSettings settings) {
		CodeBackfill code = migration.codeBackfill();
		return (code != null) ? ofCode(migration, code, settings) : ofFile(migration, engine, history, settings);
	}

	private static BackfillDefinition ofFile(Migration migration, Engine engine, History history,
			RolloutSettings settings) {
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

	private static BackfillDefinition ofCode(Migration migration, CodeBackfill code, RolloutSettings settings) {
		BackfillFile file = migration.backfill(null);
		return new BackfillDefinition(migration, file.table(), file.keys(), file.verify(),
				options(migration, code, settings.defaults()), BackfillDefinition.LOCK_TIMEOUT,
				new CodeContent(migration, code));
	}

	private static BackfillOptions options(Migration migration, CodeBackfill code, BackfillOptions defaults) {
		try {
			return code.options(defaults).checked();
		}
		catch (UnusableOptionException ex) {
			throw new TidemarkException(
					Problem.error(ErrorCode.BACKFILL_FILE, Place.file(migration.script()), ex.what(), ex.remedy()));
		}
	}

}
