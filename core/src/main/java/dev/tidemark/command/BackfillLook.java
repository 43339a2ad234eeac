package dev.tidemark.command;

import java.sql.Connection;
import java.sql.SQLException;

import dev.tidemark.history.History;
import dev.tidemark.history.HistoryEntry;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.backfill.BackfillTable;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Phase;
import dev.tidemark.source.Sources;

/**
 * Looks at what the database says of backfills. Nobody does where none has ever begun.
 *
 * @since 0.1.0
 */
public final class BackfillLook {

	private BackfillLook() {
	}

	/**
	 * Return a history with what the database says of backfills.
	 * @param history the history
	 * @param connection an idle connection in auto-commit mode
	 * @param table the history table
	 * @return the history, the same one if no table tells of backfills
	 * @throws SQLException if the connection fails
	 */
	public static History with(History history, Connection connection, HistoryTable table) throws SQLException {
		String schema = history.database().schema();
		return (history.recordsBackfills() && schema != null)
				? history.with(BackfillTable.of(table.in(schema)).read(connection)) : history;
	}

	/**
	 * Return whether a plan without steps could say something else for it: where all
	 * backfills are done, a start asks no more than it would without them.
	 * @param history the history
	 * @param sources the files
	 * @return {@code false} if nobody has to look
	 */
	public static boolean isWorthwhile(History history, Sources sources) {
		if (history.recordsBackfills()) {
			for (Migration migration : sources.migrations()) {
				HistoryEntry entry = history.last(migration.identity());
				boolean left = migration.phase() != Phase.EXPAND && (entry == null || !entry.isDone());
				if (left || migration.identity().isBaseline()) {
					return true;
				}
			}
			// One has begun, none has ended, and no file is left of it.
			return history.last().stream().noneMatch((entry) -> entry.phase() == Phase.BACKFILL && entry.isDone());
		}
		return false;
	}

}
