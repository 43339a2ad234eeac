package dev.tidemark.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.sql.PlainText;

/**
 * Reads rows of a history table.
 */
final class HistoryRows {

	static final String ENTRY_COLUMNS = "rank, kind, version, description, script, checksum, state,"
			+ " statements_total, statements_done, journal, phase";

	static final String ROW_COLUMNS = ENTRY_COLUMNS + ", started_at, finished_at, installed_by, application,"
			+ " application_version, instance, tool_version, deployment_id, error_code, error_message,"
			+ " error_sqlstate, error_line, error_statement, note, tag";

	/** Tables that an older version has made may lack them. */
	static final String RESTORE_COLUMNS = "restore_point, wal_position";

	/** Of rows that were adopted. */
	static final String ADOPTED_COLUMNS = "adopted_from, adopted_values, adopted_rank";

	/** Whether the first run of the database goes on behind the row. */
	static final String FIRST_RUN = "first_run";

	static final String READ_COLUMNS = ROW_COLUMNS + ", " + ifThere("restore_point") + ", " + ifThere("wal_position")
			+ ", adopted_from, (" + ifThere("adopted_rank") + ")::pg_catalog.int4, ARRAY(SELECT pg_catalog.unnest("
			+ "ARRAY[v.key, v.value]) FROM pg_catalog.jsonb_each_text(adopted_values) AS v)";

	private static final Set<String> KINDS = Set.of("versioned", "baseline", "repeatable", "undo");

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

	/**
	 * Returns the column that tells with each row what the last one of the table says of
	 * the first run: nothing if the table does not have that.
	 */
	static String firstRun(HistoryName name) {
		return "(SELECT " + ifThere(FIRST_RUN) + " FROM " + name.qualified() + " AS h ORDER BY rank DESC LIMIT 1) AS "
				+ FIRST_RUN;
	}

	/** Tells whether the column says that the first run goes on behind the row. */
	static boolean isOfFirstRun(@Nullable String value) {
		return "true".equals(value);
	}

	HistoryRow row(ResultSet results) throws SQLException {
		HistoryRow.Author author = new HistoryRow.Author(results.getString(14), results.getString(15),
				results.getString(16), results.getString(17), results.getString(18), results.getString(19),
				results.getString(26), restorePoint(results));
		String code = results.getString(20);
		HistoryRow.Failure failure = (code != null) ? new HistoryRow.Failure(code, results.getString(21),
				results.getString(22), results.getObject(23, Integer.class), results.getString(24)) : null;
		Instant read = instant(results, 12);
		Instant started = (read != null) ? read : Instant.EPOCH;
		Instant finished = instant(results, 13);
		return new HistoryRow(entry(results), started, finished, author, failure, results.getString(25),
				original(results, started, finished, author.installedBy()));
	}

	private static @Nullable RestorePoint restorePoint(ResultSet results) throws SQLException {
		String position = results.getString(28);
		return (position != null) ? new RestorePoint(results.getString(27), position) : null;
	}

	private static @Nullable Original original(ResultSet results, Instant started, @Nullable Instant finished,
			String user) throws SQLException {
		String tool = results.getString(29);
		if (tool == null) {
			return null;
		}
		@Nullable String[] pairs = (String[]) results.getArray(31).getArray();
		Map<String, @Nullable String> values = new HashMap<>();
		for (int i = 0; i < pairs.length; i += 2) {
			values.put(String.valueOf(pairs[i]), pairs[i + 1]);
		}
		return new Original(tool, results.getObject(30, Integer.class), started, finished, user, values);
	}

	HistoryEntry entry(ResultSet results) throws SQLException {
		int rank = results.getInt(1);
		NewerRecord newer = newer(rank, results);
		int total = results.getInt(8);
		int done = results.getInt(9);
		if (newer == null && (done < 0 || done > total)) {
			throw edited(rank, "statements_done " + done + " of " + total);
		}
		MigrationState state = (newer == null)
				? MigrationState.recorded(text(rank, results, 7, "state")).orElse(MigrationState.UNKNOWN)
				: MigrationState.UNKNOWN;
		return new HistoryEntry(rank, identity(rank, results),
				Phase.parse(text(rank, results, 11, "phase")).orElse(Phase.EXPAND),
				text(rank, results, 4, "description"), text(rank, results, 5, "script"), results.getString(6), state,
				total, done, results.getString(10), UNDO.equals(results.getString(2)), newer);
	}

	/**
	 * A backfill has a row when it has ended: how far one has come stands elsewhere, and
	 * in a database that held nothing it is one transaction.
	 */
	private @Nullable NewerRecord newer(int rank, ResultSet results) throws SQLException {
		String kind = text(rank, results, 2, "kind");
		String recorded = text(rank, results, 7, "state");
		String phase = text(rank, results, 11, "phase");
		MigrationState state = MigrationState.recorded(recorded).orElse(null);
		boolean done = state != null && state.isDone();
		Phase known = Phase.parse(phase).orElse(null);
		StringJoiner words = new StringJoiner(" and ");
		if (!KINDS.contains(kind)) {
			words.add("the kind '" + kind + "'");
		}
		if (known == null || (known == Phase.BACKFILL && isGoingOn(state))) {
			words.add("the phase '" + phase + "'");
		}
		if (state == null) {
			words.add("the state '" + recorded + "'");
		}
		return (words.length() > 0) ? new NewerRecord(PlainText.line(words.toString()), done) : null;
	}

	private static boolean isGoingOn(@Nullable MigrationState state) {
		return state == MigrationState.RUNNING || state == MigrationState.INTERRUPTED;
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
		if (!KINDS.contains(kind)) {
			return ofUnknownKind(rank, results);
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

	/** Whatever it is, no file may run that could be the same migration. */
	private Identity ofUnknownKind(int rank, ResultSet results) throws SQLException {
		try {
			return new Identity.Versioned(MigrationVersion.of(String.valueOf(results.getString(3))));
		}
		catch (IllegalArgumentException ex) {
			return new Identity.Repeatable(text(rank, results, 4, "description"));
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
