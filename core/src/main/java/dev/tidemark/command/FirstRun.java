package dev.tidemark.command;

import java.sql.SQLException;

import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.HistoryWriter;
import dev.tidemark.plan.Plan;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.session.Session;

/**
 * The run that began in a schema which held nothing, until it has come to its end. What
 * it has left half-way, the next run goes on with as a part of it. A row that it writes
 * says so, and the last one does not: so it ends in the commit of its last migration, or
 * with the row of anybody else.
 */
final class FirstRun {

	private FirstRun() {
	}

	/** Returns the same run, whose rows say of the first run what is true of it. */
	static RunContext during(RunContext context, Plan plan, History history) throws SQLException {
		int rows = plan.marks().size() + plan.steps().size();
		boolean told = plan.first() && rows > 0 && (!history.exists() || history.isInFirstRun()
				|| context.table().layout().tellsOfFirstRun(context.session().connection()));
		return context
			.with(told ? context.table().writerOfFirstRun(context.session().connection(), history.lastRank() + rows)
					: context.table().writer(context.session().connection()));
	}

	/** Returns what writes the decision of a person, which does not end the first run. */
	static HistoryWriter writer(Session session, HistoryTable table, History history) throws SQLException {
		return history.isInFirstRun() ? table.writerOfFirstRun(session.connection(), Integer.MAX_VALUE)
				: table.writer(session.connection());
	}

	/** Says that it has come to its end, where nothing was left that could have. */
	static void end(RunContext context, History before, RunSoFar soFar) throws SQLException {
		if (!before.isInFirstRun() || !soFar.recorded().isEmpty()) {
			return;
		}
		HistoryTable table = context.table();
		try {
			context.session().write(table.endFirstRun(before.lastRank()));
		}
		catch (SQLException ex) {
			throw OwnWriteProblems.whileWriting(context.session(), table, "ending the first run", ex,
					HistoryEvidence.ofEndedFirstRun(table, before.lastRank()), soFar.changes().rolledBack());
		}
	}

}
