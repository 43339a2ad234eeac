package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.catalogue.batch.BatchRelation;
import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.catalogue.batch.KeyWalk;
import dev.tidemark.session.Session;

/**
 * Finds out whether rows of a batch have come to lie elsewhere meanwhile, where they
 * would be met again, or never: behind other keys, or in another partition. What was
 * deleted in its transaction has not. Where the server does not count what a transaction
 * does, nobody can tell.
 */
final class MovedRows {

	private final Session session;

	private final KeyRange keys;

	private final long there;

	private final Counted before;

	/**
	 * Begins, before anything has changed.
	 * @param session the session, in the transaction of the batch
	 * @param keys the keys of the batch
	 * @param there how many rows they have
	 */
	MovedRows(Session session, KeyRange keys, long there) throws SQLException {
		this.session = session;
		this.keys = keys;
		this.there = there;
		this.before = counted();
	}

	/** Tells whether there are such rows, as far as others leave the keys alone. */
	boolean areThere() throws SQLException {
		Counted now = counted();
		if (!now.known()) {
			return false;
		}
		long deleted = now.deleted() - this.before.deleted();
		if (deleted > 0 && now.addedElsewhere() > this.before.addedElsewhere()) {
			return true;
		}
		return !this.keys.table().isByBlocks()
				&& this.there - number(this.session.rowsWithin(KeyWalk.count(this.keys)).get(0), 0) > deleted;
	}

	/** A row that moves to another partition is deleted here and added there. */
	private Counted counted() throws SQLException {
		String others = this.keys.table()
			.relations()
			.stream()
			.map(BatchRelation::oid)
			.filter((oid) -> oid != this.keys.relation().oid())
			.map((oid) -> Long.toString(oid))
			.collect(Collectors.joining(","));
		List<@Nullable String> row = this.session
			.rowsWithin("SELECT pg_catalog.current_setting('track_counts'),"
					+ " pg_catalog.pg_stat_get_xact_tuples_deleted(" + this.keys.relation().oid() + "::pg_catalog.oid),"
					+ " (SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_inserted(o.oid)), 0)"
					+ " FROM pg_catalog.unnest('{" + others + "}'::pg_catalog.oid[]) AS o (oid))")
			.get(0);
		return new Counted("on".equals(row.get(0)), number(row, 1), number(row, 2));
	}

	private static long number(List<@Nullable String> row, int column) {
		return Long.parseLong(Objects.requireNonNull(row.get(column)));
	}

	/**
	 * What the transaction has done so far, as the server counts it.
	 *
	 * @param known whether it counts
	 * @param deleted how many rows were deleted from the part of the table
	 * @param addedElsewhere how many were added to its other parts
	 */
	private record Counted(boolean known, long deleted, long addedElsewhere) {

	}

}
