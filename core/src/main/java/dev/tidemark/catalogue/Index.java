package dev.tidemark.catalogue;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * An index as the catalogue has it.
 *
 * @param oid its identifier
 * @param schema its schema
 * @param name its name
 * @param table the identifier of its table
 * @param valid whether queries may use it
 * @param constraint whether it belongs to a constraint
 * @param unique whether it is unique
 * @param tablespace the tablespace it is in
 * @param definition the command that creates it, as the server writes it
 * @param body what stands behind the table in it: method, columns, options and predicate
 * @since 0.1.0
 */
public record Index(long oid, String schema, String name, long table, boolean valid, boolean constraint, boolean unique,
		String tablespace, String definition, String body) {

	private static final String QUERY = """
			SELECT i.indexrelid, n.nspname, c.relname, i.indrelid, i.indisvalid AND i.indisready AND i.indislive,
			  EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')),
			  i.indisunique, coalesce(s.spcname, d.spcname), pg_catalog.pg_get_indexdef(i.indexrelid),
			  pg_catalog.quote_ident(c.relname), pg_catalog.quote_ident(tn.nspname), pg_catalog.quote_ident(t.relname)
			FROM pg_catalog.pg_index i
			JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
			JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
			JOIN pg_catalog.pg_database b ON b.datname = pg_catalog.current_database()
			JOIN pg_catalog.pg_tablespace d ON d.oid = b.dattablespace
			LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
			WHERE\s""";

	/** Finds all indexes of a table. */
	public static List<Index> of(Catalogue catalogue, long table) throws SQLException {
		return catalogue.rows(QUERY + "i.indrelid = ? ORDER BY c.relname", table).stream().map(Index::read).toList();
	}

	/** Finds one index; {@code null} if the relation is none. */
	public static @Nullable Index find(Catalogue catalogue, long oid) throws SQLException {
		return catalogue.rows(QUERY + "i.indexrelid = ?", oid).stream().map(Index::read).findFirst().orElse(null);
	}

	private static Index read(Catalogue.Row row) {
		String definition = row.text(8);
		String head = "CREATE " + (row.isTrue(6) ? "UNIQUE INDEX " : "INDEX ") + row.text(9) + " ON ";
		return new Index(row.number(0), row.text(1), row.text(2), row.number(3), row.isTrue(4), row.isTrue(5),
				row.isTrue(6), row.text(7), definition, body(definition, head, row.text(10), row.text(11)));
	}

	/** Names are not part of what an index is; everything behind them is. */
	private static String body(String definition, String head, String schema, String table) {
		if (definition.startsWith(head)) {
			String rest = definition.substring(head.length());
			rest = rest.startsWith("ONLY ") ? rest.substring("ONLY ".length()) : rest;
			// Since version 15 the temporary schema is written without its number.
			for (String qualifier : List.of(schema, "pg_temp")) {
				String name = qualifier + "." + table + " ";
				if (rest.startsWith(name)) {
					return rest.substring(name.length());
				}
			}
		}
		return definition;
	}

	/** Returns whether the indexes differ in nothing but names and places. */
	boolean isLike(Index other) {
		return this.unique == other.unique && this.body.equals(other.body);
	}

	/** Returns the qualified name as SQL. */
	public String quoted() {
		return new QualifiedName(this.schema, this.name).quoted();
	}

	public String dropped() {
		return "DROP INDEX CONCURRENTLY " + quoted();
	}

	@Override
	public String toString() {
		return quoted();
	}

}
