package dev.tidemark.session;

import java.sql.SQLException;

import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Lets the driver take the transaction that is open for one of its own, as long as code
 * works in it: only then does it fetch large results in pieces, and knows savepoints and
 * large objects.
 */
final class DriverTransaction {

	private final ServerConnection connection;

	/** Whether the driver's settings are the business of a pool. */
	private final boolean borrowed;

	private boolean lent;

	DriverTransaction(ServerConnection connection, boolean borrowed) {
		this.connection = connection;
		this.borrowed = borrowed;
	}

	void begin() throws SQLException {
		setQueryMode(PreferQueryMode.EXTENDED);
		this.connection.jdbc().setAutoCommit(false);
		this.lent = true;
	}

	/**
	 * Ends with the transaction. In the middle of one the driver would commit it for
	 * that.
	 */
	void endWithTransaction() throws SQLException {
		if (this.lent && !this.connection.jdbc().isClosed()
				&& this.connection.transactionState() == TransactionState.IDLE) {
			this.lent = false;
			setQueryMode(PreferQueryMode.SIMPLE);
			this.connection.jdbc().setAutoCommit(true);
		}
	}

	/**
	 * A connection of our own speaks the simple protocol, which knows no parameters and
	 * no results in pieces. What a pool has chosen is its business.
	 */
	private void setQueryMode(PreferQueryMode mode) {
		if (!this.borrowed) {
			this.connection.driver().getQueryExecutor().setPreferQueryMode(mode);
		}
	}

}
