package dev.tidemark.run;

import java.sql.Connection;
import java.sql.SQLException;

import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Lets the driver take the transaction that is open for one of its own, as long as code
 * works in it: only then does it fetch large results in pieces, and knows savepoints and
 * large objects.
 */
final class DriverTransaction {

	private final Connection connection;

	private final BaseConnection driver;

	/** Whether the driver's settings are the business of a pool. */
	private final boolean borrowed;

	private boolean lent;

	DriverTransaction(Connection connection, BaseConnection driver, boolean borrowed) {
		this.connection = connection;
		this.driver = driver;
		this.borrowed = borrowed;
	}

	void begin() throws SQLException {
		setQueryMode(PreferQueryMode.EXTENDED);
		this.connection.setAutoCommit(false);
		this.lent = true;
	}

	/**
	 * Ends with the transaction. In the middle of one the driver would commit it for
	 * that.
	 */
	void endWithTransaction() throws SQLException {
		if (this.lent && !this.connection.isClosed() && this.driver.getTransactionState() == TransactionState.IDLE) {
			this.lent = false;
			setQueryMode(PreferQueryMode.SIMPLE);
			this.connection.setAutoCommit(true);
		}
	}

	/**
	 * A connection of our own speaks the simple protocol, which knows no parameters and
	 * no results in pieces. What a pool has chosen is its business.
	 */
	private void setQueryMode(PreferQueryMode mode) {
		if (!this.borrowed) {
			this.driver.getQueryExecutor().setPreferQueryMode(mode);
		}
	}

}
