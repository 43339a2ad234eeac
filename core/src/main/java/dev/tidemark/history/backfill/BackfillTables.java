package dev.tidemark.history.backfill;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * The tables of backfills of many schemas, which are read with few round trips.
 *
 * @since 0.1.0
 */
public final class BackfillTables {

	/** How many tables a query may join without taking the server's locks from others. */
	private static final int READ_AT_ONCE = 100;

	private final HistoryTable history;

	/**
	 * Names the tables.
	 * @param history the history that each of the schemas has
	 */
	public BackfillTables(HistoryTable history) {
		this.history = history;
	}

	/**
	 * Reads all backfills that have begun.
	 * @param session a session
	 * @param schemas the schemas
	 * @return the backfills in order of their versions, by schemas; none of a schema in
	 * which none has begun
	 * @throws dev.tidemark.error.TidemarkException if one of the tables is not what this
	 * version knows
	 */
	public Map<String, List<RecordedBackfill>> read(Session session, List<String> schemas) throws SQLException {
		Map<String, List<RecordedBackfill>> found = new HashMap<>();
		List<String> having = schemas.isEmpty() ? List.of() : having(session, schemas);
		for (int start = 0; start < having.size(); start += READ_AT_ONCE) {
			read(session, having.subList(start, Math.min(having.size(), start + READ_AT_ONCE)), found);
		}
		return found;
	}

	private BackfillTable table(String schema) {
		return BackfillTable.of(this.history.in(schema));
	}

	/** Returns the schemas that have the table. */
	private List<String> having(Session session, List<String> schemas) throws SQLException {
		String names = schemas.stream().map(StringLiteral::quote).collect(Collectors.joining(", "));
		List<List<@Nullable String>> rows = session.ownRows("",
				Operators.qualified("SELECT n.nspname, COALESCE(pg_catalog.obj_description(c.oid, 'pg_class'), '')"
						+ " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
						+ " WHERE c.relname = " + StringLiteral.quote(this.history.ofBackfills().name())
						+ " AND n.nspname = ANY (ARRAY[" + names + "]::pg_catalog.name[])"));
		List<String> having = new ArrayList<>();
		for (List<@Nullable String> row : rows) {
			String schema = Objects.requireNonNull(row.get(0));
			if (table(schema).exists(row.get(1))) {
				having.add(schema);
			}
		}
		return having;
	}

	private void read(Session session, List<String> schemas, Map<String, List<RecordedBackfill>> found)
			throws SQLException {
		List<String> tables = schemas.stream().map((schema) -> table(schema).qualifiedName()).toList();
		Map<String, List<List<@Nullable String>>> rows = new HashMap<>();
		for (List<@Nullable String> row : session.ownRows("", BackfillReads.query(tables))) {
			rows.computeIfAbsent(schemas.get(BackfillReads.table(row)), (schema) -> new ArrayList<>()).add(row);
		}
		rows.forEach((schema, ofSchema) -> found.put(schema, new BackfillReads(ofSchema).all()));
	}

}
