package dev.tidemark.rollout.run;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Times;
import dev.tidemark.source.Sources;

/**
 * A backfill that goes on although this build has no file for it: that of a newer one,
 * whose instances work on it.
 *
 * @param records where it is recorded
 * @param recorded what is recorded of it
 */
record Unlisted(BackfillTable records, RecordedBackfill recorded) {

	/**
	 * Looks for all of one schema.
	 * @param table the history table in it
	 * @param recorded what is recorded there
	 * @param sources the files of this build
	 */
	static List<Unlisted> of(HistoryTable table, List<RecordedBackfill> recorded, Sources sources) {
		Set<MigrationVersion> listed = sources.migrations()
			.stream()
			.filter((migration) -> migration.phase() == Phase.BACKFILL)
			.map((migration) -> migration.identity().version())
			.collect(Collectors.toSet());
		BackfillTable records = BackfillTable.of(table);
		return recorded.stream()
			.filter((one) -> one.record().state().isGoing() && !listed.contains(one.record().version()))
			.map((one) -> new Unlisted(records, one))
			.toList();
	}

	/** Returns how far it had come when it was paused. */
	BackfillProgress paused(String reason) {
		RecordedRange.Counts counts = this.recorded.counts(false);
		return new BackfillProgress(this.recorded.record().version(), this.recorded.description(),
				this.recorded.record().script(), BackfillState.PAUSED, Reads.LATER, false,
				new Counts(counts.rows(), counts.keys(), this.recorded.estimatedKeys(), counts.batches(),
						counts.badRows(), null),
				null, reason, List.of(), List.of(), List.of(),
				new Times(this.recorded.started(), this.recorded.updated(), null), this.recorded.instance(), null);
	}

}
