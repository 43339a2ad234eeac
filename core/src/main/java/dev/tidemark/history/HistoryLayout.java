package dev.tidemark.history;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 *
 * @since 0.1.0
 */
public final class HistoryLayout {

	/** The layouts that this version reads and writes. */
	static final int MAJOR = 1;

	/** Which of them it creates: a higher one has more columns. */
	static final int MINOR = 2;

	/** How the comment of a history table begins. */
	static final String COMMENT = "Tidemark history, layout ";

	/** How long a change of the layout waits for those who read the table. */
	private static final String PATIENCE = "1s";

	/** The columns of the first layout. */
	private static final String COLUMNS = """
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
			adopted_values      pg_catalog.jsonb""";

	/** The columns that came later: older versions leave each of them out. */
	private static final String LATER_COLUMNS = """
			restore_point       pg_catalog.text,
			wal_position        pg_catalog.text,
			adopted_rank        pg_catalog.int4,
			first_run           pg_catalog.bool""";

	private static final Pattern NUMBERS = Pattern.compile(COMMENT + "(\\d+)(?:\\.(\\d+))?\\D.*", Pattern.DOTALL);

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

	/** A table that somebody has commented otherwise is known by its columns. */
	void check(@Nullable String comment) {
		if (comment != null && isOfAnotherMajorVersion(comment)) {
			String layout = comment.substring(COMMENT.length()).replaceAll("[^\\d.].*", "");
			throw new TidemarkException(
					unknown("it has layout " + layout + ", and this version knows layout " + MAJOR));
		}
	}

	static boolean isOfAnotherMajorVersion(String comment) {
		Matcher numbers = NUMBERS.matcher(comment);
		return comment.startsWith(COMMENT) && !(numbers.matches() && numbers.group(1).equals(Integer.toString(MAJOR)));
	}

	Problem unknown(String reason) {
		return Problem.error(ErrorCode.HISTORY_LAYOUT, null,
				"The table " + this.name.qualified() + " is not a history table that this version can read: " + reason
						+ ".",
				"Use the version of Tidemark that wrote it or a newer one; if the table is not Tidemark's, " + "set "
						+ SettingNames.name("history.table") + " to another name.");
	}

	/**
	 * Returns the statements that create the table.
	 * @return the statements
	 */
	public String create() {
		String table = this.name.qualified();
		return "CREATE TABLE IF NOT EXISTS " + table + " (\n" + COLUMNS + ",\n" + LATER_COLUMNS + "\n);\n" + comment();
	}

	private String comment() {
		return "COMMENT ON TABLE " + this.name.qualified() + " IS '" + COMMENT + MAJOR + "." + MINOR
				+ ": one row for each run of a migration, the last row of a migration decides'";
	}

	/** Returns the names of all columns that this version knows. */
	static List<String> columns() {
		return Stream.of(COLUMNS, LATER_COLUMNS)
			.flatMap(String::lines)
			.map((line) -> line.strip().split(" ", 2)[0])
			.toList();
	}

	/**
	 * Returns the statements that bring the table to today's layout, to be run by its
	 * owner under the lock. What somebody else has written into its comment stays.
	 * @param lacking whether it lacks a column
	 * @param comment its comment
	 * @return the statements, empty if it has nothing to gain
	 */
	Optional<String> change(boolean lacking, @Nullable String comment) {
		boolean older = isOlder(comment);
		if (!lacking && !older) {
			return Optional.empty();
		}
		String added = LATER_COLUMNS.lines()
			.map((line) -> "ADD COLUMN IF NOT EXISTS " + line.strip())
			.collect(Collectors.joining(" "));
		return Optional.of("SET LOCAL lock_timeout = '" + PATIENCE + "'; ALTER TABLE " + this.name.qualified() + " "
				+ added + ((older || comment == null) ? "; " + comment() : ""));
	}

	private static boolean isOlder(@Nullable String comment) {
		Matcher numbers = NUMBERS.matcher((comment != null) ? comment : "");
		return numbers.matches() && (numbers.group(2) == null
				|| new BigInteger(numbers.group(2)).compareTo(BigInteger.valueOf(MINOR)) < 0);
	}

	/**
	 * Return whether the table has the columns for restore points.
	 * @param connection an idle connection in auto-commit mode
	 * @return {@code false} for one that an older version has made
	 * @throws SQLException if the query fails
	 */
	public boolean hasRestorePoints(Connection connection) throws SQLException {
		return has(connection, "wal_position");
	}

	/**
	 * Return whether the table has the column that tells of the first run.
	 * @param connection an idle connection in auto-commit mode
	 * @return {@code false} for one that an older version has made
	 * @throws SQLException if the query fails
	 */
	public boolean tellsOfFirstRun(Connection connection) throws SQLException {
		return has(connection, HistoryRows.FIRST_RUN);
	}

	private boolean has(Connection connection, String column) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(Operators
					.qualified("SELECT 1 FROM pg_catalog.pg_attribute WHERE (attrelid = pg_catalog.to_regclass("
							+ this.name.literal() + ")) AND (attname = " + StringLiteral.quote(column)
							+ ") AND NOT attisdropped"))) {
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
