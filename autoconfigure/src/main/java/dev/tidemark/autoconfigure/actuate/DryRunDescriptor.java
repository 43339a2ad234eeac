package dev.tidemark.autoconfigure.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.sql.PlainText;

/**
 * What the next batches of a backfill would do. All of it was rolled back.
 *
 * @param version which backfill
 * @param table the table that it walks
 * @param keys the columns that it walks by; empty if it walks by blocks
 * @param estimatedKeys how many keys there are, as the server estimates, or {@code null}
 * @param batches the batches
 * @since 0.1.0
 */
public record DryRunDescriptor(String version, String table, List<String> keys, @Nullable Long estimatedKeys,
		List<BatchDescriptor> batches) implements OperationResponseBody {

	/** Makes the texts fit to be shown, whoever has written them. */
	public DryRunDescriptor {
		version = PlainText.line(version);
		table = PlainText.line(table);
		keys = keys.stream().map(PlainText::line).toList();
	}

	static DryRunDescriptor of(BackfillDryRun dryRun) {
		return new DryRunDescriptor(dryRun.version().toString(), dryRun.table(), dryRun.keys(), dryRun.estimatedKeys(),
				dryRun.batches().stream().map(BatchDescriptor::of).toList());
	}

	/**
	 * One batch.
	 *
	 * @param from the values of the key behind which it begins, empty at the begin
	 * @param to the values of the last key
	 * @param keys how many keys it walks over
	 * @param rows how many rows its statements change
	 * @param walBytes how many bytes of log it makes
	 * @param durationMillis how long it took, in milliseconds
	 * @param plans how the server runs each statement
	 * @param locks the locks that it takes
	 * @since 0.1.0
	 */
	public record BatchDescriptor(List<String> from, List<String> to, long keys, long rows, long walBytes,
			long durationMillis, List<String> plans, List<String> locks) {

		/** Makes the texts fit to be shown, whoever has written them. */
		public BatchDescriptor {
			from = from.stream().map(PlainText::line).toList();
			to = to.stream().map(PlainText::line).toList();
			plans = plans.stream().map(PlainText::lines).toList();
			locks = locks.stream().map(PlainText::line).toList();
		}

		static BatchDescriptor of(BackfillDryRun.Batch batch) {
			return new BatchDescriptor(batch.from(), batch.to(), batch.keys(), batch.rows(), batch.walBytes(),
					batch.took().toMillis(), batch.plans(), batch.locks());
		}

	}

}
