package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.tidemark.catalogue.batch.BatchLocks;
import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.rollout.batch.BatchContent.Changes;
import dev.tidemark.session.Session;

/**
 * Runs a batch, looks at what it has done, and rolls it back.
 *
 * @since 0.1.0
 */
public final class TrialBatch {

	private final BackfillDefinition definition;

	/**
	 * Tries batches of a backfill.
	 * @param definition the backfill
	 */
	public TrialBatch(BackfillDefinition definition) {
		this.definition = definition;
	}

	/**
	 * Tries a batch.
	 * @param session the session, in no transaction
	 * @param keys its keys
	 * @param times how long it may take
	 * @return what it did
	 * @throws BatchFailure if it would fail
	 */
	public Tried run(Session session, KeyRange keys, BatchTimes times) throws BatchFailure {
		try {
			session.execute("BEGIN; " + times.sql());
			List<String> plans = this.definition.content().explain(session, keys);
			long before = wal(session);
			long begun = System.nanoTime();
			Changes changes = this.definition.content().run(session, keys);
			Duration took = Duration.ofNanos(System.nanoTime() - begun);
			long after = wal(session);
			List<String> locks = BatchLocks.held(session);
			session.rollBack();
			return new Tried(changes.rows(), after - before, took, plans, locks);
		}
		catch (SQLException ex) {
			throw TransactionBatch.rolledBack(session, new BatchFailure(session.errorOf(ex), null, ex));
		}
	}

	private static long wal(Session session) throws SQLException {
		return Long.parseLong(Objects.requireNonNull(session.rowsWithin(TransactionBatch.WAL).get(0).get(0)));
	}

	/**
	 * What a batch did.
	 *
	 * @param rows how many rows it changed
	 * @param walBytes how many bytes of log it made
	 * @param took how long it took
	 * @param plans how the server runs each statement
	 * @param locks the locks that it took
	 * @since 0.1.0
	 */
	public record Tried(long rows, long walBytes, Duration took, List<String> plans, List<String> locks) {

	}

}
