package dev.tidemark.catalogue.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

import dev.tidemark.testkit.TestDatabase;

/**
 * Reads the log as a standby does, and says that it has replayed it when it is told to.
 */
final class FakeStandby implements AutoCloseable {

	private final Connection connection;

	private final PGReplicationStream stream;

	private FakeStandby(Connection connection, PGReplicationStream stream) {
		this.connection = connection;
		this.stream = stream;
	}

	/** Begins to read where the log is now. */
	static FakeStandby of(TestDatabase database, String name) throws SQLException {
		Properties properties = new Properties();
		PGProperty.USER.set(properties, database.user());
		PGProperty.PASSWORD.set(properties, database.password());
		PGProperty.REPLICATION.set(properties, "true");
		PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
		PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
		PGProperty.APPLICATION_NAME.set(properties, name);
		Connection connection = DriverManager.getConnection(database.jdbcUrl(), properties);
		LogSequenceNumber now = LogSequenceNumber.valueOf(position(database));
		PGReplicationStream stream = connection.unwrap(PGConnection.class)
			.getReplicationAPI()
			.replicationStream()
			.physical()
			.withStartPosition(now)
			.start();
		FakeStandby standby = new FakeStandby(connection, stream);
		standby.say(now);
		return standby;
	}

	private static String position(TestDatabase database) throws SQLException {
		try (Connection connection = database.connect();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
			results.next();
			return results.getString(1);
		}
	}

	/** Replays all that the server has written so far. */
	void replay(TestDatabase database) throws SQLException {
		LogSequenceNumber end = LogSequenceNumber.valueOf(position(database));
		while (this.stream.getLastReceiveLSN().asLong() < end.asLong()) {
			this.stream.readPending();
		}
		say(this.stream.getLastReceiveLSN());
	}

	private void say(LogSequenceNumber replayed) throws SQLException {
		this.stream.setFlushedLSN(replayed);
		this.stream.setAppliedLSN(replayed);
		this.stream.forceUpdateStatus();
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
