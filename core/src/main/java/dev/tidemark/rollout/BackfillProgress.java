package dev.tidemark.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.backfill.Reads;

/**
 * How far a backfill has come.
 *
 * @param version which one
 * @param description its description
 * @param script its file
 * @param state its state
 * @param reads whether an instance may serve before it is finished
 * @param required whether this build does not serve before it is finished
 * @param counts what it has done
 * @param speed how fast it goes, {@code null} before it has begun
 * @param reason why it waits, rests or is slow, in words, or {@code null}
 * @param signals what the throttle has seen last
 * @param lastBatches the last batches, the newest first
 * @param badRows the keys of rows that were left out, with why, as many as are kept
 * @param times when it began and ended
 * @param instance who works on it, or worked last, or {@code null}
 * @param problem why it ended, or {@code null}
 * @since 0.1.0
 */
public record BackfillProgress(MigrationVersion version, String description, String script, BackfillState state,
		Reads reads, boolean required, Counts counts, @Nullable Speed speed, @Nullable String reason,
		List<SignalReading> signals, List<BatchInfo> lastBatches, List<BadRow> badRows, Times times,
		@Nullable String instance, @Nullable Problem problem) {

	/** Copies the lists. */
	public BackfillProgress {
		signals = List.copyOf(signals);
		lastBatches = List.copyOf(lastBatches);
		badRows = List.copyOf(badRows);
	}

	/**
	 * What a backfill has done.
	 *
	 * @param rows how many rows its statements have changed
	 * @param keys how many keys it has walked over
	 * @param estimatedKeys how many keys there are, as the server estimates; {@code null}
	 * if that is not known
	 * @param batches how many batches are committed
	 * @param badRows how many rows were left out
	 * @param unverified how many rows do not satisfy the verification; {@code null} as
	 * long as that is not known, or where there is none
	 * @since 0.1.0
	 */
	public record Counts(long rows, long keys, @Nullable Long estimatedKeys, long batches, long badRows,
			@Nullable Long unverified) {

		/** Nothing is done yet. */
		public static final Counts NONE = new Counts(0, 0, null, 0, 0, null);

	}

	/**
	 * How fast a backfill goes.
	 *
	 * @param rowsPerSecond rows in a second, over the last batches
	 * @param shortest how long it takes at least; {@code null} if that is not known
	 * @param longest how long it takes at most, as it went lately; {@code null} if that
	 * is not known
	 * @since 0.1.0
	 */
	public record Speed(double rowsPerSecond, @Nullable Duration shortest, @Nullable Duration longest) {

	}

	/**
	 * When it was.
	 *
	 * @param started when it began, or {@code null}
	 * @param updated when the last batch was committed, or {@code null}
	 * @param finished when it ended, or {@code null}
	 * @since 0.1.0
	 */
	public record Times(@Nullable Instant started, @Nullable Instant updated, @Nullable Instant finished) {

		/** It has not begun. */
		public static final Times NONE = new Times(null, null, null);

	}

	/**
	 * A row that was left out.
	 *
	 * @param key the values of its key, as texts
	 * @param sqlState why, as the server says
	 * @param message why, in words, without values of the row
	 * @since 0.1.0
	 */
	public record BadRow(List<String> key, @Nullable String sqlState, String message) {

		/** Copies the list. */
		public BadRow {
			key = List.copyOf(key);
		}

	}

}
