package dev.tidemark.rollout;

import java.util.List;

import dev.tidemark.migration.MigrationVersion;

/**
 * The backfills of one database: what there is, what is left, and the work on them.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface Backfills {

	/**
	 * Look at all backfills of the files.
	 * @return how far each has come, in order of their versions
	 */
	List<BackfillProgress> progress();

	/**
	 * Look at the backfills that this build reads and that are not finished and verified.
	 * @return how far each has come; empty if the build may serve
	 * @throws dev.tidemark.error.TidemarkException if a version is required that there is
	 * not
	 */
	List<BackfillProgress> required();

	/**
	 * Works on the backfills that are left, one after the other, until none is left that
	 * can go on, or somebody {@linkplain #stop() stops} it. Waits while another instance
	 * works.
	 * @param scope which of them, and whether the pace of live traffic holds
	 * @return how each of them ended
	 */
	List<BackfillProgress> work(BackfillScope scope);

	/**
	 * Ends {@link #work} in other threads: the batch is cancelled and rolled back, and
	 * the lease left. Returns without waiting.
	 */
	void stop();

	/**
	 * Says what shall become of a backfill, for whichever instance works on it.
	 * @param control what a person wants, and why
	 * @return how far it has come
	 * @throws dev.tidemark.error.TidemarkException if there is no such backfill, or it
	 * cannot do that in its state
	 */
	BackfillProgress control(BackfillControl control);

	/**
	 * Pauses all that are left, also those that a newer build has begun and that this one
	 * has no files for.
	 * @param reason why
	 * @return those that are paused now
	 */
	List<BackfillProgress> pauseAll(String reason);

	/**
	 * Runs the first batches that are left, each in a transaction that is rolled back.
	 * @param version which backfill
	 * @param batches how many
	 * @return what they would do
	 */
	BackfillDryRun dryRun(MigrationVersion version, int batches);

}
