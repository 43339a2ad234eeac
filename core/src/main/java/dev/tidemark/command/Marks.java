package dev.tidemark.command;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryEvidence;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.plan.Plan;
import dev.tidemark.plan.RecordedDecision;
import dev.tidemark.run.failure.OwnWriteProblems;
import dev.tidemark.run.step.RunContext;
import dev.tidemark.session.outcome.ConnectionProblems;

/**
 * Writes down what a person has decided and nothing runs for.
 */
final class Marks {

	private static final Logger logger = PlainLogger.of(Marks.class);

	private final Engine engine;

	private final RunSoFar soFar;

	Marks(Engine engine, RunSoFar soFar) {
		this.engine = engine;
		this.soFar = soFar;
	}

	/**
	 * Writes down what a person has decided, all or nothing. Returns whether it is there;
	 * if not, the history has to be read again.
	 */
	boolean record(RunContext context, Plan plan, int lastRank) throws SQLException {
		if (plan.marks().isEmpty()) {
			return true;
		}
		Instant now = this.engine.clock().instant();
		StringBuilder sql = new StringBuilder();
		int rank = lastRank;
		List<HistoryEntry> entries = new ArrayList<>();
		for (RecordedDecision mark : plan.marks()) {
			HistoryRow row = mark.row(++rank, context.author(), now);
			entries.add(row.entry());
			sql.append(context.writer().insert(row)).append("; ");
		}
		HistoryEvidence evidence = HistoryEvidence.ofRow(context.table(), rank, context.author().deploymentId());
		String doing = "recording " + plan.marks();
		try {
			context.session().write(sql.toString());
		}
		catch (SQLException ex) {
			if (context.table().isConflict(ServerError.of(ex))) {
				context.session().rollBack();
				return false;
			}
			throw OwnWriteProblems.whileWriting(context.session(), context.table(), doing, ex, evidence,
					this.soFar.changes().rolledBack());
		}
		catch (RuntimeException | Error ex) {
			throw ConnectionProblems.unexpected(context.session(), doing, ex, evidence,
					this.soFar.changes().rolledBack());
		}
		this.soFar.wrote(evidence);
		plan.marks().forEach((mark) -> this.soFar.changes().add(mark + " is recorded"));
		this.soFar.setLossy(false);
		this.soFar.recorded().addAll(entries);
		plan.marks().forEach((mark) -> log(mark, plan));
		return true;
	}

	private void log(RecordedDecision mark, Plan plan) {
		this.engine.info(logger, "Recorded {}: {}", mark, mark.reason());
		if (mark.state() == MigrationState.BASELINE) {
			List<String> covered = plan.entries()
				.stream()
				.filter((entry) -> entry.state() == MigrationState.BASELINE && entry.migration() != null)
				.map((entry) -> entry.identity() + " (" + entry.description() + ")")
				.toList();
			if (!covered.isEmpty()) {
				this.engine.info(logger, "{} {}: {}", counted(covered.size(), "version"),
						(covered.size() == 1) ? "counts as done and does not run" : "count as done and do not run",
						String.join(", ", covered));
			}
		}
	}

	/** Returns a number of things in words. */
	static String counted(int count, String noun) {
		return count + " " + noun + ((count != 1) ? "s" : "");
	}

}
