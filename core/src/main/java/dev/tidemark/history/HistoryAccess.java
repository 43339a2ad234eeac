package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

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
	 * could run migrations that it cannot record. Returns what brings the table to
	 * today's layout, if it is of an older one and the role owns it.
	 */
	Optional<String> requireWritable(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = statement.executeQuery(facts())) {
			if (!results.next()) {
				return Optional.empty();
			}
			String role = results.getString(1);
			if (!results.getBoolean(2)) {
				throw new TidemarkException(notWritable(role));
			}
			String columns = results.getString(4);
			if (columns != null) {
				throw new TidemarkException(notFilled(columns));
			}
			boolean owner = results.getBoolean(3);
			return owner ? new HistoryLayout(this.name).change(results.getBoolean(5), results.getString(6))
					: Optional.empty();
		}
	}

	/**
	 * Of the table that is there: the role, whether it may write, whether it owns it, the
	 * columns that this version cannot fill, whether it lacks one that this version
	 * knows, and its comment.
	 */
	private String facts() {
		String known = "'{" + String.join(",", HistoryLayout.columns()) + "}'::pg_catalog.name[]";
		return Operators.qualified("""
				SELECT CURRENT_USER,
				  pg_catalog.has_table_privilege(c.oid, 'INSERT') AND pg_catalog.has_table_privilege(c.oid, 'UPDATE'),
				  pg_catalog.pg_has_role(c.relowner, 'USAGE'),
				  (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
				   FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
				   WHERE (a.attrelid = c.oid) AND (a.attnum > 0) AND a.attnotnull AND NOT a.attisdropped
				     AND NOT a.atthasdef AND (a.attidentity = ''::pg_catalog."char") AND t.typdefault IS NULL
				     AND (a.attname <> ALL (%s))),
				  EXISTS (SELECT 1 FROM pg_catalog.unnest(%s) AS k (name) WHERE NOT EXISTS (
				    SELECT 1 FROM pg_catalog.pg_attribute a
				    WHERE (a.attrelid = c.oid) AND (a.attname = k.name) AND NOT a.attisdropped)),
				  pg_catalog.obj_description(c.oid, 'pg_class')
				FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(%s)""".formatted(known, known,
				this.name.literal()));
	}

	private Problem notWritable(String role) {
		return Problem.error(ErrorCode.HISTORY_ACCESS, null,
				"The role " + Identifiers.quote(role) + " may not write the history table " + this.name.qualified()
						+ ".",
				"Migrate with the role that owns it, as " + SettingNames.name("connection.role") + " or "
						+ SettingNames.name("connection.user") + ", or grant the right: "
						+ grant(role, "SELECT, INSERT and UPDATE", "SELECT, INSERT, UPDATE"));
	}

	private Problem notFilled(String columns) {
		return Problem.error(ErrorCode.HISTORY_COLUMN, null,
				"The history table " + this.name.qualified() + " wants a value in " + columns
						+ ", and this version of Tidemark has none for it, so it could not record what it runs.",
				"Migrate with the version of Tidemark that added it, or a newer one; if somebody else did, give it a"
						+ " default or let it be NULL, as in ALTER TABLE " + this.name.qualified() + " ALTER COLUMN "
						+ columns.split(", ")[0] + " DROP NOT NULL;");
	}

	/** To look is all that {@code verify}, the endpoint and the health check need. */
	private Problem notReadable(String role) {
		return Problem.error(ErrorCode.HISTORY_ACCESS, null,
				"The role " + Identifiers.quote(role) + " may not read the history table " + this.name.qualified()
						+ ".",
				"For what only looks, as tidemark.mode=verify, the endpoint and the health check do, grant the right: "
						+ grant(role, "SELECT", "SELECT") + " What migrates needs the role that owns the table, as "
						+ SettingNames.name("connection.role") + " or " + SettingNames.name("connection.user") + ".");
	}

	private String grant(String role, String inWords, String rights) {
		String to = " TO " + Identifiers.quote(role) + ";";
		String table = "GRANT " + rights + " ON TABLE " + this.name.qualified() + to;
		String schema = this.name.schema();
		String usage = (schema != null) ? "GRANT USAGE ON SCHEMA " + Identifiers.quote(schema) + to + " " : "";
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
