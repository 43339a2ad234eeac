package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Look;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Reads the histories of many schemas, with few round trips.
 */
final class HistoriesReads {

	/** How many tables a query may join without taking the server's locks from others. */
	private static final int READ_AT_ONCE = 100;

	private static final Logger logger = PlainLogger.of(HistoriesReads.class);

	private final HistoryName name;

	private final HistoryRows rows;

	HistoriesReads(HistoryName name) {
		this.name = name;
		this.rows = new HistoryRows(name);
	}

	Histories read(Connection connection, Collection<String> wanted) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			Look.send(statement,
					"SELECT pg_catalog.current_database(), CURRENT_USER; " + Operators
						.qualified("SELECT n.nspname, pg_catalog.obj_description(c.oid, 'pg_class'), b.oid IS NOT NULL"
								+ " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
								+ " ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_class b"
								+ " ON b.relnamespace = n.oid AND b.relname = "
								+ StringLiteral.quote(this.name.ofBackfills().name()) + " WHERE c.relname = "
								+ StringLiteral.quote(this.name.name())
								+ " AND c.relkind = ANY ('{r,p}'::pg_catalog.\"char\"[])"));
			DatabaseIdentity database = withoutSchema(statement);
			Set<String> unreadable = new HashSet<>();
			Set<String> recording = new HashSet<>();
			List<String> schemas = having(statement, new HashSet<>(wanted), unreadable, recording);
			Map<String, History> histories = new HashMap<>();
			for (int start = 0; start < schemas.size(); start += READ_AT_ONCE) {
				entries(statement, schemas.subList(start, Math.min(schemas.size(), start + READ_AT_ONCE)))
					.forEach((schema, known) -> histories.put(schema,
							new History(database.in(schema), true, known, recording.contains(schema))));
			}
			unreadable.addAll(schemas);
			unreadable.removeAll(histories.keySet());
			return new Histories(database, histories, unreadable);
		}
	}

	private static DatabaseIdentity withoutSchema(Statement statement) throws SQLException {
		try (ResultSet results = statement.getResultSet()) {
			results.next();
			return new DatabaseIdentity(results.getString(1), results.getString(2), null);
		}
	}

	/**
	 * Returns which of the wanted schemas have a table of this name that this version may
	 * read; those of another major version go to the unreadable ones, and those that tell
	 * of backfills to the recording ones.
	 */
	private static List<String> having(Statement statement, Set<String> wanted, Set<String> unreadable,
			Set<String> recording) throws SQLException {
		statement.getMoreResults();
		List<String> found = new ArrayList<>();
		try (ResultSet results = statement.getResultSet()) {
			while (results.next()) {
				String schema = results.getString(1);
				String comment = results.getString(2);
				if (wanted.contains(schema)) {
					boolean other = comment != null && HistoryLayout.isOfAnotherMajorVersion(comment);
					(other ? unreadable : found).add(schema);
					if (results.getBoolean(3)) {
						recording.add(schema);
					}
				}
			}
		}
		return found;
	}

	private Map<String, List<HistoryEntry>> entries(Statement statement, List<String> schemas) throws SQLException {
		StringJoiner sql = new StringJoiner(" UNION ALL ", "", " ORDER BY 12, 1");
		for (int i = 0; i < schemas.size(); i++) {
			sql.add("SELECT " + HistoryRows.ENTRY_COLUMNS + ", " + i + " FROM "
					+ this.name.in(schemas.get(i)).qualified());
		}
		Map<String, List<HistoryEntry>> found = new HashMap<>();
		schemas.forEach((schema) -> found.put(schema, new ArrayList<>()));
		try (ResultSet results = HistoryReads.rows(statement, sql.toString())) {
			while (results.next()) {
				String schema = schemas.get(results.getInt(12));
				List<HistoryEntry> known = found.get(schema);
				try {
					if (known != null) {
						known.add(this.rows.entry(results));
					}
				}
				catch (TidemarkException ex) {
					found.remove(schema);
				}
			}
			return found;
		}
		catch (SQLException ex) {
			if (statement.getConnection().isClosed()) {
				throw ex;
			}
			if (schemas.size() == 1) {
				logger.debug("The history of schema {} cannot be read: {}", schemas.get(0), ServerError.of(ex));
				return Map.of();
			}
			// One that is no history, or not readable, must not hide the others.
			int half = schemas.size() / 2;
			Map<String, List<HistoryEntry>> entries = new HashMap<>(entries(statement, schemas.subList(0, half)));
			entries.putAll(entries(statement, schemas.subList(half, schemas.size())));
			return entries;
		}
	}

}
