package dev.tidemark.resume;

import java.util.List;

/**
 * What the database says of a backfill and what happened to the rows, both at the same
 * moment.
 *
 * @param state the state of the backfill, and why it ended
 * @param rows how many rows were changed, as it is recorded
 * @param changed how many rows were changed
 * @param keys how many keys it has walked over
 * @param batches how many batches are committed
 * @param badRows how many rows were left out
 */
record BackfillTally(String state, long rows, long changed, long keys, long batches, long badRows) {

	private static final BackfillTally NOT_BEGUN = new BackfillTally("waiting", 0, 0, 0, 0, 0);

	/** One statement has one snapshot, so that batches may go on meanwhile. */
	static BackfillTally of(ChaosDatabase database, BackfillKind kind) {
		if (database.rows("SELECT 1 WHERE to_regclass('tidemark_history_backfill') IS NOT NULL").isEmpty()) {
			return NOT_BEGUN;
		}
		List<String> rows = database
			.rows("""
					SELECT (SELECT replace(concat_ws(': ', state, error_message, error_server), '|', '') FROM tidemark_history_backfill
					  WHERE part = 0), COALESCE(sum(rows_done), 0),
					  COALESCE((%s), 0), COALESCE(sum(keys_done), 0), COALESCE(sum(batches), 0), COALESCE(sum(bad_rows), 0)
					FROM tidemark_history_backfill WHERE kind = 'range'"""
				.formatted(kind.changed()));
		String[] values = rows.get(0).split("\\|");
		return new BackfillTally(values[0], Long.parseLong(values[1]), Long.parseLong(values[2]),
				Long.parseLong(values[3]), Long.parseLong(values[4]), Long.parseLong(values[5]));
	}

	/** Tells whether something was done, and something is left to do. */
	boolean isHalfDone() {
		return this.rows > 0 && !this.state.equals("finished") && !this.state.equals("verifying");
	}

}
