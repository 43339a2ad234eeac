package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * The layout of a history table: how it is created, checked and changed.
 */
public final class HistoryLayout {

	/** The layout that this version writes. */
	static final int LAYOUT = 1;

	/** How the comment of a history table begins. */
	static final String COMMENT = "Tidemark history, layout ";

	private static final String DEFAULT_PRIVILEGES = Operators.qualified("""
			SELECT g.rolname, pg_catalog.bool_or(a.privilege_type = 'SELECT')
			FROM pg_catalog.pg_default_acl d
			CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a
			JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
			JOIN pg_catalog.pg_roles o ON o.oid = d.defaclrole
			LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
			WHERE o.rolname = CURRENT_USER AND g.oid <> o.oid AND d.defaclobjtype = 'r'
			  AND (d.defaclnamespace = 0""") + "%s) GROUP BY g.rolname ORDER BY g.rolname";

	private final HistoryName name;

	HistoryLayout(HistoryName name) {
		this.name = name;
	}

	void check(@Nullable String comment) {
		if (comment == null || !comment.startsWith(COMMENT)) {
			return;
		}
		String layout = comment.substring(COMMENT.length()).replaceAll("\\D.*", "");
		if (!layout.equals(Integer.toString(LAYOUT))) {
			throw new TidemarkException(
					unknown("it has layout " + layout + ", and this version knows layout " + LAYOUT));
		}
	}

	Problem unknown(String reason) {
		return Problem.error(ErrorCode.HISTORY_LAYOUT, null,
				"The table " + this.name.qualified() + " is not a history table that this version can read: " + reason + ".",
				"Use the version of Tidemark that wrote it or a newer one; if the table is not Tidemark's, " + "set "
						+ SettingNames.name("history-table") + " to another name.");
	}

	/**
	 * Returns the statements that create the table.
	 * @return the statements
	 */
	public String create() {
		String table = this.name.qualified();
		return """
				CREATE TABLE IF NOT EXISTS %s (
				  rank                pg_catalog.int4        PRIMARY KEY,
				  kind                pg_catalog.text        NOT NULL,
				  phase               pg_catalog.text        NOT NULL,
				  version             pg_catalog.text,
				  description         pg_catalog.text        NOT NULL,
				  script              pg_catalog.text        NOT NULL,
				  checksum            pg_catalog.text,
				  state               pg_catalog.text        NOT NULL,
				  statements_total    pg_catalog.int4        NOT NULL,
				  statements_done     pg_catalog.int4        NOT NULL,
				  journal             pg_catalog.text,
				  started_at          pg_catalog.timestamptz NOT NULL,
				  finished_at         pg_catalog.timestamptz,
				  installed_by        pg_catalog.text        NOT NULL,
				  database_user       pg_catalog.text        NOT NULL DEFAULT SESSION_USER,
				  application         pg_catalog.text,
				  application_version pg_catalog.text,
				  instance            pg_catalog.text        NOT NULL,
				  tool_version        pg_catalog.text        NOT NULL,
				  deployment_id       pg_catalog.text        NOT NULL,
				  tag                 pg_catalog.text,
				  error_code          pg_catalog.text,
				  error_message       pg_catalog.text,
				  error_sqlstate      pg_catalog.text,
				  error_line          pg_catalog.int4,
				  error_statement     pg_catalog.text,
				  note                pg_catalog.text,
				  adopted_from        pg_catalog.text,
				  adopted_values      pg_catalog.jsonb,
				  restore_point       pg_catalog.text,
				  wal_position        pg_catalog.text
				);
				COMMENT ON TABLE %s IS '%s%d: one row for each run of a migration, the last row of a migration decides'"""
			.formatted(table, table, COMMENT, LAYOUT);
	}

	/**
	 * Return whether the table has the columns for restore points.
	 * @param connection an idle connection in auto-commit mode
	 * @return {@code false} for one that an older version has made
	 * @throws SQLException if the query fails
	 */
	public boolean hasRestorePoints(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(Operators.qualified("SELECT 1 FROM pg_catalog.pg_attribute"
						+ " WHERE (attrelid = pg_catalog.to_regclass(" + this.name.literal()
						+ ")) AND (attname = 'wal_position') AND NOT attisdropped"))) {
			return results.next();
		}
	}

	/**
	 * Return the statement that adds the columns for restore points. Older versions go on
	 * with a table that has them.
	 * @return the statement
	 */
	public String addRestorePoints() {
		return "ALTER TABLE " + this.name.qualified() + " ADD COLUMN IF NOT EXISTS restore_point pg_catalog.text,"
				+ " ADD COLUMN IF NOT EXISTS wal_position pg_catalog.text";
	}

	/**
	 * Returns the statements that take from everybody what default privileges would give
	 * on the table when it is created: nobody but its owner writes the history unless
	 * somebody grants it on this very table. Who would read it by default may do so.
	 * @param connection an idle connection in auto-commit mode
	 * @return the statements, to be run with those that create the table; empty where
	 * nobody has default privileges
	 * @throws SQLException if the query fails
	 */
	public String protection(Connection connection) throws SQLException {
		if (!hasDefaultPrivileges(connection)) {
			return "";
		}
		String table = this.name.qualified();
		StringBuilder sql = new StringBuilder("REVOKE ALL ON TABLE " + table + " FROM PUBLIC");
		String schema = this.name.schema();
		String inSchema = (schema != null) ? Operators.qualified(" OR n.nspname = " + StringLiteral.quote(schema)) : "";
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(DEFAULT_PRIVILEGES.formatted(inSchema))) {
			while (results.next()) {
				String grantee = Identifiers.quote(results.getString(1));
				sql.append("; REVOKE ALL ON TABLE ").append(table).append(" FROM ").append(grantee);
				if (results.getBoolean(2)) {
					sql.append("; GRANT SELECT ON TABLE ").append(table).append(" TO ").append(grantee);
				}
			}
		}
		return sql.toString();
	}

	/** Most databases have none, and to look closer costs as much as a migration. */
	private static boolean hasDefaultPrivileges(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT 1 FROM pg_catalog.pg_default_acl LIMIT 1")) {
			return results.next();
		}
	}

}
