package dev.tidemark.catalogue.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A query of the user's own that says how busy the server is. It stands where a table
 * stands, in a transaction that may only read, so that it can be nothing but a query.
 *
 * @since 0.1.0
 */
public final class OwnQuery {

	private final String sql;

	/**
	 * Makes it of one statement.
	 * @param query the statement, without a semicolon at its end
	 */
	public OwnQuery(String query) {
		this.sql = ServerLoad.BEGIN + "SELECT q.* FROM (\n" + query + "\n) q LIMIT 1; ROLLBACK";
	}

	/**
	 * Runs it.
	 * @param connection an idle connection in auto-commit mode
	 * @return the first value of the first row as text, {@code null} if there is none
	 * @throws SQLException if it fails, after which the connection is idle again, or the
	 * connection is of no use any more
	 */
	public @Nullable String run(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(this.sql);
			for (int i = 0; i < ServerLoad.RESULTS_BEFORE; i++) {
				statement.getMoreResults();
			}
			ResultSet results = statement.getResultSet();
			return results.next() ? results.getString(1) : null;
		}
		catch (SQLException ex) {
			ServerLoad.rollBack(connection);
			throw ex;
		}
	}

}
