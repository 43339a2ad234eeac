package dev.tidemark.rollout;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

/**
 * What the first batches of a backfill would do. All of it was rolled back.
 *
 * @param version which backfill
 * @param table the table that it walks
 * @param keys the columns that it walks by; empty if it walks by blocks
 * @param estimatedKeys how many keys there are, as the server estimates; {@code null} if
 * that is not known
 * @param batches the batches
 * @since 0.1.0
 */
public record BackfillDryRun(MigrationVersion version, String table, List<String> keys, @Nullable Long estimatedKeys,
		List<Batch> batches) {

	/** Copies the lists. */
	public BackfillDryRun {
		keys = List.copyOf(keys);
		batches = List.copyOf(batches);
	}

	/**
	 * One batch.
	 *
	 * @param from the values of the key behind which it begins, empty at the begin
	 * @param to the values of the last key
	 * @param keys how many keys it walks over
	 * @param rows how many rows its statements change
	 * @param walBytes how many bytes of log it makes
	 * @param took how long it took
	 * @param plans how the server runs each statement
	 * @param locks the locks that it takes, such as
	 * {@code RowExclusiveLock on public.users}
	 * @since 0.1.0
	 */
	public record Batch(List<String> from, List<String> to, long keys, long rows, long walBytes, Duration took,
			List<String> plans, List<String> locks) {

		/** Copies the lists. */
		public Batch {
			from = List.copyOf(from);
			to = List.copyOf(to);
			plans = List.copyOf(plans);
			locks = List.copyOf(locks);
		}

	}

}
