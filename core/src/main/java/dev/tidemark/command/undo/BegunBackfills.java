package dev.tidemark.command.undo;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.history.backfill.BackfillWrites;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.run.step.RunContext;

/**
 * Backfills that have begun, and that an undo stops and forgets. Whoever works on one
 * sees before the next batch that it is cancelled. A batch that goes on all the same
 * finds its record gone when it wants to commit, and is rolled back.
 */
final class BegunBackfills {

	private static final Logger logger = PlainLogger.of(BegunBackfills.class);

	private final BackfillWrites writes;

	private final List<BackfillRecord> backfills;

	/**
	 * Creates a stop.
	 * @param table the history
	 * @param backfills what to stop
	 */
	BegunBackfills(HistoryTable table, List<BackfillRecord> backfills) {
		this.writes = BackfillTable.of(table).writes();
		this.backfills = backfills;
	}

	/**
	 * Stops them, and returns the same run, which forgets them in the transaction in
	 * which it records the first undo.
	 */
	RunContext stop(RunContext context) throws SQLException {
		for (BackfillRecord backfill : this.backfills) {
			if (backfill.isUnfinished()) {
				context.session()
					.write(this.writes.state(backfill.version(), Set.of(BackfillState.values()),
							BackfillState.CANCELLED, "undo"));
				logger.info("Stopped the backfill of version {}, which is undone", backfill.version());
			}
		}
		String forget = this.writes.forget(this.backfills.stream().map(BackfillRecord::version).toList());
		return context.with(new ForgettingWriter(context.writer(), forget));
	}

}
