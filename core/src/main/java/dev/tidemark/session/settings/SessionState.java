package dev.tidemark.session.settings;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.StringJoiner;

import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * The SQL that makes a session again what it was before a migration used it.
 *
 * @param sql the statements, joined by semicolons
 * @since 0.1.0
 */
public record SessionState(String sql) {

	/**
	 * What {@code DISCARD ALL} does, except for settings, for advisory locks, of which
	 * the instance lock is one, and for sequences: with their cached values an
	 * {@code INSERT} would get other ids than in one session.
	 */
	private static final String DISCARD = "RESET SESSION AUTHORIZATION; RESET ROLE; CLOSE ALL; UNLISTEN *;"
			+ " DEALLOCATE ALL; DISCARD TEMP; ";

	private static final String DISCARD_SEQUENCES = "; DISCARD SEQUENCES";

	private static final String SETTINGS = Operators.qualified(
			"""
					SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session'
					UNION ALL
					SELECT name, pg_catalog.current_setting(name) FROM (VALUES ('session_authorization'), ('role')) AS t (name)""");

	private static final String RESET = Operators.qualified("SELECT pg_catalog.set_config(name, NULL, false)"
			+ " FROM pg_catalog.pg_settings WHERE source = 'session'");

	/** Returns the statements after which nobody else finds anything of the run. */
	public String giveBack() {
		return this.sql + DISCARD_SEQUENCES;
	}

	/**
	 * A session that was opened for the run: nothing of it has to be kept but what its
	 * source begins sessions with, which may end in a comment.
	 */
	public static SessionState fresh(Optional<LoginSql> login) {
		return new SessionState(DISCARD + "RESET ALL" + login.map((begin) -> "; " + begin.sql() + "\n").orElse(""));
	}

	/**
	 * A session that belongs to somebody else. {@code RESET ALL} would empty settings of
	 * extensions and applications (such as {@code app.tenant}), which no catalogue lists
	 * and nobody could set again, so only what is listed is reset.
	 */
	public static SessionState of(Statement statement) throws SQLException {
		StringJoiner settings = new StringJoiner(", ", "; SELECT ", "").setEmptyValue("");
		StringJoiner roles = new StringJoiner(", ", "; SELECT ", "");
		try (ResultSet results = statement.executeQuery(SETTINGS)) {
			while (results.next()) {
				String name = results.getString(1);
				// The role comes last: it may lack the right to set the rest.
				boolean role = name.equals("session_authorization") || name.equals("role");
				(role ? roles : settings).add("pg_catalog.set_config(" + StringLiteral.quote(name) + ", "
						+ StringLiteral.quote(results.getString(2)) + ", false)");
			}
		}
		return new SessionState(DISCARD + RESET + settings + roles);
	}

}
