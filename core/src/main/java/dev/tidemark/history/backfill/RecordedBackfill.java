package dev.tidemark.history.backfill;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.rollout.BackfillRecord;

/**
 * All that the database says of a backfill that has begun.
 *
 * @param record which one, and its state
 * @param description its description
 * @param table the table that it walks, qualified and quoted; {@code null} as long as
 * nobody has looked
 * @param keys the columns that it walks by, empty for blocks; {@code null} as long as
 * nobody has looked
 * @param estimatedKeys how many keys there were when it began, as the server estimated
 * @param reason why a person has decided about it, or {@code null}
 * @param pace the pace that a person has set
 * @param problem why it ended, or {@code null}
 * @param started when it began, or {@code null}
 * @param updated when something was recorded last
 * @param finished when it ended, or {@code null}
 * @param instance who worked on it last, or {@code null}
 * @param ranges its ranges, in order of their numbers
 * @since 0.1.0
 */
public record RecordedBackfill(BackfillRecord record, String description, @Nullable String table,
		@Nullable List<String> keys, @Nullable Long estimatedKeys, @Nullable String reason, RecordedPace pace,
		@Nullable Problem problem, @Nullable Instant started, @Nullable Instant updated, @Nullable Instant finished,
		@Nullable String instance, List<RecordedRange> ranges) {

	/** Copies the list. */
	public RecordedBackfill {
		ranges = List.copyOf(ranges);
	}

	/** Returns the same backfill with ranges of which more is known. */
	public RecordedBackfill with(List<RecordedRange> moves, List<RecordedRange> verifications) {
		List<RecordedRange> all = new ArrayList<>(moves);
		all.addAll(verifications);
		return new RecordedBackfill(this.record, this.description, this.table, this.keys, this.estimatedKeys,
				this.reason, this.pace, this.problem, this.started, this.updated, this.finished, this.instance, all);
	}

	/** Returns the ranges that move rows, or those that are looked at afterwards. */
	public List<RecordedRange> ranges(boolean verification) {
		return this.ranges.stream().filter((range) -> range.verification() == verification).toList();
	}

	/** Returns the highest number of a range, 0 if there is none. */
	public int lastPart() {
		return this.ranges.stream().mapToInt(RecordedRange::part).max().orElse(0);
	}

	/** Returns the sum over ranges. */
	public RecordedRange.Counts counts(boolean verification) {
		return ranges(verification).stream()
			.map(RecordedRange::counts)
			.reduce(RecordedRange.Counts.NONE, RecordedRange.Counts::plus);
	}

}
