package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * The one PostgreSQL server of a run, set up as it is delivered: it writes to the disk
 * what it commits, and it demands passwords.
 */
final class DatabaseServer implements AutoCloseable {

	/** The superuser as which everybody migrates. */
	static final String USER = "postgres";

	/** The superuser's password. */
	static final String PASSWORD = "benchmark";

	/** Said outright: the embedded server would otherwise be told not to. */
	private static final Map<String, String> DURABLE = Map.of("fsync", "on", "synchronous_commit", "on",
			"full_page_writes", "on");

	private final EmbeddedPostgres postgres;

	private DatabaseServer(EmbeddedPostgres postgres) {
		this.postgres = postgres;
	}

	/**
	 * Starts the server.
	 * @param directory where its data goes, which has to be a real disk
	 * @return the server
	 */
	static DatabaseServer start(Path directory) throws IOException {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setDataDirectory(directory)
			.setPGStartupWait(Duration.ofSeconds(60))
			.setServerConfig("shared_preload_libraries", "pg_stat_statements")
			.setServerConfig("pg_stat_statements.max", "100000")
			.setServerConfig("pg_stat_statements.track", "none");
		DURABLE.forEach(builder::setServerConfig);
		DatabaseServer server = new DatabaseServer(builder.start());
		server.execute("ALTER ROLE " + USER + " PASSWORD '" + PASSWORD + "'");
		server.execute("CREATE EXTENSION pg_stat_statements");
		DURABLE.forEach((name, value) -> server.require(name, value));
		Files.writeString(directory.resolve("pg_hba.conf"), "host all all all scram-sha-256\n");
		server.execute("SELECT pg_reload_conf()");
		return server;
	}

	private void require(String setting, String value) {
		String actual = value("SHOW " + setting);
		if (!value.equals(actual)) {
			throw new IllegalStateException(setting + " is " + actual);
		}
	}

	int port() {
		return this.postgres.getPort();
	}

	String version() {
		return String.valueOf(value("SHOW server_version"));
	}

	/**
	 * Creates a database, and brings it to the disk so that nobody else pays for it.
	 * @param name its name; a database of this name is dropped
	 * @param template what it is a copy of
	 */
	void createDatabase(String name, String template) {
		dropDatabase(name);
		execute("CREATE DATABASE " + name + " TEMPLATE " + template);
		execute("CHECKPOINT");
	}

	void dropDatabase(String name) {
		execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
	}

	/**
	 * Counts from now on what is executed in a database.
	 * @param database the database
	 */
	void countQueries(String database) {
		execute("ALTER DATABASE " + database + " SET pg_stat_statements.track = 'top'");
		execute("SELECT pg_stat_statements_reset()");
	}

	/**
	 * Ends to count.
	 * @param database the database
	 * @return how many statements were executed in it
	 */
	int countedQueries(String database) {
		execute("ALTER DATABASE " + database + " RESET pg_stat_statements.track");
		String count = value("SELECT coalesce(sum(s.calls), 0) FROM pg_stat_statements s"
				+ " JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = '" + database + "'");
		return Integer.parseInt(String.valueOf(count));
	}

	int rows(String database, String table) {
		return Integer.parseInt(String.valueOf(value(database, "SELECT count(*) FROM " + table)));
	}

	private void execute(String sql) {
		try (Connection connection = connect("postgres"); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	private @Nullable String value(String sql) {
		return value("postgres", sql);
	}

	private @Nullable String value(String database, String sql) {
		try (Connection connection = connect(database);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			return rows.next() ? rows.getString(1) : null;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	private Connection connect(String database) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://localhost:" + port() + "/" + database, USER, PASSWORD);
	}

	@Override
	public void close() throws IOException {
		// It has five seconds to stop.
		execute("CHECKPOINT");
		this.postgres.close();
	}

}
