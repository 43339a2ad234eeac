package dev.tidemark.autoconfigure.actuate;

import dev.tidemark.rollout.BackfillControl;

/**
 * What a request may want of one migration.
 *
 * @since 0.1.0
 */
public enum MigrationAction {

	/** Records a decision about a migration that was interrupted or failed half-way. */
	RESOLVE,

	/** Begin a backfill that waits for a person, or one that failed or was cancelled. */
	START,

	/** Rest after the batch that runs. */
	PAUSE,

	/** Go on after a pause, or after a failure that was mended. */
	RESUME,

	/** End for good, with the rows moved so far. */
	CANCEL,

	/** Go on at another pace. */
	PACE,

	/** Run the next batches in transactions that are rolled back. */
	DRY_RUN;

	/** Returns what reads the fields of a request for it. */
	RequestFields fields() {
		return new RequestFields((this == RESOLVE) ? "{\"rank\": 12, \"as\": \"retry\", \"reason\": \"…\"}"
				: "{\"action\": \"" + RequestFields.word(this) + "\", \"reason\": \"…\"}");
	}

	/** Returns what a backfill is asked for. */
	BackfillControl.Action control() {
		return BackfillControl.Action.valueOf(name());
	}

}
