package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.StringLiteral;

/**
 * A place in the write-ahead log of the server, which a name may mark.
 *
 * @param name the name of the restore point there, or {@code null} if there is none
 * @param position the place, as the server writes it
 * @since 0.1.0
 */
public record WalMark(@Nullable String name, String position) {

	private static final String FUNCTION = "pg_catalog.pg_create_restore_point(pg_catalog.text)";

	/**
	 * Makes a restore point, or without a name reads where the log is.
	 * @param connection an idle connection in auto-commit mode
	 */
	public static WalMark set(Connection connection, @Nullable String name) throws SQLException {
		String function = (name != null) ? "pg_create_restore_point(" + StringLiteral.quote(name) + ")"
				: "pg_current_wal_insert_lsn()";
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog." + function)) {
			results.next();
			return new WalMark(name, results.getString(1));
		}
	}

	/**
	 * Returns why the server would make no restore point.
	 * @param connection a connection with the role of migrations
	 * @return the reason, or {@code null} if it would make one
	 */
	public static @Nullable String obstacle(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery(),"
						+ " pg_catalog.current_setting('wal_level'), pg_catalog.has_function_privilege('" + FUNCTION
						+ "', 'EXECUTE'), CURRENT_USER")) {
			results.next();
			if (results.getBoolean(1)) {
				return "the server is a standby";
			}
			if (results.getString(2).equals("minimal")) {
				return "with wal_level=minimal nothing can be restored from the log";
			}
			String role = Identifiers.quote(results.getString(4));
			return results.getBoolean(3) ? null : "the role " + role + " may not call pg_create_restore_point; GRANT"
					+ " EXECUTE ON FUNCTION " + FUNCTION + " TO " + role + "; allows it";
		}
	}

}
