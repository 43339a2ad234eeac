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
						.qualified("SELECT n.nspname, pg_catalog.obj_description(c.oid, 'pg_class'), b.oid IS NOT NULL,"
								+ " EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a WHERE (a.attrelid = c.oid)"
								+ " AND (a.attname = '" + HistoryRows.FIRST_RUN + "') AND NOT a.attisdropped)"
								+ " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
								+ " ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_class b"
								+ " ON b.relnamespace = n.oid AND b.relname = "
								+ StringLiteral.quote(this.name.ofBackfills().name()) + " WHERE c.relname = "
								+ StringLiteral.quote(this.name.name())
								+ " AND c.relkind = ANY ('{r,p}'::pg_catalog.\"char\"[])"));
			DatabaseIdentity database = withoutSchema(statement);
			Set<String> unreadable = new HashSet<>();
			Set<String> recording = new HashSet<>();
			Set<String> telling = new HashSet<>();
			List<String> schemas = having(statement, new HashSet<>(wanted), unreadable, recording, telling);
			Map<String, History> histories = new HashMap<>();
			for (int start = 0; start < schemas.size(); start += READ_AT_ONCE) {
				entries(statement, schemas.subList(start, Math.min(schemas.size(), start + READ_AT_ONCE)), telling)
					.forEach((schema, known) -> histories.put(schema, new History(database.in(schema), true,
							known.entries(), recording.contains(schema), known.firstRun())));
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
	 * read; those of another major version go to the unreadable ones, and those beside
	 * which backfills are recorded to the recording ones, and those that may tell of the
	 * first run to the telling ones.
	 */
	private static List<String> having(Statement statement, Set<String> wanted, Set<String> unreadable,
			Set<String> recording, Set<String> telling) throws SQLException {
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
					if (results.getBoolean(4)) {
						telling.add(schema);
					}
				}
			}
		}
		return found;
	}

	private String query(List<String> schemas, Set<String> telling) {
		StringJoiner sql = new StringJoiner(" UNION ALL ", "", " ORDER BY 12, 1");
		for (int i = 0; i < schemas.size(); i++) {
			sql.add("SELECT " + HistoryRows.ENTRY_COLUMNS + ", " + i + ", "
					+ (telling.contains(schemas.get(i)) ? HistoryRows.FIRST_RUN + "::pg_catalog.text" : "NULL")
					+ " FROM " + this.name.in(schemas.get(i)).qualified());
		}
		return sql.toString();
	}

	private Map<String, Known> entries(Statement statement, List<String> schemas, Set<String> telling)
			throws SQLException {
		Map<String, Known> found = new HashMap<>();
		schemas.forEach((schema) -> found.put(schema, new Known(new ArrayList<>(), false)));
		try (ResultSet results = HistoryReads.rows(statement, query(schemas, telling))) {
			while (results.next()) {
				String schema = schemas.get(results.getInt(12));
				Known known = found.get(schema);
				try {
					if (known != null) {
						known.entries().add(this.rows.entry(results));
						found.put(schema, new Known(known.entries(), HistoryRows.isOfFirstRun(results.getString(13))));
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
			Map<String, Known> entries = new HashMap<>(entries(statement, schemas.subList(0, half), telling));
			entries.putAll(entries(statement, schemas.subList(half, schemas.size()), telling));
			return entries;
		}
	}

	/**
	 * What is known of one history.
	 *
	 * @param entries its entries
	 * @param firstRun whether the last one says that the first run goes on
	 */
	private record Known(List<HistoryEntry> entries, boolean firstRun) {
	}

}
