package dev.tidemark.run;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/**
 * The state of a session at one moment, as the SQL that brings it back.
 *
 * @param restoreRole brings back user and role; may run within a transaction
 * @param restoreAll brings back user, role and every setting, and discards cursors,
 * temporary tables, prepared statements, sequence values and listeners
 */
record SessionState(String restoreRole, String restoreAll) {

	/**
	 * Everything that was set in the session, and the two settings that neither
	 * {@code pg_settings} lists nor {@code RESET ALL} resets.
	 */
	private static final String SETTINGS = """
			SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session'
			UNION ALL
			SELECT name, pg_catalog.current_setting(name) FROM (VALUES ('session_authorization'), ('role')) AS t (name)""";

	/**
	 * What {@code DISCARD ALL} does, except for releasing advisory locks: the instance
	 * lock is one.
	 */
	private static final String DISCARD = "CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; DISCARD TEMP; DISCARD SEQUENCES;"
			+ " RESET ALL";

	static SessionState of(Statement statement) throws SQLException {
		StringJoiner settings = new StringJoiner(", ", "; SELECT ", "").setEmptyValue("");
		StringJoiner roles = new StringJoiner(", ", "; SELECT ", "");
		try (ResultSet results = statement.executeQuery(SETTINGS)) {
			while (results.next()) {
				String name = results.getString(1);
				boolean role = name.equals("session_authorization") || name.equals("role");
				(role ? roles : settings)
					.add("pg_catalog.set_config(" + literal(name) + ", " + literal(results.getString(2)) + ", false)");
			}
		}
		String restoreRole = "RESET SESSION AUTHORIZATION" + roles;
		return new SessionState(restoreRole, "RESET SESSION AUTHORIZATION; " + DISCARD + roles + settings);
	}

	/** Reads the same, however a script has set {@code standard_conforming_strings}. */
	static String literal(String text) {
		String doubled = text.replace("'", "''");
		return text.contains("\\") ? "E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
	}

}
