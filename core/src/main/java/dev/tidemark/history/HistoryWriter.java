package dev.tidemark.history;

/**
 * Strategy interface for writing the history. What it returns is sent together with what
 * it tells of, in one message and in one transaction, so that both are there or neither
 * is. An implementation may wrap another one to keep a second record of the same runs: it
 * puts its own statements behind those of the other.
 *
 * @since 0.1.0
 */
public interface HistoryWriter {

	/**
	 * Returns the statements that add a row. They fail with a violation of the primary
	 * key if another instance added a row since the history was read, and with a division
	 * by zero if the row is not there afterwards as it was written: a trigger or a rule
	 * may drop or change it without a word, and then the migration would run again with
	 * each start.
	 * @param row the row; to the time at which it is finished the server adds how long
	 * the transaction has been running, so that the statement can be sent ahead, but for
	 * what another tool had recorded
	 * @return the statements
	 */
	String insert(HistoryRow row);

	/**
	 * Returns the statement that records how far a run has come.
	 * @param rank the row of the run
	 * @param statementsDone how many statements are done
	 * @param journal the checksum of these statements
	 * @return the statement; it fails if the row is not there any more
	 */
	String progress(int rank, int statementsDone, String journal);

	/**
	 * Returns the statement that records the end of a run that had a row before.
	 * @param row the row as it shall be
	 * @return the statement; it fails if the row is not there any more
	 */
	String finish(HistoryRow row);

	/**
	 * Returns the statement that records the failure of a run that had a row before, and
	 * leaves what that says of the statements that are done.
	 * @param row the row as it shall be, but for these
	 * @return the statement; it fails if the row is not there any more
	 */
	String fail(HistoryRow row);

	/**
	 * Returns the statements that add the row of a run which continues one that was
	 * interrupted, and say of that one that it was.
	 * @param row the row of the run that continues
	 * @param interrupted the rank of the run that is continued
	 * @return the statements
	 */
	String insertContinuing(HistoryRow row, int interrupted);

}
