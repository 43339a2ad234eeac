package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.lock.RelationLock;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.statement.LockMode;
import dev.tidemark.statement.NamedLock;
import dev.tidemark.statement.ObjectKind;
import dev.tidemark.statement.Reach;

/**
 * Asks the catalogue which relations named locks are on; used once. Only the parts of the
 * query are sent that some lock needs, as planning takes longer than running it.
 */
final class LockQuery {

	private static final LockMode[] MODES = LockMode.values();

	private final Set<Row> rows = new LinkedHashSet<>();

	private final Map<SearchPath, Integer> paths = new LinkedHashMap<>();

	private final Set<ObjectKind> kinds = EnumSet.noneOf(ObjectKind.class);

	private final Set<Reach> reaches = EnumSet.noneOf(Reach.class);

	LockQuery() {
		this.paths.put(SearchPath.SESSION, 0);
	}

	/** Return whether the name is in the place of those of relations. */
	static boolean isOfRelation(NamedLock lock) {
		ObjectKind kind = lock.kind();
		return kind.isRelation() || kind == ObjectKind.COLUMN || kind == ObjectKind.CONSTRAINT;
	}

	void add(NamedLock lock, SoughtName name) {
		ObjectKind kind = isOfRelation(lock) ? ObjectKind.TABLE : lock.kind();
		this.kinds.add(kind);
		this.reaches.add(lock.reach());
		int path = this.paths.computeIfAbsent(name.path(), (added) -> this.paths.size());
		this.rows.add(new Row(kind, path, name.name(), lock.kind(), lock.part(), lock.mode(), lock.reach()));
	}

	boolean isEmpty() {
		return this.rows.isEmpty();
	}

	List<RelationLock> run(Connection connection) throws SQLException {
		Map<Long, RelationLock> locks = new LinkedHashMap<>();
		Map<Long, Long> tables = new HashMap<>();
		try (Statement statement = connection.createStatement()) {
			statement.setEscapeProcessing(false);
			try (ResultSet results = statement.executeQuery(sql())) {
				while (results.next()) {
					long relation = results.getLong(1);
					locks.put(relation, new RelationLock(relation, results.getString(2), MODES[results.getInt(3)]));
					long table = results.getLong(4);
					if (!results.wasNull()) {
						tables.put(relation, table);
					}
				}
			}
		}
		return locks.values().stream().filter((lock) -> !isCovered(lock, locks, tables)).toList();
	}

	/** Whoever is in the way of a lock on an index is in that of one on its table too. */
	private static boolean isCovered(RelationLock lock, Map<Long, RelationLock> locks, Map<Long, Long> tables) {
		Long table = tables.get(lock.relation());
		RelationLock ofTable = (table != null) ? locks.get(table) : null;
		return ofTable != null && ofTable.mode().compareTo(lock.mode()) >= 0;
	}

	/** The path of the session decides nothing but what the names mean. */
	private String sql() {
		return Operators.qualified(
				"WITH RECURSIVE " + path() + ",\n" + named() + ",\n" + LockQueryText.of(this.kinds, this.reaches));
	}

	private String path() {
		List<@Nullable String> ids = new ArrayList<>();
		List<@Nullable String> schemas = new ArrayList<>();
		this.paths.forEach((path, id) -> {
			List<String> names = path.schemas();
			if (names != null) {
				names.forEach((schema) -> {
					ids.add(id.toString());
					schemas.add(schema);
				});
			}
		});
		return LockQueryText.PATH.formatted(array(ids, "int4"), array(schemas, "name"));
	}

	private String named() {
		return "named AS (SELECT n.kind, n.path, n.name, n.part_kind, n.part, n.mode, n.reach FROM ROWS FROM ("
				+ String.join(", ", unnest("text", (row) -> row.kind().name()),
						unnest("int4", (row) -> String.valueOf(row.path())), unnest("name", Row::name),
						unnest("text", (row) -> row.partKind().name()), unnest("name", Row::part),
						unnest("int4", (row) -> String.valueOf(row.mode().ordinal())),
						unnest("text", (row) -> row.reach().name()))
				+ ") AS n (kind, path, name, part_kind, part, mode, reach))";
	}

	private String unnest(String type, Column column) {
		List<@Nullable String> values = new ArrayList<>();
		this.rows.forEach((row) -> values.add(column.of(row)));
		return "pg_catalog.unnest(" + array(values, type) + ")";
	}

	private static String array(List<@Nullable String> values, String type) {
		StringBuilder array = new StringBuilder("{");
		for (String value : values) {
			array.append((array.length() > 1) ? "," : "");
			array.append((value != null) ? quoted(value) : "NULL");
		}
		return StringLiteral.quote(array.append('}').toString()) + "::pg_catalog." + type + "[]";
	}

	private static String quoted(String value) {
		return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

	/** What one column of the names holds. */
	private interface Column {

		@Nullable String of(Row row);

	}

	/**
	 * A named lock, its name resolved as far as texts tell.
	 *
	 * @param kind in which catalogue the name is
	 * @param path where it is looked for
	 * @param name the name
	 * @param partKind what the lock is on
	 * @param part the column or the constraint
	 * @param mode how strongly it is locked
	 * @param reach which relations are locked
	 */
	private record Row(ObjectKind kind, int path, String name, ObjectKind partKind, @Nullable String part,
			LockMode mode, Reach reach) {

	}

}
