package dev.tidemark.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

/**
 * An empty database of the {@link PostgresServer shared server}, with what a test needs
 * to fill it and to look at it.
 */
public final class TestDatabase implements AutoCloseable {

	private final PostgresServer server;

	private final String name;

	TestDatabase(PostgresServer server, String name) {
		this.server = server;
		this.name = name;
	}

	public String name() {
		return this.name;
	}

	public PostgresServer server() {
		return this.server;
	}

	public String jdbcUrl() {
		return this.server.jdbcUrl(this.name);
	}

	public String user() {
		return PostgresServer.SUPERUSER;
	}

	public String password() {
		return PostgresServer.PASSWORD;
	}

	/**
	 * Opens a connection as the superuser.
	 * @return the connection, to be closed by the caller
	 */
	public Connection connect() {
		try {
			return DriverManager.getConnection(jdbcUrl(), user(), password());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Runs SQL as the superuser on a connection of its own.
	 * @param sql one or more statements
	 */
	public void execute(String sql) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/**
	 * Runs a query and returns its rows as text, the columns joined by {@code |} as psql
	 * does it.
	 * @param sql the query
	 * @return the rows
	 */
	public List<String> rows(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			int columns = results.getMetaData().getColumnCount();
			List<String> rows = new ArrayList<>();
			while (results.next()) {
				StringJoiner row = new StringJoiner("|");
				for (int column = 1; column <= columns; column++) {
					String value = results.getString(column);
					row.add((value != null) ? value : "");
				}
				rows.add(row.toString());
			}
			return rows;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/**
	 * Runs a query that returns one row of one column.
	 * @param sql the query
	 * @return the value as text, or {@code null} if it is null or there is no row
	 */
	public @Nullable String value(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			return results.next() ? results.getString(1) : null;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/** Drops the database, whoever is still connected to it. */
	@Override
	public void close() {
		this.server.dropDatabase(this.name);
	}

}
