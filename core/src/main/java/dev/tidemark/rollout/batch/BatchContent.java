package dev.tidemark.rollout.batch;

import java.sql.SQLException;
import java.util.List;

import dev.tidemark.catalogue.batch.KeyRange;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Session;

/**
 * What runs for each batch, in a transaction that is open.
 *
 * @since 0.1.0
 */
public interface BatchContent {

	/**
	 * Runs it.
	 * @param session the session, in its transaction
	 * @param keys the keys of the batch
	 * @return what it did
	 * @throws SQLException if the server refuses something, or the connection fails
	 * @throws BatchFailure if it failed otherwise
	 */
	Changes run(Session session, KeyRange keys) throws SQLException, BatchFailure;

	/**
	 * Requires that it leaves alone what decides where the rows of the table lie.
	 * @param columns the columns that do
	 * @throws TidemarkException if it does not
	 */
	void requireKept(List<String> columns);

	/**
	 * Returns whether it may move rows all the same, as far as it tells.
	 * @return {@code true} if it may
	 */
	boolean mayMove();

	/**
	 * Lets the server look at what would run, which changes nothing: at names, types and
	 * rights.
	 * @param session the session, in its transaction
	 * @param keys the keys of a batch
	 * @return how the server would run it, statement by statement
	 * @throws SQLException if the server refuses something, or the connection fails
	 */
	List<String> explain(Session session, KeyRange keys) throws SQLException;

	/** Returns how many statements there are. */
	int statements();

	/**
	 * What a batch did.
	 *
	 * @param rows how many rows were changed
	 * @param rowsOfTable how many rows of its own table one statement has changed at
	 * most; 0 where that cannot be told
	 * @since 0.1.0
	 */
	record Changes(long rows, long rowsOfTable) {

	}

}
