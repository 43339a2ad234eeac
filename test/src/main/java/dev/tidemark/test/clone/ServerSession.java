package dev.tidemark.test.clone;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * A session that makes and drops databases. It stays away from the database that the test
 * names if the server has the usual {@code postgres}: that one may have to be copied, or
 * not be there at all.
 */
final class ServerSession implements AutoCloseable {

	private static final String MAINTENANCE_DATABASE = "postgres";

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private final Connection connection;

	private ServerSession(Connection connection) {
		this.connection = connection;
	}

	static ServerSession open(ConnectionSource database) {
		try {
			Connection connection = connect(database);
			try {
				ServerSession session = new ServerSession(connection);
				// What a role or URL sets for short statements would cut off a copy, and
				// the lock has to outlast any pause of the test.
				session.execute("SET statement_timeout = 0; SET lock_timeout = 0; SET idle_session_timeout = 0");
				return session;
			}
			catch (SQLException ex) {
				connection.close();
				throw ex;
			}
		}
		catch (SQLException ex) {
			throw notConnected(database, ex);
		}
	}

	private static Connection connect(ConnectionSource database) throws SQLException {
		ConnectionSource maintenance = database.on(MAINTENANCE_DATABASE).orElse(database);
		try {
			return login(maintenance);
		}
		catch (SQLException ex) {
			ServerError error = ServerError.of(ex);
			if (error.is("3D000") || error.is("42501") || error.is("28000")) {
				return login(database);
			}
			throw ex;
		}
	}

	private static Connection login(ConnectionSource source) throws SQLException {
		return source.open("tidemark test", LOGIN_TIMEOUT);
	}

	/**
	 * Lets the server build the caches that the first session in a database waits for.
	 */
	static void visit(ConnectionSource database) throws SQLException {
		login(database).close();
	}

	private static TidemarkException notConnected(ConnectionSource database, SQLException ex) {
		ServerError error = ServerError.of(ex);
		Problem problem = error.is("28")
				? Problem.error(ErrorCode.AUTHENTICATION, null, "The server of " + database + " refuses the login.",
						"Check the user and password that migrate in this test.")
				: Problem.error(ErrorCode.CONNECTION_REFUSED, null, "No connection to " + database + ".",
						"Check that the server of this test runs, and that the URL is right.");
		return new TidemarkException(problem.withServer(error), ServerError.withoutSecrets(ex));
	}

	int majorVersion() throws SQLException {
		return this.connection.getMetaData().getDatabaseMajorVersion();
	}

	void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** Runs statements in one transaction. */
	void executeTogether(List<String> statements) throws SQLException {
		this.connection.setAutoCommit(false);
		try {
			for (String statement : statements) {
				execute(statement);
			}
			this.connection.commit();
		}
		catch (SQLException ex) {
			this.connection.rollback();
			throw ex;
		}
		finally {
			this.connection.setAutoCommit(true);
		}
	}

	/** Returns the first column of all rows. */
	List<String> column(String query, Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(query, parameters); ResultSet results = statement.executeQuery()) {
			List<String> values = new ArrayList<>();
			while (results.next()) {
				values.add(results.getString(1));
			}
			return values;
		}
	}

	/** Returns the columns of the only row. */
	List<@Nullable String> row(String query, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(query, parameters); ResultSet results = statement.executeQuery()) {
			results.next();
			List<@Nullable String> values = new ArrayList<>();
			for (int column = 1; column <= results.getMetaData().getColumnCount(); column++) {
				values.add(results.getString(column));
			}
			return values;
		}
	}

	/**
	 * Tells all others that the maker of these databases lives, until the session ends.
	 */
	void lock(CloneKey key) throws SQLException {
		column("SELECT pg_catalog.pg_advisory_lock(?)", key.value());
	}

	boolean exists(String database) throws SQLException {
		return !column("SELECT 1 FROM pg_catalog.pg_database WHERE datname = ?", database).isEmpty();
	}

	private PreparedStatement prepare(String query, @Nullable Object... parameters) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(query);
		for (int index = 0; index < parameters.length; index++) {
			statement.setObject(index + 1, parameters[index]);
		}
		return statement;
	}

	/** Ends the session, and with it its locks. */
	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
