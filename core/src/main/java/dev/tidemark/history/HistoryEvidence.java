package dev.tidemark.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ServerError;
import dev.tidemark.session.outcome.CommitEvidence;
import dev.tidemark.session.outcome.Outcome;
import dev.tidemark.session.outcome.PreparedTransaction;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.StringLiteral;

/**
 * What shows, once a server process is gone, whether it has committed its work.
 *
 * @param query a query for the state of the work and, where it has them, the number of
 * its statements that are done; no row where there is nothing of it. People are shown it,
 * so it names its operators plainly. {@code null} where no commit was sent
 * @param byId whether the query asks for a transaction by its id, which another server,
 * or the same one after a crash, may have given to somebody else
 * @param table the history, if it is asked
 * @param later a query for what other deployments have recorded since, if it is
 * @since 0.1.0
 */
public record HistoryEvidence(@Nullable String query, boolean byId, @Nullable HistoryTable table,
		@Nullable String later) implements CommitEvidence {

	private static final Set<String> COMMITTED = Set.of("applied", "undone", "committed");

	/** The states of a transaction that do not change any more. */
	private static final Set<String> ENDED = Set.of("committed", "aborted");

	private static final String UNDEFINED_TABLE = "42P01";

	private static final String INVALID_SCHEMA = "3F000";

	/** The row with which a run of a migration ends, and of which nobody else has one. */
	public static HistoryEvidence ofRun(HistoryTable table, int rank, String deploymentId) {
		return ofRun(table, rank, rank, deploymentId);
	}

	/**
	 * The row with which a run of several migrations ends.
	 * @param first the rank of their first row
	 */
	public static HistoryEvidence ofRun(HistoryTable table, int first, int rank, String deploymentId) {
		return new HistoryEvidence(table.outcome().runOf(rank, deploymentId), false, table,
				table.outcome().othersFrom(first, deploymentId));
	}

	/** Any row of a rank, such as that of a decision. */
	public static HistoryEvidence ofRow(HistoryTable table, int rank, String deploymentId) {
		return new HistoryEvidence(table.outcome().rowOf(rank, deploymentId), false, table,
				table.outcome().othersFrom(rank, deploymentId));
	}

	/** That a row says that the first run has come to its end. */
	public static HistoryEvidence ofEndedFirstRun(HistoryTable table, int rank) {
		return new HistoryEvidence(table.outcome().firstRunEnded(rank), false, table, null);
	}

	/** The history table itself, and schemas that are made together with it. */
	public static HistoryEvidence ofTable(HistoryTable table, Set<String> schemas) {
		StringBuilder query = new StringBuilder(table.outcome().existence());
		schemas.forEach((schema) -> query.append(" AND pg_catalog.to_regnamespace(")
			.append(StringLiteral.quote(Identifiers.quote(schema)))
			.append(") IS NOT NULL"));
		return new HistoryEvidence(query.toString(), false, table, null);
	}

	/** That the history table is gone. */
	public static HistoryEvidence ofNoTable(HistoryTable table) {
		return new HistoryEvidence(table.outcome().absence(), false, null, null);
	}

	/** What the server says of a transaction, or that it has changed nothing. */
	public static HistoryEvidence ofTransaction(@Nullable String id) {
		return (id != null) ? new HistoryEvidence("SELECT pg_catalog.pg_xact_status('" + id
				+ "'::pg_catalog.xid8), 0, (" + PreparedTransaction.query(id) + ") AS prepared", true, null, null)
				: ofNothingSent();
	}

	/** No commit was sent, so nothing can be committed. */
	public static HistoryEvidence ofNothingSent() {
		return new HistoryEvidence(null, false, null, null);
	}

	@Override
	public String meaning() {
		if (this.table == null) {
			return "";
		}
		return " No row there, or no such table, means that nothing of it is committed.";
	}

	@Override
	public String lookForLost() {
		return " If the server has crashed, or another one answers, it may have lost versions too of which this run has"
				+ " told that they are applied: look for them in the history"
				+ ((this.table != null) ? " (" + this.table.outcome().overview() + ";)." : ".");
	}

	private @Nullable Outcome others(Connection connection, Outcome.Server server) throws SQLException {
		if (this.later == null) {
			return null;
		}
		try (Statement statement = connection.createStatement();
				ResultSet results = HistoryTable.allRows(statement, Operators.qualified(this.later))) {
			Set<String> deployments = new LinkedHashSet<>();
			List<String> steps = new ArrayList<>();
			while (results.next()) {
				deployments.add(PlainText.line(results.getString(1)));
				steps.add(PlainText.line(results.getString(2)));
			}
			return steps.isEmpty() ? null : new Outcome.Overtaken(server, deployments, steps);
		}
	}

	@Override
	public @Nullable Outcome read(Connection connection, Outcome.Server server) throws SQLException {
		if (this.query == null) {
			return new Outcome.RolledBack(server, false, 0);
		}
		try (Statement statement = connection.createStatement();
				ResultSet results = HistoryTable.allRows(statement, Operators.qualified(this.query))) {
			if (!results.next()) {
				Outcome others = others(connection, server);
				return (others != null) ? others : new Outcome.RolledBack(server, false, 0);
			}
			String state = String.valueOf(results.getString(1));
			String prepared = this.byId ? results.getString(3) : null;
			if (prepared != null && server == Outcome.Server.SAME) {
				return new Outcome.Prepared(new PreparedTransaction(prepared));
			}
			if (this.byId && (server != Outcome.Server.SAME || !ENDED.contains(state))) {
				return null;
			}
			if (COMMITTED.contains(state)) {
				return new Outcome.Committed(server);
			}
			Outcome back = new Outcome.RolledBack(server, true, results.getInt(2));
			Outcome others = others(connection, server);
			return (others != null) ? others : back;
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
