package dev.tidemark.rollout.run;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.backfill.RecordedBackfill;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.backfill.Reads;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.BadRow;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Times;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;

/**
 * Says how far a backfill has come.
 */
final class ProgressReport {

	private final Found found;

	ProgressReport(Found found) {
		this.found = found;
	}

	/** Says it of a backfill that nobody works on here. */
	BackfillProgress of() {
		RecordedBackfill recorded = this.found.recorded();
		return (recorded != null) ? of(recorded, null, null)
				: report(null, this.found.state(), Counts.NONE, null, this.found.waits(), List.of(), List.of());
	}

	/** Says it of a backfill that is worked on here. */
	BackfillProgress of(RecordedBackfill recorded, @Nullable Ledger ledger, @Nullable Gate gate) {
		RecordedRange.Counts counts = recorded.counts(false);
		Long estimated = recorded.estimatedKeys();
		boolean verified = !recorded.ranges(true).isEmpty();
		Counts told = new Counts(counts.rows(), counts.keys(), estimated, counts.batches(), counts.badRows(),
				verified ? recorded.counts(true).rows() : null);
		long done = verified ? recorded.counts(true).keys() : counts.keys();
		Long remaining = (estimated != null) ? Math.max(0, estimated - done) : null;
		BackfillState state = (gate != null) ? recorded.record().state() : this.found.state();
		String waits = (state == BackfillState.WAITING) ? this.found.waits() : null;
		String reason = (gate != null && state.isGoing()) ? gate.reason() : waits;
		List<SignalReading> signals = (gate != null) ? gate.throttle().readings() : List.of();
		return report(recorded, state, told, (ledger != null) ? ledger.speed(remaining) : null,
				(reason != null) ? reason : recorded.reason(), signals, (ledger != null) ? ledger.last() : List.of());
	}

	private BackfillProgress report(@Nullable RecordedBackfill recorded, BackfillState state, Counts counts,
			BackfillProgress.@Nullable Speed speed, @Nullable String reason, List<SignalReading> signals,
			List<BatchInfo> batches) {
		Migration migration = this.found.definition().migration();
		Reads reads = this.found.definition().options().reads();
		return new BackfillProgress(this.found.definition().version(), migration.description(), migration.script(),
				state, reads, this.found.required(), counts, speed, reason, signals, batches, badRows(recorded),
				(recorded != null) ? new Times(recorded.started(), recorded.updated(), recorded.finished())
						: Times.NONE,
				(recorded != null) ? recorded.instance() : null, (recorded != null) ? recorded.problem() : null);
	}

	private static List<BadRow> badRows(@Nullable RecordedBackfill recorded) {
		return (recorded == null) ? List.of()
				: recorded.ranges(false)
					.stream()
					.flatMap((range) -> range.badRows().stream())
					.map((bad) -> new BadRow(bad.key(), bad.sqlState(), bad.message()))
					.toList();
	}

}
