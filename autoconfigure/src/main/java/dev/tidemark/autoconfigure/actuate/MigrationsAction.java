package dev.tidemark.autoconfigure.actuate;

/**
 * What a request may want of many migrations at once.
 *
 * @since 0.1.0
 */
public enum MigrationsAction {

	/** Undo those that were applied last. */
	UNDO,

	/** Pause all backfills that are left. */
	PAUSE_BACKFILLS

}
