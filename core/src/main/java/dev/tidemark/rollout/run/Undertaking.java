package dev.tidemark.rollout.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.history.backfill.BackfillWrites;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.batch.BackfillDefinition;

/**
 * What the workers of one backfill share: the ranges that are left, and what is done.
 * Thread-safe.
 */
final class Undertaking {

	private final BackfillDefinition definition;

	private final BatchTable table;

	private final BackfillWrites writes;

	private final Gate gate;

	private final Stop stop;

	private final Consumer<BatchInfo> committed;

	private final Queue<Integer> waiting = new ConcurrentLinkedQueue<>();

	private final Map<Integer, RecordedRange> ranges = new ConcurrentHashMap<>();

	/** How many rows are being left out at this moment. */
	private long leaving;

	/**
	 * Begins.
	 * @param ranges all ranges, of which those that are done are left alone
	 * @param committed is told of each batch that is committed
	 */
	Undertaking(BackfillDefinition definition, BatchTable table, BackfillWrites writes, List<RecordedRange> ranges,
			Gate gate, Stop stop, Consumer<BatchInfo> committed) {
		this.definition = definition;
		this.table = table;
		this.writes = writes;
		this.gate = gate;
		this.stop = stop;
		this.committed = committed;
		for (RecordedRange range : ranges) {
			this.ranges.put(range.part(), range);
			if (!range.done()) {
				this.waiting.add(range.part());
			}
		}
	}

	BackfillDefinition definition() {
		return this.definition;
	}

	MigrationVersion version() {
		return this.definition.version();
	}

	BatchTable table() {
		return this.table;
	}

	BackfillWrites writes() {
		return this.writes;
	}

	Gate gate() {
		return this.gate;
	}

	boolean isStopped() {
		return this.stop.isRequested();
	}

	/** Returns how many ranges nobody works on yet. */
	int left() {
		return this.waiting.size();
	}

	/** Returns a range that nobody works on yet, {@code null} if there is none. */
	@Nullable RecordedRange next() {
		Integer part = this.waiting.poll();
		return (part != null) ? this.ranges.get(part) : null;
	}

	/** Says that a batch is committed. */
	void committed(RecordedRange moved, BatchInfo batch) {
		found(moved);
		this.committed.accept(batch);
	}

	/** Says how far a range is. */
	void found(RecordedRange range) {
		this.ranges.put(range.part(), range);
	}

	/** Returns all ranges as they are now, in order. */
	List<RecordedRange> ranges() {
		List<RecordedRange> all = new ArrayList<>(this.ranges.values());
		all.sort((one, other) -> Integer.compare(one.part(), other.part()));
		return all;
	}

	/**
	 * Asks whether one row more may be left out. Who may says how far its range is then,
	 * by {@link #leftOut}.
	 * @param most how many there may be, whoever comes upon them
	 */
	synchronized boolean leavesOut(long most) {
		long left = this.ranges.values().stream().mapToLong((range) -> range.counts().badRows()).sum();
		if (left + this.leaving >= most) {
			return false;
		}
		this.leaving++;
		return true;
	}

	/** Says how far a range is behind a row that was left out, or not. */
	synchronized void leftOut(RecordedRange range) {
		this.leaving--;
		found(range);
	}

}
