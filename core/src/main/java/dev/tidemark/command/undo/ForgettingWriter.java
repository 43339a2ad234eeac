package dev.tidemark.command.undo;

import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.HistoryWriter;
import dev.tidemark.history.MigrationState;

/**
 * Forgets backfills in the same transaction in which the history learns that something is
 * undone.
 *
 * @param writer writes the history
 * @param forget the statement that forgets them
 */
record ForgettingWriter(HistoryWriter writer, String forget) implements HistoryWriter {

	@Override
	public String insert(HistoryRow row) {
		return with(row, this.writer.insert(row));
	}

	@Override
	public String progress(int rank, int statementsDone, String journal) {
		return this.writer.progress(rank, statementsDone, journal);
	}

	@Override
	public String finish(HistoryRow row) {
		return with(row, this.writer.finish(row));
	}

	@Override
	public String fail(HistoryRow row) {
		return this.writer.fail(row);
	}

	@Override
	public String insertContinuing(HistoryRow row, int interrupted) {
		return with(row, this.writer.insertContinuing(row, interrupted));
	}

	private String with(HistoryRow row, String write) {
		return (row.entry().state() == MigrationState.UNDONE) ? this.forget + "; " + write : write;
	}

}
