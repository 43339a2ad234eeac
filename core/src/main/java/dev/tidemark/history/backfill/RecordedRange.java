package dev.tidemark.history.backfill;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A range of keys of a backfill, and how far it is done. Rows, position and counts are
 * committed together with the batch.
 *
 * @param part its number within the backfill, from 1
 * @param verification whether its rows are looked at and not moved
 * @param relation the part of the table that the keys lie in, qualified and quoted
 * @param after the key behind which it begins, or {@code null}
 * @param upTo the last key
 * @param position the last key that is done, or {@code null} if none is
 * @param done whether all are
 * @param counts what was done
 * @param badRows the rows that were left out, as many as are kept
 * @since 0.1.0
 */
public record RecordedRange(int part, boolean verification, String relation, @Nullable List<String> after,
		List<String> upTo, @Nullable List<String> position, boolean done, Counts counts, List<RecordedBadRow> badRows) {

	/** How many rows that were left out are named. */
	private static final int MOST_BAD_ROWS = 100;

	/** Copies the lists. */
	public RecordedRange {
		badRows = List.copyOf(badRows);
	}

	/** Makes a range of which nothing is done yet. */
	public static RecordedRange fresh(int part, boolean verification, String relation, @Nullable List<String> after,
			List<String> upTo) {
		return new RecordedRange(part, verification, relation, after, upTo, null, false, Counts.NONE, List.of());
	}

	/** Returns whether anything of it is done. */
	public boolean isTouched() {
		return this.done || this.counts.keys() > 0 || this.counts.batches() > 0;
	}

	/** Returns the key behind which the next batch begins, {@code null} for the first. */
	public @Nullable List<String> from() {
		return (this.position != null) ? this.position : this.after;
	}

	/** Returns the range with a batch more. */
	public RecordedRange moved(List<String> newPosition, Counts more) {
		return new RecordedRange(this.part, this.verification, this.relation, this.after, this.upTo, newPosition,
				newPosition.equals(this.upTo), this.counts.plus(more), this.badRows);
	}

	/** Returns the range behind a row that was left out. */
	public RecordedRange movedWithout(RecordedBadRow bad, Counts more) {
		List<RecordedBadRow> all = new ArrayList<>(this.badRows);
		if (namesMore()) {
			all.add(bad);
		}
		return new RecordedRange(this.part, this.verification, this.relation, this.after, this.upTo, bad.key(),
				bad.key().equals(this.upTo), this.counts.plus(more), all);
	}

	/** Returns whether one row more that is left out is named. */
	boolean namesMore() {
		return this.badRows.size() < MOST_BAD_ROWS;
	}

	/**
	 * What was done.
	 *
	 * @param rows how many rows were changed; of a verification, how many do not satisfy
	 * it
	 * @param keys how many keys were walked over
	 * @param batches how many batches are committed
	 * @param badRows how many rows were left out
	 * @since 0.1.0
	 */
	public record Counts(long rows, long keys, long batches, long badRows) {

		/** Nothing was. */
		public static final Counts NONE = new Counts(0, 0, 0, 0);

		/** Returns the sum. */
		public Counts plus(Counts more) {
			return new Counts(this.rows + more.rows, this.keys + more.keys, this.batches + more.batches,
					this.badRows + more.badRows);
		}

	}

}
