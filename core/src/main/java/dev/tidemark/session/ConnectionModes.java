package dev.tidemark.session;

import java.sql.Connection;
import java.sql.SQLException;

import dev.tidemark.error.ServerError;

/**
 * How a connection came, so that it can go back in the same way.
 *
 * @param autoCommit whether it was in auto-commit mode
 * @param readOnly whether it was read-only
 */
record ConnectionModes(boolean autoCommit, boolean readOnly) {

	/**
	 * Brings a connection into auto-commit mode, in which it can write.
	 * @return how it came
	 */
	static ConnectionModes suspend(Connection connection) throws SQLException {
		ConnectionModes modes = new ConnectionModes(connection.getAutoCommit(), connection.isReadOnly());
		if (!modes.autoCommit) {
			connection.setAutoCommit(true);
		}
		try {
			if (modes.readOnly) {
				connection.setReadOnly(false);
			}
			return modes;
		}
		catch (SQLException | RuntimeException ex) {
			modes.restore(connection, ex);
			throw ex;
		}
	}

	void restore(Connection connection) throws SQLException {
		if (this.readOnly) {
			connection.setReadOnly(true);
		}
		if (!this.autoCommit) {
			connection.setAutoCommit(false);
		}
	}

	/**
	 * Makes a connection what it was after something has failed; one for which that fails
	 * too is cut, so that nobody gets it any more.
	 */
	void restore(Connection connection, Exception failure) {
		try {
			restore(connection);
		}
		catch (SQLException ex) {
			failure.addSuppressed(ServerError.withoutSecrets(ex));
			cut(connection, failure);
		}
	}

	private static void cut(Connection connection, Exception failure) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			failure.addSuppressed(ServerError.withoutSecrets(ex));
		}
	}

}
