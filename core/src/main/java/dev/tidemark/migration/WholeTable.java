package dev.tidemark.migration;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.tidemark.migration.backfill.BackfillFile;
import dev.tidemark.sql.Identifiers;

/**
 * All rows of a table at once.
 *
 * @param file the table and its keys
 * @param jdbc reads the keys
 */
record WholeTable(BackfillFile file, JdbcContext jdbc) implements KeysOfBatch {

	@Override
	public String condition() {
		return "TRUE";
	}

	@Override
	public String condition(String alias) {
		return "TRUE";
	}

	@Override
	public List<List<Object>> keys() {
		String table = quoted(this.file.table(), ".");
		List<String> columns = this.file.keys().isEmpty() ? primaryKey(table) : this.file.keys();
		// Names that differ in capitals only are one name to a map of a row.
		String key = IntStream.range(0, columns.size())
			.mapToObj((i) -> Identifiers.quote(columns.get(i)) + " AS key" + i)
			.collect(Collectors.joining(", "));
		return this.jdbc.client()
			.sql("SELECT " + key + " FROM " + table + " ORDER BY " + quoted(columns, ", "))
			.query()
			.listOfRows()
			.stream()
			.map((row) -> List.copyOf(row.values()))
			.toList();
	}

	private List<String> primaryKey(String table) {
		List<String> columns = this.jdbc.client()
			.sql("SELECT a.attname FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey) WITH ORDINALITY k (number, place),"
					+ " pg_catalog.pg_attribute a WHERE i.indisprimary"
					+ " AND i.indrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.regclass)"
					+ " AND a.attrelid OPERATOR(pg_catalog.=) i.indrelid AND a.attnum OPERATOR(pg_catalog.=) k.number"
					+ " ORDER BY k.place")
			.param(table)
			.query(String.class)
			.list();
		if (columns.isEmpty()) {
			throw new IllegalStateException(
					"The table " + table + " has no primary key, so keys() has to name the columns of another one");
		}
		return columns;
	}

	private static String quoted(List<String> names, String between) {
		return names.stream().map(Identifiers::quote).collect(Collectors.joining(between));
	}

}
