package dev.tidemark.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * The connection of a session: always in auto-commit mode, with a driver that does
 * nothing of itself, until it goes back as it came.
 */
final class ServerConnection {

	private static final int SECONDS_TO_ANSWER = 5;

	private static final Logger logger = PlainLogger.of(ServerConnection.class);

	private final ConnectionSource source;

	private final Connection connection;

	/** The driver's own: what wraps it may go on with another session than ours. */
	private final BaseConnection driver;

	private final ConnectionModes modes;

	private final @Nullable DriverState suspended;

	/** Whether backslashes in string constants are just that, before any set-up. */
	private final boolean standardStrings;

	private volatile boolean cancelled;

	private ServerConnection(ConnectionSource source, Connection connection) throws SQLException {
		this.source = source;
		this.connection = connection;
		this.modes = ConnectionModes.suspend(connection);
		try {
			SupportedServer.require(connection, source);
			this.driver = connection.unwrap(BaseConnection.class);
			this.standardStrings = this.driver.getStandardConformingStrings();
			this.suspended = source.isBorrowed() ? DriverState.suspend(this.driver) : null;
		}
		catch (SQLException | RuntimeException ex) {
			// A connection of which no session is made goes back as it came, too.
			this.modes.restore(connection, ex);
			throw ex;
		}
	}

	/**
	 * Opens a connection.
	 * @param applicationName how the server shall name its session
	 */
	static ServerConnection open(ConnectionSource source, String applicationName, Duration loginTimeout)
			throws SQLException {
		Connection connection = source.open(applicationName, loginTimeout);
		try {
			return new ServerConnection(source, connection);
		}
		catch (SQLException | RuntimeException ex) {
			release(source, connection);
			throw ex;
		}
	}

	Connection jdbc() {
		return this.connection;
	}

	BaseConnection driver() {
		return this.driver;
	}

	boolean hasStandardStrings() {
		return this.standardStrings;
	}

	TransactionState transactionState() throws SQLException {
		return this.driver.getTransactionState();
	}

	/** Tells whether its session answers, and not another one in its place. */
	boolean isAlive() {
		try {
			return !this.connection.isClosed() && !this.driver.getQueryExecutor().isClosed()
					&& this.driver.isValid(SECONDS_TO_ANSWER);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/** Tells whether nothing can run over it any more. */
	boolean isClosed() {
		try {
			return this.connection.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * Asks the server to cancel what runs. May be called from any thread while the
	 * connection is open.
	 */
	void cancel() {
		this.cancelled = true;
		try {
			this.connection.unwrap(PGConnection.class).cancelQuery();
		}
		catch (SQLException ex) {
			logger.debug("A statement could not be cancelled: {}", ServerError.of(ex));
		}
	}

	/** Tells whether the server was asked to do so. */
	boolean isCancelled() {
		return this.cancelled;
	}

	/** Makes driver and connection what they were. */
	void restore() throws SQLException {
		this.modes.restore(this.connection);
		if (this.suspended != null) {
			this.suspended.restore(this.driver);
		}
	}

	/** Cuts the connection without waiting for the server. */
	void abort() {
		try {
			this.connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("The connection could not be cut: {}", ServerError.of(ex));
		}
	}

	/** Gives the connection back to where it came from. */
	void release() {
		release(this.source, this.connection);
	}

	private static void release(ConnectionSource source, Connection connection) {
		try {
			source.release(connection);
		}
		catch (SQLException ex) {
			logger.debug("The connection could not be closed: {}", ServerError.of(ex));
		}
	}

}
