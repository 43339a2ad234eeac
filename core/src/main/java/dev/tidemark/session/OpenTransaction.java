package dev.tidemark.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * The transaction that code works in.
 *
 * @param id its id
 * @param begin when it began, as the server writes it
 * @since 0.1.0
 */
public record OpenTransaction(String id, String begin) {

	/** Returns the transaction that is open, which gets an id for it. */
	static OpenTransaction of(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement
					.executeQuery("SELECT pg_catalog.pg_current_xact_id(), pg_catalog.now()::pg_catalog.text")) {
			results.next();
			return new OpenTransaction(results.getString(1), results.getString(2));
		}
	}

	/**
	 * Returns the id of the transaction that is open.
	 * @return the id, or {@code null} if the transaction has changed nothing
	 */
	public static @Nullable String currentId(Connection connection) throws SQLException {
		return text(connection, "pg_catalog.pg_current_xact_id_if_assigned()");
	}

	/**
	 * Tells whether it is still the one of a connection. One that is prepared is in
	 * progress, too, but it is that of no session any more.
	 * @param connection a connection with an open transaction that is not broken
	 */
	public boolean isStillOf(Connection connection) throws SQLException {
		return this.id.equals(currentId(connection));
	}

	/** Tells whether it has committed, when none is open. */
	public boolean hasCommitted(Connection connection) throws SQLException {
		return "committed".equals(text(connection, "pg_catalog.pg_xact_status('" + this.id + "'::pg_catalog.xid8)"));
	}

	private static @Nullable String text(Connection connection, String expression) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT " + expression)) {
			results.next();
			return results.getString(1);
		}
	}

}
