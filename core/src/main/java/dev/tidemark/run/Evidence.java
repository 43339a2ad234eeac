package dev.tidemark.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.history.HistoryTable;

/**
 * What shows, once a server process is gone, whether it has committed its work.
 *
 * @param query a query for the state of the work and, where it has them, the number of
 * its statements that are done; no row where there is nothing of it. {@code null} where
 * no commit was sent
 */
record Evidence(@Nullable String query) {

	private static final Set<String> COMMITTED = Set.of("applied", "undone", "committed");

	private static final String UNDEFINED_TABLE = "42P01";

	private static final String INVALID_SCHEMA = "3F000";

	/** The row with which a run of a migration ends, and of which nobody else has one. */
	static Evidence ofRun(HistoryTable table, int rank, String deploymentId) {
		return new Evidence(table.runOf(rank, deploymentId));
	}

	/** Any row of a rank, such as that of a decision. */
	static Evidence ofRow(HistoryTable table, int rank, String deploymentId) {
		return new Evidence(table.rowOf(rank, deploymentId));
	}

	/** The history table itself. */
	static Evidence ofTable(HistoryTable table) {
		return new Evidence(table.existence());
	}

	/** What the server says of a transaction, or that it has changed nothing. */
	static Evidence ofTransaction(@Nullable String id) {
		return (id != null) ? new Evidence("SELECT pg_catalog.pg_xact_status('" + id + "'::pg_catalog.xid8), 0")
				: ofNothingSent();
	}

	/** No commit was sent, so nothing can be committed. */
	static Evidence ofNothingSent() {
		return new Evidence(null);
	}

	Outcome read(Connection connection, Outcome.Server server) throws SQLException {
		if (this.query == null) {
			return new Outcome.RolledBack(server, false, 0);
		}
		try (Statement statement = connection.createStatement();
				ResultSet results = HistoryTable.allRows(statement, this.query)) {
			if (!results.next()) {
				return new Outcome.RolledBack(server, false, 0);
			}
			return COMMITTED.contains(String.valueOf(results.getString(1))) ? new Outcome.Committed(server)
					: new Outcome.RolledBack(server, true, results.getInt(2));
		}
		catch (SQLException ex) {
			ServerError error = ServerError.of(ex);
			if (error.is(UNDEFINED_TABLE) || error.is(INVALID_SCHEMA)) {
				return new Outcome.RolledBack(server, false, 0);
			}
			throw ex;
		}
	}

}
