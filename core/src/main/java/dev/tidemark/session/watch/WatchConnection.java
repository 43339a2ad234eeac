package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.Thrown;

/**
 * A connection to look on with. Neither its opening nor its answers can take for ever,
 * and it goes back as it was found.
 */
final class WatchConnection implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Logger logger = PlainLogger.of(WatchConnection.class);

	private final Connection connection;

	private final boolean autoCommit;

	/** The network timeout as it was found, or {@code null} if it was left alone. */
	private final @Nullable Integer timeout;

	private WatchConnection(Connection connection) throws SQLException {
		this.connection = connection;
		this.autoCommit = connection.getAutoCommit();
		this.timeout = limitAnswers(connection);
		if (!this.autoCommit) {
			// In a transaction the server's statistics would stand still.
			connection.setAutoCommit(true);
		}
	}

	/**
	 * What a data source hands out may not be able to, and is still good to look with.
	 */
	private static @Nullable Integer limitAnswers(Connection connection) throws SQLException {
		try {
			int timeout = connection.getNetworkTimeout();
			connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
			return timeout;
		}
		catch (SQLFeatureNotSupportedException ex) {
			logger.debug("Answers to the watch cannot be limited: {}", ServerError.of(ex));
			return null;
		}
	}

	/**
	 * Opens a connection, in a thread of its own: a data source may let its callers wait
	 * for longer than is worth it.
	 * @param beside opens it
	 * @param applicationName how the server shall name its session
	 */
	static WatchConnection open(ConnectionOpener beside, String applicationName)
			throws SQLException, InterruptedException {
		CompletableFuture<Connection> opening = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				opening.complete(beside.open(applicationName, PATIENCE));
			}
			catch (SQLException | RuntimeException ex) {
				opening.completeExceptionally(ex);
			}
		}, "tidemark-watch-connection");
		thread.setDaemon(true);
		thread.start();
		try {
			return of(opening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (ExecutionException ex) {
			Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
			throw (cause instanceof SQLException sql) ? sql : new SQLException(Thrown.of(cause).inWords());
		}
		catch (TimeoutException ex) {
			thread.interrupt();
			opening.thenAccept(WatchConnection::close);
			throw new SQLTimeoutException("No connection within " + PATIENCE.toSeconds() + " s");
		}
	}

	private static WatchConnection of(Connection connection) throws SQLException {
		try {
			return new WatchConnection(connection);
		}
		catch (SQLException ex) {
			close(connection);
			throw ex;
		}
	}

	Connection connection() {
		return this.connection;
	}

	@Override
	public void close() {
		try {
			if (!this.connection.isClosed()) {
				if (this.timeout != null) {
					this.connection.setNetworkTimeout(Runnable::run, this.timeout);
				}
				this.connection.setAutoCommit(this.autoCommit);
			}
		}
		catch (SQLException ex) {
			logger.debug("The connection of the watch could not be restored: {}", ServerError.of(ex));
		}
		finally {
			close(this.connection);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("The connection of the watch could not be closed: {}", ServerError.of(ex));
		}
	}

}
