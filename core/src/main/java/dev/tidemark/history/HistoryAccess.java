package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * What a role may do with a history table.
 */
final class HistoryAccess {

	private final HistoryName name;

	HistoryAccess(HistoryName name) {
		this.name = name;
	}

	/**
	 * Requires the rights that a run needs, before it changes anything: without them it
	 * could run migrations that it cannot record.
	 */
	void requireWritable(Connection connection) throws SQLException {
		String literal = this.name.literal();
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT CURRENT_USER, pg_catalog.has_table_privilege("
						+ literal + ", 'INSERT') AND pg_catalog.has_table_privilege(" + literal + ", 'UPDATE')")) {
			if (results.next() && !results.getBoolean(2)) {
				String role = results.getString(1);
				throw new TidemarkException(Problem.error(ErrorCode.HISTORY_ACCESS, null,
						"The role " + Identifiers.quote(role) + " may not write the history table " + this.name.qualified()
								+ ".",
						"Migrate with the role that owns it, as " + SettingNames.name("role") + " or "
								+ SettingNames.name("user") + ", or grant the right: "
								+ grant(role, "SELECT, INSERT and UPDATE", "SELECT, INSERT, UPDATE")));
			}
		}
	}

	/** To look is all that {@code verify}, the endpoint and the health check need. */
	private Problem notReadable(String role) {
		return Problem.error(ErrorCode.HISTORY_ACCESS, null,
				"The role " + Identifiers.quote(role) + " may not read the history table " + this.name.qualified() + ".",
				"For what only looks, as tidemark.mode=verify, the endpoint and the health check do, grant the right: "
						+ grant(role, "SELECT", "SELECT") + " What migrates needs the role that owns the table, as "
						+ SettingNames.name("role") + " or " + SettingNames.name("user") + ".");
	}

	private String grant(String role, String inWords, String rights) {
		String to = " TO " + Identifiers.quote(role) + ";";
		String table = "GRANT " + rights + " ON TABLE " + this.name.qualified() + to;
		String schema = this.name.schema();
		String usage = (schema != null) ? "GRANT USAGE ON SCHEMA " + Identifiers.quote(schema) + to + " "
				: "";
		return inWords + " on the table and USAGE on its schema, as in " + usage + table;
	}

	/** Says why the rows cannot be read, which the server tells by the same code. */
	Problem notReadable(Statement statement) throws SQLException {
		String schema = this.name.schema();
		try (ResultSet results = statement.executeQuery(Operators.qualified("SELECT CURRENT_USER,"
				+ " (SELECT pg_catalog.bool_or(pg_catalog.row_security_active(c.oid)) FROM pg_catalog.pg_class c"
				+ " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" + " WHERE c.relname = "
				+ StringLiteral.quote(this.name.name()) + " AND "
				+ ((schema != null) ? "n.nspname = " + StringLiteral.quote(schema)
						: "pg_catalog.pg_table_is_visible(c.oid)")
				+ " AND pg_catalog.has_table_privilege(c.oid, 'SELECT'))"))) {
			results.next();
			return results.getBoolean(2) ? hidden(results.getString(1)) : notReadable(results.getString(1));
		}
	}

	private Problem hidden(String role) {
		return Problem.error(ErrorCode.HISTORY_HIDDEN, null,
				"Row security of the history table " + this.name.qualified() + " may hide rows from the role "
						+ Identifiers.quote(role) + ", and without all rows nobody knows what has run.",
				"Row security has no place on this table: run ALTER TABLE " + this.name.qualified()
						+ " DISABLE ROW LEVEL SECURITY; as its owner. Where it has to stay, use the role that owns the table,"
						+ " without FORCE ROW LEVEL SECURITY, or one that has BYPASSRLS.");
	}

}
