package dev.tidemark.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.autoconfigure.backfill.BackfillText;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillProgress.BadRow;
import dev.tidemark.rollout.BackfillProgress.Counts;
import dev.tidemark.rollout.BackfillProgress.Speed;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.sql.PlainText;

/**
 * How far a backfill has come. What is not known is {@code null}.
 *
 * @param version its version
 * @param description its description
 * @param script its file
 * @param state {@code waiting}, {@code running}, {@code paused}, {@code verifying},
 * {@code unverified}, {@code failed}, {@code cancelled} or {@code finished}
 * @param reads whether an instance may serve before it is finished: {@code ready},
 * {@code fail}, {@code now} or {@code later}
 * @param required whether this build does not serve before it is finished
 * @param percent how much of it is done, as far as it can be estimated
 * @param rows how many rows it has changed
 * @param keys how many keys it has walked over
 * @param estimatedKeys how many keys there are, as the server estimates
 * @param batches how many batches are committed
 * @param badRows how many rows were left out
 * @param unverified how many rows do not satisfy the verification
 * @param rowsPerSecond how many rows it changes in a second, over the last batches
 * @param remainingMillis how long it takes at least, in milliseconds
 * @param remainingMillisAtMost how long it takes at most, as it went lately
 * @param reason why it waits, rests or is slow
 * @param startedOn when it began
 * @param updatedOn when its last batch was committed
 * @param finishedOn when it ended
 * @param instance who works on it, or worked last
 * @param signals what the throttle has seen last; only of one migration that is asked for
 * @param lastBatches its last batches, the newest first; likewise
 * @param badRowKeys the rows that were left out, as many as are kept; likewise
 * @param problem why it ended
 * @since 0.1.0
 */
public record BackfillDescriptor(String version, String description, String script, String state, String reads,
		boolean required, @Nullable Integer percent, long rows, long keys, @Nullable Long estimatedKeys, long batches,
		long badRows, @Nullable Long unverified, @Nullable Double rowsPerSecond, @Nullable Long remainingMillis,
		@Nullable Long remainingMillisAtMost, @Nullable String reason, @Nullable Instant startedOn,
		@Nullable Instant updatedOn, @Nullable Instant finishedOn, @Nullable String instance,
		@Nullable List<SignalDescriptor> signals, @Nullable List<BatchDescriptor> lastBatches,
		@Nullable List<BadRowDescriptor> badRowKeys,
		@Nullable ProblemDescriptor problem) implements OperationResponseBody {

	/** Makes the texts fit to be shown, whoever has written them. */
	public BackfillDescriptor {
		version = PlainText.line(version);
		description = PlainText.line(description);
		script = PlainText.line(script);
		state = PlainText.line(state);
		reads = PlainText.line(reads);
		reason = PlainText.lineOrNull(reason);
		instance = PlainText.lineOrNull(instance);
	}

	/** Describes it in a list of many. */
	static BackfillDescriptor listed(BackfillProgress progress) {
		return describe(progress, false);
	}

	/** Describes it in full. */
	static BackfillDescriptor of(BackfillProgress progress) {
		return describe(progress, true);
	}

	private static BackfillDescriptor describe(BackfillProgress progress, boolean full) {
		Counts counts = progress.counts();
		Speed speed = progress.speed();
		return new BackfillDescriptor(progress.version().toString(), progress.description(), progress.script(),
				progress.state().toString(), progress.reads().toString(), progress.required(),
				BackfillText.percent(progress), counts.rows(), counts.keys(), counts.estimatedKeys(), counts.batches(),
				counts.badRows(), counts.unverified(), (speed != null) ? speed.rowsPerSecond() : null,
				(speed != null) ? millis(speed.shortest()) : null, (speed != null) ? millis(speed.longest()) : null,
				progress.reason(), progress.times().started(), progress.times().updated(), progress.times().finished(),
				progress.instance(), full ? progress.signals().stream().map(SignalDescriptor::of).toList() : null,
				full ? progress.lastBatches().stream().map(BatchDescriptor::of).toList() : null,
				full ? progress.badRows().stream().map(BadRowDescriptor::of).toList() : null,
				(progress.problem() != null) ? ProblemDescriptor.of(progress.problem()) : null);
	}

	private static @Nullable Long millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : null;
	}

	/**
	 * What a signal of the throttle says.
	 *
	 * @param signal its name, as in {@code tidemark.backfill.throttle.<name>}
	 * @param verdict {@code go}, {@code slow}, {@code stop} or {@code unknown}
	 * @param value what was measured
	 * @param threshold from where on it slows down or stops
	 * @param reason why it is unknown, or what stands behind the value
	 * @since 0.1.0
	 */
	public record SignalDescriptor(String signal, String verdict, @Nullable String value, String threshold,
			@Nullable String reason) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public SignalDescriptor {
			signal = PlainText.line(signal);
			verdict = PlainText.line(verdict);
			value = PlainText.lineOrNull(value);
			threshold = PlainText.line(threshold);
			reason = PlainText.lineOrNull(reason);
		}

		static SignalDescriptor of(SignalReading reading) {
			return new SignalDescriptor(reading.signal(), RequestFields.word(reading.verdict()), reading.value(),
					reading.threshold(), reading.reason());
		}

	}

	/**
	 * A batch that is committed.
	 *
	 * @param part which worker's range it lies in, from 0
	 * @param keys how many keys it walked over
	 * @param rows how many rows it changed
	 * @param walBytes how many bytes of log the server wrote meanwhile; -1 if that is not
	 * known
	 * @param durationMillis how long it took, in milliseconds
	 * @param committedOn when it was committed
	 * @since 0.1.0
	 */
	public record BatchDescriptor(int part, long keys, long rows, long walBytes, long durationMillis,
			Instant committedOn) {

		static BatchDescriptor of(BatchInfo batch) {
			return new BatchDescriptor(batch.part(), batch.keys(), batch.rows(), batch.walBytes(),
					batch.took().toMillis(), batch.at());
		}

	}

	/**
	 * A row that was left out.
	 *
	 * @param key the values of its key, as texts
	 * @param sqlState why, as the server says
	 * @param message why, in words
	 * @since 0.1.0
	 */
	public record BadRowDescriptor(List<String> key, @Nullable String sqlState, String message) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public BadRowDescriptor {
			key = key.stream().map(PlainText::line).toList();
			sqlState = PlainText.lineOrNull(sqlState);
			message = PlainText.line(message);
		}

		static BadRowDescriptor of(BadRow row) {
			return new BadRowDescriptor(row.key(), row.sqlState(), row.message());
		}

	}

}
