package dev.tidemark.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.Identity;
import dev.tidemark.source.MigrationVersion;

/**
 * Reads rows of a history table.
 */
final class HistoryRows {

	static final String ENTRY_COLUMNS = "rank, kind, version, description, script, checksum, state,"
			+ " statements_total, statements_done, journal";

	static final String ROW_COLUMNS = ENTRY_COLUMNS + ", started_at, finished_at, installed_by, application,"
			+ " application_version, instance, tool_version, deployment_id, error_code, error_message,"
			+ " error_sqlstate, error_line, error_statement, note, tag";

	/** Tables that an older version has made may lack them. */
	static final String RESTORE_COLUMNS = "restore_point, wal_position";

	static final String READ_COLUMNS = ROW_COLUMNS + ", " + ifThere("restore_point") + ", "
			+ ifThere("wal_position");

	/** The kind of a row that tells of an undo. */
	static final String UNDO = "undo";

	private final HistoryName name;

	HistoryRows(HistoryName name) {
		this.name = name;
	}

	/** Reads a column of the row, or nothing if the table does not have it. */
	private static String ifThere(String column) {
		return "pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(h), '" + column + "')";
	}

	HistoryRow row(ResultSet results) throws SQLException {
		HistoryRow.Author author = new HistoryRow.Author(results.getString(13), results.getString(14),
				results.getString(15), results.getString(16), results.getString(17), results.getString(18),
				results.getString(25), restorePoint(results));
		String code = results.getString(19);
		HistoryRow.Failure failure = (code != null) ? new HistoryRow.Failure(code, results.getString(20),
				results.getString(21), results.getObject(22, Integer.class), results.getString(23)) : null;
		Instant started = instant(results, 11);
		return new HistoryRow(entry(results), (started != null) ? started : Instant.EPOCH, instant(results, 12), author,
				failure, results.getString(24));
	}

	private static @Nullable RestorePoint restorePoint(ResultSet results) throws SQLException {
		String position = results.getString(27);
		return (position != null) ? new RestorePoint(results.getString(26), position) : null;
	}

	HistoryEntry entry(ResultSet results) throws SQLException {
		int rank = results.getInt(1);
		String state = text(rank, results, 7, "state");
		int total = results.getInt(8);
		int done = results.getInt(9);
		if (done < 0 || done > total) {
			throw edited(rank, "statements_done " + done + " of " + total);
		}
		return new HistoryEntry(rank, identity(rank, results), text(rank, results, 4, "description"),
				text(rank, results, 5, "script"), results.getString(6),
				MigrationState.parse(state).orElseThrow(() -> edited(rank, "state '" + state + "'")), total, done,
				results.getString(10), UNDO.equals(results.getString(2)));
	}

	private String text(int rank, ResultSet results, int column, String name) throws SQLException {
		String text = results.getString(column);
		if (text == null) {
			throw edited(rank, name + " NULL");
		}
		return text.contains("\\") ? StoredText.of(results.getStatement().getConnection()).read(text) : text;
	}

	private Identity identity(int rank, ResultSet results) throws SQLException {
		String kind = text(rank, results, 2, "kind");
		if (kind.equals("repeatable")) {
			return new Identity.Repeatable(text(rank, results, 4, "description"));
		}
		if (!kind.equals("versioned") && !kind.equals("baseline") && !kind.equals(UNDO)) {
			throw edited(rank, "kind '" + kind + "'");
		}
		String version = text(rank, results, 3, "version");
		try {
			MigrationVersion number = MigrationVersion.of(version);
			return kind.equals("baseline") ? new Identity.Baseline(number) : new Identity.Versioned(number);
		}
		catch (IllegalArgumentException ex) {
			throw edited(rank, "version '" + version + "'");
		}
	}

	private TidemarkException edited(int rank, String value) {
		return new TidemarkException(Problem.error(ErrorCode.HISTORY_LAYOUT, null,
				"The row with rank " + rank + " of " + this.name.qualified() + " has the unknown " + value + ".",
				"Use the version of Tidemark that wrote the row; if somebody edited it, restore its value."));
	}

	private static @Nullable Instant instant(ResultSet results, int column) throws SQLException {
		OffsetDateTime value = results.getObject(column, OffsetDateTime.class);
		return (value != null) ? value.toInstant() : null;
	}

}
