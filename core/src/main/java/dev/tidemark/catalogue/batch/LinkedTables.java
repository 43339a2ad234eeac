package dev.tidemark.catalogue.batch;

import java.sql.SQLException;

import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Tables of which one refers to the other by a foreign key.
 *
 * @since 0.1.0
 */
public final class LinkedTables {

	private LinkedTables() {
	}

	/**
	 * Tells whether one of two tables refers to the other.
	 * @param session the session that asks
	 * @param schema where a table is looked for first, as SQL; empty if its name says
	 * where
	 * @param one the name of a table as SQL
	 * @param other the name of another one as SQL
	 * @return {@code false} too if one of them is not there
	 */
	public static boolean are(Session session, String schema, String one, String other) throws SQLException {
		String query = Operators.qualified("SELECT 1 FROM pg_catalog.pg_constraint f, (SELECT " + table(schema, one)
				+ " AS a, " + table(schema, other) + " AS b) AS t WHERE f.contype = 'f'::pg_catalog.\"char\""
				+ " AND ((f.conrelid = t.a AND f.confrelid = t.b) OR (f.conrelid = t.b AND f.confrelid = t.a)) LIMIT 1");
		return !session.ownRows("", query).isEmpty();
	}

	private static String table(String schema, String name) {
		String found = "pg_catalog.to_regclass(" + StringLiteral.quote(name) + ")";
		return schema.isEmpty() ? found
				: "COALESCE(pg_catalog.to_regclass(" + StringLiteral.quote(schema + "." + name) + "), " + found + ")";
	}

}
