package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.sql.StringLiteral;

/**
 * Reads the system catalogue in a transaction that is always rolled back. Its search path
 * is empty, so that no schema of the user can slip in an operator; the session's own path
 * is in force only to look up what a statement names.
 *
 * @since 0.1.0
 */
public final class Catalogue implements AutoCloseable {

	private final Connection connection;

	private final String searchPath;

	private Catalogue(Connection connection, String searchPath) {
		this.connection = connection;
		this.searchPath = searchPath;
	}

	public static Catalogue open(Connection connection) throws SQLException {
		// A later query shall see what other sessions have committed since.
		run(connection, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
		try {
			Catalogue catalogue = new Catalogue(connection, searchPath(connection));
			catalogue.hideSchemas();
			return catalogue;
		}
		catch (SQLException | RuntimeException ex) {
			run(connection, "ROLLBACK");
			throw ex;
		}
	}

	private static String searchPath(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.current_setting('search_path')")) {
			results.next();
			return results.getString(1);
		}
	}

	private static void run(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(sql);
		}
	}

	void execute(String sql) throws SQLException {
		run(this.connection, sql);
	}

	void showSchemas() throws SQLException {
		setSearchPath(this.searchPath);
	}

	void hideSchemas() throws SQLException {
		setSearchPath("");
	}

	private void setSearchPath(String path) throws SQLException {
		// The driver would write a parameter with a type that the old path decides.
		value("SELECT pg_catalog.set_config('search_path', " + StringLiteral.quote(path) + ", true)");
	}

	/**
	 * Runs a query.
	 * @param sql the query, its result being text or null in all columns
	 * @param parameters its parameters
	 * @return the rows
	 */
	List<Row> rows(String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			try (ResultSet results = statement.executeQuery()) {
				List<Row> rows = new ArrayList<>();
				int columns = results.getMetaData().getColumnCount();
				while (results.next()) {
					@Nullable String[] values = new @Nullable String[columns];
					for (int i = 0; i < columns; i++) {
						values[i] = results.getString(i + 1);
					}
					rows.add(new Row(values));
				}
				return rows;
			}
		}
	}

	/** Returns the first column of the first row, {@code null} if there is none. */
	@Nullable String value(String sql, Object... parameters) throws SQLException {
		List<Row> rows = rows(sql, parameters);
		return rows.isEmpty() ? null : rows.get(0).nullable(0);
	}

	boolean exists(String sql, Object... parameters) throws SQLException {
		return !rows(sql, parameters).isEmpty();
	}

	/**
	 * Looks up a relation as the statement would.
	 * @param name the name
	 * @return the relation, or {@code null} if there is none
	 */
	public @Nullable Relation relation(QualifiedName name) throws SQLException {
		String oid = lookUp("SELECT pg_catalog.to_regclass(%s)::pg_catalog.oid::pg_catalog.text", name);
		return (oid != null) ? relation("c.oid = ?", Long.parseLong(oid)) : null;
	}

	public @Nullable Relation relation(String schema, String name) throws SQLException {
		return relation("n.nspname = ? AND c.relname = ?", schema, name);
	}

	private @Nullable Relation relation(String condition, Object... parameters) throws SQLException {
		List<Row> rows = rows("SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
				+ " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE " + condition, parameters);
		return rows.isEmpty() ? null : relation(rows.get(0));
	}

	private static Relation relation(Row row) {
		return new Relation(row.number(0), row.text(1), row.text(2), row.text(3).charAt(0));
	}

	/** Looks up a type as the statement would. */
	public @Nullable Long type(QualifiedName name) throws SQLException {
		String oid = lookUp("SELECT pg_catalog.to_regtype(%s)::pg_catalog.oid::pg_catalog.text", name);
		return (oid != null) ? Long.valueOf(oid) : null;
	}

	/** Looks up the only function of a name as the statement would. */
	@Nullable Long function(QualifiedName name) throws SQLException {
		String oid = lookUp("SELECT pg_catalog.to_regproc(%s)::pg_catalog.oid::pg_catalog.text", name);
		return (oid != null) ? Long.valueOf(oid) : null;
	}

	private @Nullable String lookUp(String sql, QualifiedName name) throws SQLException {
		showSchemas();
		String oid = value(sql.formatted(StringLiteral.quote(name.quoted())));
		hideSchemas();
		return oid;
	}

	/** Tells whether an enum has a value. */
	public boolean hasEnumValue(long type, String label) throws SQLException {
		return exists("SELECT FROM pg_catalog.pg_enum e WHERE e.enumtypid = ? AND e.enumlabel = ?", type, label);
	}

	/** Tells whether the database has a subscription. */
	public boolean hasSubscription(String name) throws SQLException {
		return exists("""
				SELECT FROM pg_catalog.pg_subscription s
				JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()
				WHERE s.subname = ?""", name);
	}

	/** Tells whether a transaction of the database is prepared under a name. */
	public boolean hasPreparedTransaction(String gid) throws SQLException {
		return exists("""
				SELECT FROM pg_catalog.pg_prepared_xacts x
				WHERE x.gid = ? AND x.database = pg_catalog.current_database()""", gid);
	}

	/**
	 * Tells whether a partition was begun to be detached.
	 * @return {@code null} if it is no partition of that table
	 */
	public @Nullable Boolean isDetachmentPending(long partition, long parent) throws SQLException {
		List<Row> rows = rows(
				"SELECT i.inhdetachpending FROM pg_catalog.pg_inherits i WHERE i.inhrelid = ? AND i.inhparent = ?",
				partition, parent);
		return rows.isEmpty() ? null : rows.get(0).isTrue(0);
	}

	/** Returns where a tablespace lies, {@code null} if there is none of that name. */
	public @Nullable String tablespaceLocation(String name) throws SQLException {
		List<Row> rows = rows(
				"SELECT pg_catalog.pg_tablespace_location(s.oid) FROM pg_catalog.pg_tablespace s WHERE s.spcname = ?",
				name);
		return rows.isEmpty() ? null : rows.get(0).text(0);
	}

	/** Returns the first schema of the session's search path that exists. */
	public @Nullable String firstSchema() throws SQLException {
		showSchemas();
		String schema = value("SELECT pg_catalog.current_schema()");
		hideSchemas();
		return schema;
	}

	@Override
	public void close() throws SQLException {
		execute("ROLLBACK");
	}

	/** A row of a query's result. */
	static final class Row {

		private final @Nullable String[] values;

		Row(@Nullable String[] values) {
			this.values = values;
		}

		@Nullable String nullable(int column) {
			return this.values[column];
		}

		String text(int column) {
			String value = this.values[column];
			if (value == null) {
				throw new IllegalStateException("Column " + column + " without value");
			}
			return value;
		}

		long number(int column) {
			return Long.parseLong(text(column));
		}

		boolean isTrue(int column) {
			return text(column).equals("t");
		}

	}

}
