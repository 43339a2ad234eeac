package dev.tidemark.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A session of the superuser that stays open from one statement to the next, since a
 * login costs the server more than many a statement. It is in the database
 * {@code postgres}, where no test looks.
 */
final class KeptSession {

	private static final int PATIENCE_SECONDS = 10;

	private final String url;

	private @Nullable Connection connection;

	KeptSession(String url) {
		this.url = url;
	}

	synchronized void execute(String sql) throws SQLException {
		Connection connection = this.connection;
		// A test may have ended all sessions of the server.
		if (connection == null || !connection.isValid(PATIENCE_SECONDS)) {
			connection = DriverManager.getConnection(this.url, PostgresServer.SUPERUSER, PostgresServer.PASSWORD);
			this.connection = connection;
		}
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
