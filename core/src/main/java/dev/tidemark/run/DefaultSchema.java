package dev.tidemark.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.plan.Step;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;

/**
 * The schema in which the next start looks for its history, where no setting names one. A
 * migration may move it: it creates the schema {@code "$user"}, or gives the login or the
 * database another search path.
 *
 * @param name its name, or {@code null} if there is none
 */
record DefaultSchema(@Nullable String name) {

	/** What can make or hide a schema, or change what a login begins with. */
	private static final Set<String> MOVING = Set.of("CREATE SCHEMA", "ALTER SCHEMA", "DROP SCHEMA", "GRANT", "REVOKE",
			"ALTER ROLE", "ALTER USER", "ALTER DATABASE", "CALL", "DO", "EXECUTE", "SELECT", "UNRECOGNISED");

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

	/** Tells whether what ran may have moved it, so that it is worth a question. */
	static boolean mayHaveMoved(List<Step> steps, CallbackRunner callbacks) {
		return callbacks.isAny() || steps.stream()
			.anyMatch((step) -> step.migration().code() != null
					|| step.statements().stream().anyMatch((statement) -> MOVING.contains(statement.command())));
	}

	/** Asks the server, on a connection in auto-commit mode that is as a run began it. */
	static DefaultSchema ofNextLogin(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(NEXT_PATH + "; SELECT pg_catalog.current_schema()");
			statement.getMoreResults();
			try (ResultSet results = statement.getResultSet()) {
				results.next();
				return new DefaultSchema(results.getString(1));
			}
		}
	}

	/**
	 * Says that the next start looks elsewhere than this one, if it does.
	 * @param table the history, with its schema
	 */
	Optional<Problem> moved(HistoryTable table) {
		String schema = table.schema();
		if (schema == null || schema.equals(this.name)) {
			return Optional.empty();
		}
		return Optional.of(Problem
			.warning(ErrorCode.HISTORY_ELSEWHERE, null,
					"This run has moved the default schema of the connection: it was " + Identifiers.quote(schema)
							+ ", where the history lies, and is "
							+ ((this.name != null) ? Identifiers.quote(this.name) : "none")
							+ " from the next start on, which would refuse to run.",
					"Set " + SettingNames.name("schema") + "=" + schema + ".")
			.withState("All migrations of this run are applied and recorded."));
	}

}
