package dev.tidemark.outcome;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * Takes the WAL of a server as a standby does, and says of it that it is on disk, until
 * it falls silent.
 */
final class PretendedStandby implements AutoCloseable {

	private static final String NAME = "pretended";

	private final Connection connection;

	private final PGReplicationStream stream;

	private final Thread thread;

	private volatile boolean silent;

	private volatile boolean closed;

	PretendedStandby(String jdbcUrl) throws SQLException {
		LogSequenceNumber position = position(jdbcUrl);
		Properties properties = new Properties();
		PGProperty.APPLICATION_NAME.set(properties, NAME);
		PGProperty.REPLICATION.set(properties, "true");
		PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
		PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
		this.connection = DriverManager.getConnection(jdbcUrl, properties);
		this.stream = this.connection.unwrap(PGConnection.class)
			.getReplicationAPI()
			.replicationStream()
			.physical()
			.withStartPosition(position)
			.withStatusInterval(1, TimeUnit.SECONDS)
			.start();
		// A standby that has told of nothing is not waited for, and a quiet server sends
		// nothing to tell of.
		this.stream.setFlushedLSN(position);
		this.stream.setAppliedLSN(position);
		this.stream.forceUpdateStatus();
		this.thread = new Thread(this::receive, "pretended-standby");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private static LogSequenceNumber position(String jdbcUrl) throws SQLException {
		try (Connection connection = DriverManager.getConnection(jdbcUrl);
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
			results.next();
			return LogSequenceNumber.valueOf(results.getString(1));
		}
	}

	private void receive() {
		try {
			while (!this.closed) {
				ByteBuffer piece = this.stream.readPending();
				if (piece == null) {
					TimeUnit.MILLISECONDS.sleep(10);
				}
				else if (!this.silent) {
					this.stream.setFlushedLSN(this.stream.getLastReceiveLSN());
					this.stream.setAppliedLSN(this.stream.getLastReceiveLSN());
					this.stream.forceUpdateStatus();
				}
			}
		}
		catch (SQLException | InterruptedException ex) {
			// The test has come to its end, or the server has.
		}
	}

	String name() {
		return NAME;
	}

	/** Says nothing any more of what comes from now on. */
	void fallSilent() {
		this.silent = true;
	}

	@Override
	public void close() throws SQLException {
		this.closed = true;
		this.connection.abort(Runnable::run);
	}

}
