package dev.tidemark.rollout;

import dev.tidemark.run.settings.RunScope;

/**
 * Callback interface for what happens to backfills. Called in the thread of the work; an
 * exception is logged and changes nothing.
 *
 * @since 0.1.0
 */
public interface BackfillListener {

	/**
	 * Called when an instance begins to work on a backfill, or goes on with it.
	 * @param scope whose it is
	 * @param progress how far it has come
	 */
	default void backfillStarted(RunScope scope, BackfillProgress progress) {
	}

	/**
	 * Called after the commit of a batch.
	 * @param scope whose it is
	 * @param progress how far it has come
	 * @param batch the batch
	 */
	default void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
	}

	/**
	 * Called when other signals slow a backfill down or stop it than before, or when it
	 * rests or goes on again.
	 * @param scope whose it is
	 * @param progress how far it has come, with the reason
	 */
	default void backfillThrottled(RunScope scope, BackfillProgress progress) {
	}

	/**
	 * Called when a backfill is finished and verified, fails, is cancelled, or does not
	 * satisfy its verification.
	 * @param scope whose it is
	 * @param progress how it ended
	 */
	default void backfillEnded(RunScope scope, BackfillProgress progress) {
	}

	/**
	 * Called when this instance does not work on a backfill any more that has not ended:
	 * it stops, or another one has taken over. Also when another one goes on with a
	 * backfill that has ended here.
	 * @param scope whose it is
	 * @param progress how far it had come
	 */
	default void backfillLeft(RunScope scope, BackfillProgress progress) {
	}

}
