package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.catalogue.batch.KeyWalk;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.BackfillWrites;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.rollout.batch.BatchContent.Changes;
import dev.tidemark.session.CommandAnswer;
import dev.tidemark.session.Session;

/**
 * Changes the rows of a batch, in one transaction with its position: both are committed
 * or neither is, and a second batch from the same position cannot be.
 *
 * @since 0.1.0
 */
public final class TransactionBatch implements Batch {

	static final String WAL = "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(),"
			+ " '0/0'::pg_catalog.pg_lsn)::pg_catalog.int8";

	private final BackfillDefinition definition;

	private final BackfillWrites writes;

	/**
	 * Makes batches of a backfill.
	 * @param definition the backfill
	 * @param writes writes its position
	 */
	public TransactionBatch(BackfillDefinition definition, BackfillWrites writes) {
		this.definition = definition;
		this.writes = writes;
	}

	@Override
	public Committed run(Session session, KeyRange keys, long count, RecordedRange range, BatchTimes times)
			throws BatchFailure {
		Committed committed = attempt(session, keys, count, range, times, false);
		return (committed != null) ? committed
				: Objects.requireNonNull(attempt(session, keys, count, range, times, true));
	}

	/**
	 * Tries it once.
	 * @param exact whether keys and changes are counted in one view of the table, in
	 * which nobody else's rows come and go
	 * @return what is committed, {@code null} if it has to be counted exactly
	 */
	private @Nullable Committed attempt(Session session, KeyRange keys, long count, RecordedRange range,
			BatchTimes times, boolean exact) throws BatchFailure {
		try {
			long walBefore = begin(session, times, exact);
			// How many rows there are in blocks was an estimate.
			long there = (exact || keys.table().isByBlocks()) ? count(session, keys) : count;
			MovedRows moved = mayMove(keys) ? new MovedRows(session, keys, there) : null;
			Changes changes = this.definition.content().run(session, keys);
			boolean outside = changes.rowsOfTable() > there;
			if (outside || (moved != null && moved.areThere())) {
				session.rollBack();
				if (exact) {
					String script = this.definition.migration().script();
					throw new BatchFailure(BatchFailure.Kind.LASTING,
							outside ? BatchProblems.outside(script, keys, changes.rowsOfTable(), there)
									: BatchProblems.moved(script, keys));
				}
				return null;
			}
			KeptPart.require(session, keys);
			long walAfter = commit(session, keys, count, changes.rows(), range);
			return new Committed(changes.rows(), walAfter - walBefore);
		}
		catch (SQLException ex) {
			throw rolledBack(session, new BatchFailure(session.errorOf(ex), null, ex));
		}
		catch (BatchFailure ex) {
			throw rolledBack(session, ex);
		}
	}

	private boolean mayMove(KeyRange keys) {
		return keys.table().place().changedBesides() || this.definition.content().mayMove();
	}

	private long begin(Session session, BatchTimes times, boolean exact) throws SQLException {
		return number(session,
				"BEGIN" + (exact ? " ISOLATION LEVEL REPEATABLE READ" : "") + "; " + times.sql() + "; " + WAL);
	}

	private long count(Session session, KeyRange keys) throws SQLException {
		return number(session, KeyWalk.count(keys));
	}

	/** Returns the number that the last command returns. */
	private static long number(Session session, String sql) throws SQLException {
		List<CommandAnswer> answers = new ArrayList<>();
		session.ask(List.of(sql), answers::add);
		return number(answers.get(answers.size() - 1));
	}

	private static long number(CommandAnswer answer) {
		return Long.parseLong(Objects.requireNonNull(answer.rows().get(0).get(0)));
	}

	/**
	 * Commits with the position. What was deferred to the end comes before it.
	 * @return how much log there is then
	 */
	private long commit(Session session, KeyRange keys, long count, long rows, RecordedRange range)
			throws SQLException, BatchFailure {
		String move = this.writes.move(this.definition.version(), range, keys.upTo(),
				new RecordedRange.Counts(rows, count, 1, 0), null);
		List<CommandAnswer> answers = new ArrayList<>();
		try {
			session.ask(List.of(session.own().commit(move + "; " + WAL, true)), answers::add);
		}
		catch (SQLException ex) {
			ServerError error = session.errorOf(ex);
			BatchFailure failure = new BatchFailure(error, null, ex);
			// The constraints and our own settings come before it.
			throw (answers.size() == 2 && BackfillTable.isRowGone(error)) ? failure.as(BatchFailure.Kind.MOVED)
					: failure;
		}
		if (answers.size() < 5) {
			throw new BatchFailure(BatchFailure.Kind.LASTING,
					Problem.error(ErrorCode.BACKFILL_FAILED, Place.file(this.definition.migration().script()),
							"The transaction of the batch ended before its commit.",
							"Let nothing that the batch runs end the transaction."));
		}
		return number(answers.get(3));
	}

	/** Whatever has failed leaves no transaction open. */
	static BatchFailure rolledBack(Session session, BatchFailure failure) {
		try {
			session.rollBack();
			return failure;
		}
		catch (SQLException ex) {
			return failure.as(BatchFailure.Kind.LOST);
		}
	}

}
