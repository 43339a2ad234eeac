package dev.tidemark.error;

import java.sql.SQLException;

/**
 * An exception in Tidemark's own words, which say more than those of its cause.
 */
public final class ExplainedSqlException extends SQLException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param explanation why it happened, free of secrets and of the data of rows
	 * @param sqlState the SQLSTATE
	 * @param cause what the driver threw
	 */
	public ExplainedSqlException(String explanation, String sqlState, SQLException cause) {
		super(explanation, sqlState, cause);
	}

}
