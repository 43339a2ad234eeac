package dev.tidemark.run.failure;

import java.sql.SQLException;

/**
 * Says what it means to whoever runs transactions that the end of one fails.
 *
 * @since 0.1.0
 */
public interface TransactionFailures extends StatementFailures {

	/**
	 * Returns the failure that an error at the end of a transaction is.
	 * @param ex the error
	 * @param last whether it was the last transaction
	 * @param own whether our own write failed, and not what the statements left for the
	 * end
	 * @throws HistoryConflictException if another instance has written the history
	 */
	StepFailure commitFailed(SQLException ex, boolean last, boolean own) throws HistoryConflictException;

}
