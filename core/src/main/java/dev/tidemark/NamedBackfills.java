package dev.tidemark;

import java.util.List;

import dev.tidemark.rollout.run.Schemas;
import dev.tidemark.rollout.run.RolloutSettings;
import dev.tidemark.rollout.run.DatabaseBackfills;
import dev.tidemark.command.Engine;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;

/**
 * Lets messages about backfills name the settings of their database.
 *
 * @param names how its settings begin
 * @param backfills the backfills
 */
record NamedBackfills(SettingNames names, Backfills backfills) implements Backfills {

	/**
	 * Makes the backfills of a database. What a facade only mentions is not loaded with
	 * it: so that an idle start need not know of backfills, they are made here.
	 */
	static Backfills of(SettingNames names, Engine engine, RolloutSettings settings, Schemas schemas) {
		return new NamedBackfills(names, new DatabaseBackfills(engine, settings, schemas));
	}

	@Override
	public List<BackfillProgress> progress() {
		return this.names.during(this.backfills::progress);
	}

	@Override
	public List<BackfillProgress> required() {
		return this.names.during(this.backfills::required);
	}

	@Override
	public List<BackfillProgress> work(BackfillScope scope) {
		return this.names.during(() -> this.backfills.work(scope));
	}

	@Override
	public void stop() {
		this.backfills.stop();
	}

	@Override
	public BackfillProgress control(BackfillControl control) {
		return this.names.during(() -> this.backfills.control(control));
	}

	@Override
	public List<BackfillProgress> pauseAll(String reason) {
		return this.names.during(() -> this.backfills.pauseAll(reason));
	}

	@Override
	public BackfillDryRun dryRun(MigrationVersion version, int batches) {
		return this.names.during(() -> this.backfills.dryRun(version, batches));
	}

}
