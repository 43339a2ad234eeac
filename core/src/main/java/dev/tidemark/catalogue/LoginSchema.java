package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;

/**
 * Finds out which schema comes first in the search path that the next login begins with.
 *
 * @since 0.1.0
 */
public final class LoginSchema {

	/**
	 * Gives the session, as long as this query runs, the search path that the next login
	 * begins with, where the login or the database has one and the connection does not
	 * set its own.
	 */
	private static final String NEXT_PATH = Operators.qualified("""
			SELECT pg_catalog.set_config('search_path', p.path, true) FROM (
			  SELECT pg_catalog.substr(c.setting, 13) AS path FROM pg_catalog.pg_db_role_setting s
			  CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c (setting)
			  WHERE pg_catalog.starts_with(c.setting, 'search_path=')
			    AND (s.setdatabase = 0 OR s.setdatabase = (
			      SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
			    AND (s.setrole = 0 OR s.setrole = (
			      SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = SESSION_USER))
			    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_settings o
			      WHERE o.name = 'search_path' AND (o.source = 'client' OR o.source = 'session'))
			  ORDER BY (s.setrole = 0), (s.setdatabase = 0) LIMIT 1) AS p""");

	private LoginSchema() {
	}

	/**
	 * Asks the server.
	 * @param connection a connection in auto-commit mode that is as a run began it
	 * @return the name of the schema, or {@code null} if there is none
	 */
	public static @Nullable String read(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(NEXT_PATH + "; SELECT pg_catalog.current_schema()");
			statement.getMoreResults();
			try (ResultSet results = statement.getResultSet()) {
				results.next();
				return results.getString(1);
			}
		}
	}

}
