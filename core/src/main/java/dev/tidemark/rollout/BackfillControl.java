package dev.tidemark.rollout;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;

/**
 * What a person wants of a backfill.
 *
 * @param version which one
 * @param action what shall become of it
 * @param reason why, for those who look later
 * @param pace the pace from now on, for {@link Action#PACE}; otherwise {@code null}
 * @since 0.1.0
 */
public record BackfillControl(MigrationVersion version, Action action, String reason, @Nullable NewPace pace) {

	/**
	 * What can be wanted.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/** Begin one that waits for a person; or begin a failed, cancelled one again. */
		START,

		/** Rest after the batch that runs. */
		PAUSE,

		/** Go on after a pause, or after a failure that was mended. */
		RESUME,

		/** End for good, with the rows moved so far. */
		CANCEL,

		/** Go on at another pace. */
		PACE

	}

	/**
	 * A pace that counts before what file and settings say. What is {@code null} stays as
	 * it was.
	 *
	 * @param duty the share of the time that it works while others are active
	 * @param maxRowsPerSecond how many rows a second at most
	 * @param maxWalPerSecond how many bytes of log a second at most
	 * @param target how long a batch should take
	 * @param maxSize how many keys a batch has at most
	 * @since 0.1.0
	 */
	public record NewPace(@Nullable Double duty, @Nullable Long maxRowsPerSecond, @Nullable Long maxWalPerSecond,
			@Nullable Duration target, @Nullable Integer maxSize) {

	}

}
