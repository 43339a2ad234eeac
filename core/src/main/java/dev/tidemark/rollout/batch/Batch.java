package dev.tidemark.rollout.batch;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.session.Session;

/**
 * Does something with the rows of some keys, and records that in the same moment.
 *
 * @since 0.1.0
 */
public interface Batch {

	/**
	 * Runs and commits it.
	 * @param session the session, in no transaction
	 * @param keys the keys
	 * @param count how many keys there are
	 * @param range the range that they are of, as it is recorded
	 * @param times how long it may take
	 * @return what is committed
	 * @throws BatchFailure if it is not, or nobody knows
	 */
	Committed run(Session session, KeyRange keys, long count, RecordedRange range, BatchTimes times)
			throws BatchFailure;

	/**
	 * What is committed.
	 *
	 * @param rows how many rows were changed; of a verification, how many do not satisfy
	 * it
	 * @param walBytes how many bytes of log the server wrote meanwhile
	 * @since 0.1.0
	 */
	record Committed(long rows, long walBytes) {

	}

}
