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
				: report(null, this.found.state(), Counts.NONE, null, waits(), List.of(), List.of());
	}

	/** Says it of a backfill that is worked on here. */
	BackfillProgress of(RecordedBackfill recorded, @Nullable Ledger ledger, @Nullable Gate gate) {
		RecordedRange.Counts counts = recorded.counts(false);
		Long estimated = recorded.estimatedKeys();
		boolean verified = !recorded.ranges(true).isEmpty();
		Counts told = new Counts(counts.rows(), counts.keys(), estimated, counts.batches(), counts.badRows(),
				verified ? recorded.counts(true).rows() : null);
		BackfillState state = (gate != null) ? recorded.record().state() : this.found.state();
		String waits = (state == BackfillState.WAITING || state.isGoing()) ? waits() : null;
		String reason = (gate != null && state.isGoing()) ? gate.reason() : waits;
		List<SignalReading> signals = (gate != null) ? gate.throttle().readings() : List.of();
		return report(recorded, state, told, (ledger != null) ? ledger.speed(remaining(recorded)) : null,
				(reason != null) ? reason : recorded.reason(), signals, (ledger != null) ? ledger.last() : List.of());
	}

	/** One that goes on as soon as somebody works waits for others at the most. */
	private @Nullable String waits() {
		return (this.found.behind() != null || this.found.state() != BackfillState.WAITING) ? this.found.behind()
				: this.found.waits();
	}

	/**
	 * Returns how many keys are left of what is gone over now: the rows are looked at
	 * once more when they are moved. Of more keys than the server had estimated nobody
	 * knows how many are left.
	 */
	private static @Nullable Long remaining(RecordedBackfill recorded) {
		Long estimated = recorded.estimatedKeys();
		boolean verifies = !recorded.ranges(true).isEmpty();
		long walked = recorded.counts(verifies).keys();
		if (estimated == null || !recorded.record().state().isGoing()) {
			return null;
		}
		// When all are moved, the verification may be yet to come.
		return (verifies ? estimated >= walked : estimated > walked) ? estimated - walked : null;
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
