package dev.tidemark.run.step;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.session.Session;

/**
 * What the history says of the row of a run that goes on.
 *
 * @param row the row, or {@code null} if it is gone
 * @param later the last row that was added after it, of the same migration if there is
 * one, or {@code null}
 */
record OwnRow(@Nullable HistoryRow row, @Nullable HistoryRow later) {

	/**
	 * Reads the history.
	 * @param session a session that reads as our own writes do
	 * @param rank the rank of the row
	 * @param deploymentId the deployment whose row it has to be
	 * @param identity the migration
	 */
	static OwnRow read(Session session, HistoryTable table, int rank, String deploymentId, Identity identity)
			throws SQLException {
		List<HistoryRow> rows = new ArrayList<>();
		table.readRows(session.connection(), rows);
		HistoryRow own = rows.stream()
			.filter((row) -> row.entry().rank() == rank && row.author().deploymentId().equals(deploymentId))
			.findFirst()
			.orElse(null);
		HistoryRow later = rows.stream()
			.filter((row) -> row.entry().rank() > rank)
			.max(Comparator.comparing((HistoryRow row) -> row.entry().identity().equals(identity))
				.thenComparing((row) -> row.entry().rank()))
			.orElse(null);
		return new OwnRow(own, later);
	}

	/** Tells whether nobody else has written anything about the run, or after it. */
	boolean isUndisturbed() {
		return this.later == null && isRunning();
	}

	boolean isRunning() {
		return this.row != null && this.row.entry().state() == MigrationState.RUNNING;
	}

}
