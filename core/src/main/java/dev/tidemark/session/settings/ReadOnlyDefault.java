package dev.tidemark.session.settings;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;

/**
 * Why the transactions of a session on a primary are read-only.
 *
 * @param database the name of the database
 * @param user the login
 * @param source where the server says that the default comes from
 */
record ReadOnlyDefault(String database, String user, String source) {

	private static final String SETTING = "default_transaction_read_only";

	private static final String QUERY = Operators
		.qualified("SELECT pg_catalog.current_database(), SESSION_USER, s.source FROM pg_catalog.pg_settings s"
				+ " WHERE s.name = '" + SETTING + "'");

	static ReadOnlyDefault read(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = statement.executeQuery(QUERY)) {
			results.next();
			return new ReadOnlyDefault(results.getString(1), results.getString(2), results.getString(3));
		}
	}

	/**
	 * Says that something would write, and what to do about it.
	 * @param what what would write, as the subject of a sentence
	 */
	Problem problem(String what) {
		return Problem.error(ErrorCode.READ_ONLY, null,
				what + " writes, and " + SETTING + " is on: " + place() + ". The server itself is a primary.",
				remedy() + " To have it off for migrations alone, set " + SettingNames.name("connection.init-sql")
						+ "=SET " + SETTING + " = off. To only look, set tidemark.mode=verify.");
	}

	private String place() {
		return switch (this.source) {
			case "database" -> "the database " + quotedDatabase() + " sets it";
			case "user" -> "the login " + quotedUser() + " sets it";
			case "database user" -> "the login " + quotedUser() + " sets it in the database " + quotedDatabase();
			case "global" -> "it is set for all logins and databases";
			case "client" -> "the connection sets it, by options of its URL";
			case "session" -> "the pool or " + SettingNames.name("connection.init-sql") + " sets it";
			default -> "the server's configuration sets it (" + this.source + ")";
		};
	}

	private String remedy() {
		return switch (this.source) {
			case "database" -> alter("DATABASE " + quotedDatabase());
			case "user" -> alter("ROLE " + quotedUser());
			case "database user" -> alter("ROLE " + quotedUser() + " IN DATABASE " + quotedDatabase());
			case "global" -> alter("ROLE ALL");
			case "client" -> "Take it out of the options of the URL.";
			case "session" -> "Take it out of what the pool runs on its connections, or out of "
					+ SettingNames.name("connection.init-sql") + ".";
			default ->
				"Take it out of the configuration and reload that; was it set by ALTER SYSTEM, run ALTER SYSTEM RESET "
						+ SETTING + "; SELECT pg_reload_conf();";
		};
	}

	private static String alter(String whose) {
		return "Find out why the database may not be changed; if it may be again, run ALTER " + whose + " RESET "
				+ SETTING + ";";
	}

	private String quotedDatabase() {
		return Identifiers.quote(this.database);
	}

	private String quotedUser() {
		return Identifiers.quote(this.user);
	}

}
