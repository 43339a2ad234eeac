package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Look;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;

/**
 * Reads a history table, and nothing besides.
 */
final class HistoryReads {

	private static final String UNDEFINED_TABLE = "42P01";

	private static final String UNDEFINED_COLUMN = "42703";

	private static final String INVALID_SCHEMA = "3F000";

	/**
	 * Comes before each query of rows, within its transaction: what row security would
	 * hide is an error instead, as a history that lacks rows makes migrations run again.
	 */
	static final String ALL_ROWS = "SELECT pg_catalog.set_config('row_security', 'off', true)";

	private final HistoryName name;

	private final HistoryRows rows;

	HistoryReads(HistoryName name) {
		this.name = name;
		this.rows = new HistoryRows(name);
	}

	History read(Connection connection, boolean expected) throws SQLException {
		History absent = expected ? null : readAbsent(connection);
		return (absent != null) ? absent : read(connection, HistoryRows.ENTRY_COLUMNS, this.rows::entry);
	}

	/** A statement that fails costs the server more, and leaves a line in its log. */
	private @Nullable History readAbsent(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = identity(statement)) {
			results.next();
			return (results.getString(4) != null) ? null : new History(database(results), false, List.of());
		}
	}

	/** Reads all rows, and does not look at what the schemas hold besides. */
	History readAlone(Connection connection, List<HistoryRow> rows) throws SQLException {
		History absent = readAbsent(connection);
		return (absent != null) ? absent : read(connection, rows);
	}

	/** Reads all rows with all their columns, in order of their ranks. */
	History read(Connection connection, List<HistoryRow> rows) throws SQLException {
		return read(connection, HistoryRows.READ_COLUMNS, (results) -> {
			HistoryRow row = this.rows.row(results);
			rows.add(row);
			return row.entry();
		});
	}

	List<HistoryRow> readRows(Connection connection, Collection<Integer> ranks) throws SQLException {
		if (ranks.isEmpty()) {
			return List.of();
		}
		String wanted = ranks.stream().map(String::valueOf).collect(Collectors.joining(","));
		List<HistoryRow> rows = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = rows(statement,
						"SELECT " + HistoryRows.READ_COLUMNS + " FROM " + this.name.qualified() + " AS h WHERE "
								+ Operators.qualified("rank = ANY ('{" + wanted + "}'::pg_catalog.int4[])")
								+ " ORDER BY rank")) {
			while (results.next()) {
				rows.add(this.rows.row(results));
			}
		}
		return rows;
	}

	static ResultSet rows(Statement statement, String query) throws SQLException {
		Look.send(statement, ALL_ROWS + "; " + query);
		statement.getMoreResults();
		return statement.getResultSet();
	}

	private History read(Connection connection, String columns, RowReader reader) throws SQLException {
		String rows = "SELECT " + columns + ", " + HistoryRows.firstRun(this.name) + " FROM " + this.name.qualified()
				+ " AS h ORDER BY rank";
		try (Statement statement = connection.createStatement()) {
			try {
				Look.send(statement, ALL_ROWS + "; " + identity() + "; " + rows);
			}
			catch (SQLException ex) {
				return unreadable(statement, ex);
			}
			statement.getMoreResults();
			DatabaseIdentity database;
			boolean recordsBackfills;
			try (ResultSet results = statement.getResultSet()) {
				results.next();
				database = database(results);
				recordsBackfills = results.getBoolean(6);
			}
			statement.getMoreResults();
			List<HistoryEntry> entries = new ArrayList<>();
			boolean firstRun = false;
			try (ResultSet results = statement.getResultSet()) {
				while (results.next()) {
					entries.add(read(reader, results));
					firstRun = HistoryRows.isOfFirstRun(results.getString(HistoryRows.FIRST_RUN));
				}
			}
			return new History(database, true, entries, recordsBackfills, firstRun);
		}
	}

	private String identity() {
		return Operators
			.qualified("SELECT pg_catalog.current_database(), CURRENT_USER, pg_catalog.current_schema(), n.nspname,"
					+ " pg_catalog.obj_description(c.oid, 'pg_class'), pg_catalog.to_regclass("
					+ this.name.ofBackfills().literal() + ") IS NOT NULL FROM (VALUES (pg_catalog.to_regclass("
					+ this.name.literal() + "))) AS t (oid) LEFT JOIN pg_catalog.pg_class c ON c.oid = t.oid"
					+ " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace");
	}

	private ResultSet identity(Statement statement) throws SQLException {
		return Look.query(statement, identity());
	}

	/** All rows are there already, so what fails is a value of another type. */
	private HistoryEntry read(RowReader reader, ResultSet results) throws SQLException {
		try {
			return reader.read(results);
		}
		catch (SQLException ex) {
			throw new TidemarkException(
					new HistoryLayout(this.name).unknown("a column has another type than this version knows")
						.withServer(ServerError.of(ex)),
					ServerError.withoutSecrets(ex));
		}
	}

	private History unreadable(Statement statement, SQLException ex) throws SQLException {
		ServerError error = ServerError.of(ex);
		if (error.is(UNDEFINED_TABLE) || error.is(INVALID_SCHEMA)) {
			try (ResultSet results = identity(statement)) {
				results.next();
				return new History(database(results), false, List.of());
			}
		}
		if (error.is(UNDEFINED_COLUMN)) {
			throw new TidemarkException(new HistoryLayout(this.name).unknown("it lacks a column").withServer(error),
					ServerError.withoutSecrets(ex));
		}
		if (error.is("42501")) {
			throw new TidemarkException(new HistoryAccess(this.name).notReadable(statement).withServer(error),
					ServerError.withoutSecrets(ex));
		}
		throw ex;
	}

	/** Reads the row of {@link #identity()}. */
	private DatabaseIdentity database(ResultSet results) throws SQLException {
		String defaultSchema = (this.name.schema() != null) ? this.name.schema() : results.getString(3);
		String foundIn = results.getString(4);
		new HistoryLayout(this.name).check(results.getString(5));
		if (foundIn != null && !foundIn.equals(defaultSchema)) {
			throw new TidemarkException(Problem.error(ErrorCode.HISTORY_ELSEWHERE, null,
					"The history table was found in schema " + Identifiers.quote(foundIn)
							+ ", but the default schema of the connection is "
							+ ((defaultSchema != null) ? Identifiers.quote(defaultSchema) : "none") + ".",
					"Set " + SettingNames.name("schema") + "=" + foundIn
							+ " to continue that history, as if a migration has created a schema that"
							+ " the search path names earlier, or has changed the search path. Is it the history of another"
							+ " service, set " + SettingNames.name("schema") + " to a schema of this one's own."));
		}
		return new DatabaseIdentity(results.getString(1), results.getString(2), defaultSchema);
	}

	@FunctionalInterface
	private interface RowReader {

		HistoryEntry read(ResultSet results) throws SQLException;

	}

}
