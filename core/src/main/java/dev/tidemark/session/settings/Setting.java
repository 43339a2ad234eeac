package dev.tidemark.session.settings;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dev.tidemark.sql.StringLiteral;

/**
 * A setting of a session.
 *
 * @param name its name
 * @param value its value, as the server takes it
 * @since 0.1.0
 */
public record Setting(String name, String value) {

	private static final String QUERY = "SELECT s.setting FROM pg_catalog.pg_settings s"
			+ " WHERE s.name OPERATOR(pg_catalog.=) ";

	public Setting(String name, long value) {
		this(name, Long.toString(value));
	}

	/** Rounds up: a timeout of less than a millisecond must not become none. */
	public Setting(String name, Duration timeout) {
		this(name, timeout.plusNanos(999_999).toMillis());
	}

	/**
	 * Reads a setting of a session; a duration is told in milliseconds.
	 * @param connection the session
	 * @param name the name of the setting
	 * @throws SQLException if it cannot be read
	 */
	public static Setting read(Connection connection, String name) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(QUERY + StringLiteral.quote(name))) {
			results.next();
			return new Setting(name, results.getString(1));
		}
	}

	/** Returns the expression that sets it for the session. */
	public String sql() {
		return set("false");
	}

	/** Returns the expression that sets it until the transaction ends. */
	public String sqlWithinTransaction() {
		return set("true");
	}

	private String set(String local) {
		return "pg_catalog.set_config(" + StringLiteral.quote(this.name) + ", " + StringLiteral.quote(this.value) + ", "
				+ local + ")";
	}

}
