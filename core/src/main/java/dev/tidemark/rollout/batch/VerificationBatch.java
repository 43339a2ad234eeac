package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.error.ServerError;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.BackfillWrites;
import dev.tidemark.history.backfill.RecordedRange;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.CommandAnswer;
import dev.tidemark.session.Session;

/**
 * Counts the rows of a batch that do not satisfy the verification. It only reads; what it
 * has found is recorded with the position.
 *
 * @since 0.1.0
 */
public final class VerificationBatch implements Batch {

	private final MigrationVersion version;

	private final String condition;

	private final BackfillWrites writes;

	/**
	 * Makes batches of a verification.
	 * @param version the backfill
	 * @param condition what each row has to satisfy
	 * @param writes writes its position
	 */
	public VerificationBatch(MigrationVersion version, String condition, BackfillWrites writes) {
		this.version = version;
		this.condition = condition;
		this.writes = writes;
	}

	/** Returns the query that counts the rows which do not satisfy it. */
	public static String query(KeyRange keys, String condition) {
		return "SELECT pg_catalog.count(*) FROM " + keys.from() + " WHERE " + keys.within("") + " AND ((" + condition
				+ "\n) IS NOT TRUE)";
	}

	@Override
	public Committed run(Session session, KeyRange keys, long count, RecordedRange range, BatchTimes times)
			throws BatchFailure {
		try {
			List<CommandAnswer> answers = new ArrayList<>();
			session.ask(List.of("BEGIN READ ONLY; " + times.sql(), query(keys, this.condition)), answers::add);
			long rows = Long.parseLong(Objects.requireNonNull(answers.get(answers.size() - 1).rows().get(0).get(0)));
			KeptPart.require(session, keys);
			session.execute("COMMIT");
			move(session, keys, range, new RecordedRange.Counts(rows, count, 1, 0));
			return new Committed(rows, 0);
		}
		catch (SQLException ex) {
			BatchFailure failure = TransactionBatch.rolledBack(session,
					new BatchFailure(session.errorOf(ex), null, ex));
			throw (failure.kind() == BatchFailure.Kind.ROW) ? failure.as(BatchFailure.Kind.LASTING) : failure;
		}
	}

	private void move(Session session, KeyRange keys, RecordedRange range, RecordedRange.Counts counts)
			throws SQLException, BatchFailure {
		try {
			session.write(this.writes.move(this.version, range, keys.upTo(), counts, null));
		}
		catch (SQLException ex) {
			ServerError error = session.errorOf(ex);
			BatchFailure failure = TransactionBatch.rolledBack(session, new BatchFailure(error, null, ex));
			throw BackfillTable.isRowGone(error) ? failure.as(BatchFailure.Kind.MOVED) : failure;
		}
	}

}
