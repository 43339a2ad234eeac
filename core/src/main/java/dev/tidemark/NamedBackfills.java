package dev.tidemark;

import java.util.List;

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
