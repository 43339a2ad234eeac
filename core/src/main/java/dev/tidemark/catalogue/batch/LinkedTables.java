package dev.tidemark.catalogue.batch;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Session;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * How two tables belong together, so that not both can be walked at once.
 *
 * @since 0.1.0
 */
public enum LinkedTables {

	/** They are one table under two names. */
	SAME,

	/** One refers to the other by a foreign key. */
	BY_FOREIGN_KEY,

	/** They do not, or one of them is not there. */
	NOT;

	/**
	 * Tells how two tables belong together.
	 * @param session the session that asks
	 * @param schema where a table is looked for first whose name does not say where, or
	 * {@code null}
	 * @param one the name of a table, one or two parts
	 * @param other the name of another one
	 */
	public static LinkedTables of(Session session, @Nullable String schema, List<String> one, List<String> other)
			throws SQLException {
		String query = Operators.qualified("SELECT t.a = t.b FROM (SELECT " + table(schema, one) + " AS a, "
				+ table(schema, other) + " AS b) AS t WHERE (t.a = t.b) OR EXISTS (SELECT FROM"
				+ " pg_catalog.pg_constraint f WHERE (f.contype = 'f'::pg_catalog.\"char\")"
				+ " AND (((f.conrelid = t.a) AND (f.confrelid = t.b)) OR ((f.conrelid = t.b) AND (f.confrelid = t.a))))");
		return session.ownRows("", query)
			.stream()
			.findFirst()
			.map((row) -> "t".equals(row.get(0)) ? SAME : BY_FOREIGN_KEY)
			.orElse(NOT);
	}

	private static String table(@Nullable String schema, List<String> parts) {
		String found = found(parts);
		return (schema == null || parts.size() > 1) ? found
				: "COALESCE(" + found(List.of(schema, parts.get(0))) + ", " + found + ")";
	}

	private static String found(List<String> parts) {
		String name = parts.stream().map(Identifiers::quote).collect(Collectors.joining("."));
		return "pg_catalog.to_regclass(" + StringLiteral.quote(name) + ")";
	}

}
