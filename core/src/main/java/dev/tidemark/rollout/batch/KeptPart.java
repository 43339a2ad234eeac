package dev.tidemark.rollout.batch;

import java.sql.SQLException;

import dev.tidemark.catalogue.batch.BatchRelation;
import dev.tidemark.catalogue.batch.BatchTable;
import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.session.Session;

/**
 * Looks whether a part of a table is one still: a partition may be dropped or detached
 * while it is walked, and no statement would meet its rows.
 *
 * @since 0.1.0
 */
public final class KeptPart {

	private KeptPart() {
	}

	/**
	 * Tells whether a part of a table is one still.
	 * @param session a session
	 * @param table the table
	 * @param relation the part
	 */
	public static boolean is(Session session, BatchTable table, BatchRelation relation) throws SQLException {
		return !table.isDivided() || !session.ownRows("", table.isPart(relation)).isEmpty();
	}

	/**
	 * Requires it in the transaction of a batch, whose statements have locked the table.
	 * @throws BatchFailure if it is not
	 */
	static void require(Session session, KeyRange keys) throws SQLException, BatchFailure {
		if (keys.table().isDivided() && session.rowsWithin(keys.table().isPart(keys.relation())).isEmpty()) {
			session.rollBack();
			throw new BatchFailure(BatchFailure.Kind.GONE,
					Problem.error(ErrorCode.BACKFILL_TABLE, null,
							keys.relation().name() + " is not a part of " + keys.table().name() + " any more.",
							"Resume the backfill, which goes on with the other parts."));
		}
	}

}
