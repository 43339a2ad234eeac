package dev.tidemark.history.backfill;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.history.rollout.BackfillState;
import java.util.Locale;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.Severity;
import dev.tidemark.sql.Operators;

/**
 * Reads rows of the table of backfills.
 */
final class BackfillReads {

	private static final List<String> COLUMNS = List.of("version", "part", "kind", "description", "script", "checksum",
			"state", "reason", "pace_duty", "pace_rows", "pace_wal", "pace_target", "pace_size", "relation",
			"estimated_keys", "range_after", "range_up_to", "position", "done", "rows_done", "keys_done", "batches",
			"bad_rows", "bad_keys", "error_code", "error_message", "error_sqlstate", "error_server", "error_state",
			"error_remedy", "keys", "extract(epoch FROM started_at)", "extract(epoch FROM updated_at)",
			"extract(epoch FROM finished_at)", "instance");

	/** The states in which nobody works on it, and somebody may go on. */
	private static final Set<String> RESTING = Set.of("paused", "failed");

	static final String VERIFICATION = "verification";

	private final List<List<@Nullable String>> rows;

	BackfillReads(List<List<@Nullable String>> rows) {
		this.rows = rows;
	}

	static String query(String table, String where) {
		return Operators.qualified("SELECT " + String.join(", ", COLUMNS) + " FROM " + table + " " + where
				+ " ORDER BY version COLLATE \"C\", part");
	}

	/** Returns the query of several tables, whose rows say which one they are of. */
	static String query(List<String> tables) {
		StringJoiner query = new StringJoiner(" UNION ALL ", "", " ORDER BY 2");
		for (int i = 0; i < tables.size(); i++) {
			query.add("SELECT " + String.join(", ", COLUMNS) + ", " + i + " FROM " + tables.get(i));
		}
		return Operators.qualified(query.toString());
	}

	/** Returns which of several tables a row is of. */
	static int table(List<@Nullable String> row) {
		return Integer.parseInt(Objects.requireNonNull(row.get(COLUMNS.size())));
	}

	List<RecordedBackfill> all() {
		Map<String, List<List<@Nullable String>>> versions = new LinkedHashMap<>();
		this.rows
			.forEach((row) -> versions.computeIfAbsent(text(row, "version"), (version) -> new ArrayList<>()).add(row));
		return versions.values()
			.stream()
			.filter((rows) -> text(rows.get(0), "part").equals("0"))
			.map((rows) -> backfill(rows.get(0), rows.subList(1, rows.size())))
			.sorted((one, other) -> one.record().version().compareTo(other.record().version()))
			.toList();
	}

	private static RecordedBackfill backfill(List<@Nullable String> head, List<List<@Nullable String>> rows) {
		List<RecordedRange> ranges = rows.stream().map(BackfillReads::range).toList();
		boolean untouched = value(head, "relation") == null
				|| (RESTING.contains(text(head, "state")) && ranges.stream().noneMatch(RecordedRange::isTouched));
		return new RecordedBackfill(
				record(value(head, "version"), value(head, "script"), value(head, "checksum"), value(head, "state"),
						untouched),
				text(head, "description"), value(head, "relation"), TextArray.read(value(head, "keys")),
				number(head, "estimated_keys"), value(head, "reason"), pace(head), problem(head),
				time(head, "started_at"), updated(head, rows), time(head, "finished_at"), value(head, "instance"),
				ranges);
	}

	/** Batches leave the first row alone, so that a person may write it meanwhile. */
	private static @Nullable Instant updated(List<@Nullable String> head, List<List<@Nullable String>> ranges) {
		Instant updated = time(head, "updated_at");
		for (List<@Nullable String> range : ranges) {
			Instant other = time(range, "updated_at");
			if (updated == null || (other != null && other.isAfter(updated))) {
				updated = other;
			}
		}
		return updated;
	}

	static BackfillRecord record(@Nullable String version, @Nullable String script, @Nullable String checksum,
			@Nullable String state, boolean untouched) {
		return new BackfillRecord(MigrationVersion.parse(Objects.requireNonNull(version)).orElseThrow(),
				Objects.requireNonNull(script), Objects.requireNonNull(checksum), state(Objects.requireNonNull(state)),
				untouched);
	}

	private static BackfillState state(String word) {
		try {
			return BackfillState.valueOf(word.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_RECORD, null,
					"A backfill is in the state " + word + ", which this version does not know.",
					"Use the version of Tidemark that wrote it, or a newer one."));
		}
	}

	private static RecordedPace pace(List<@Nullable String> row) {
		String duty = value(row, "pace_duty");
		Long size = number(row, "pace_size");
		return new RecordedPace((duty != null) ? Double.valueOf(duty) : null, number(row, "pace_rows"),
				number(row, "pace_wal"), number(row, "pace_target"), (size != null) ? size.intValue() : null);
	}

	private static @Nullable Problem problem(List<@Nullable String> row) {
		String code = value(row, "error_code");
		if (code == null) {
			return null;
		}
		String server = value(row, "error_server");
		ServerError error = (server != null)
				? new ServerError(text(row, "error_sqlstate"), server, null, null, null, null, null, null) : null;
		return new Problem(code(code), Severity.ERROR, text(row, "error_message"), null, error,
				text(row, "error_state"), text(row, "error_remedy"));
	}

	/** A newer version may have codes of its own. */
	private static ErrorCode code(String code) {
		for (ErrorCode one : ErrorCode.values()) {
			if (one.code().equals(code)) {
				return one;
			}
		}
		return ErrorCode.BACKFILL_FAILED;
	}

	private static RecordedRange range(List<@Nullable String> row) {
		return new RecordedRange(Integer.parseInt(text(row, "part")), text(row, "kind").equals(VERIFICATION),
				text(row, "relation"), TextArray.read(value(row, "range_after")),
				Objects.requireNonNull(TextArray.read(value(row, "range_up_to"))),
				TextArray.read(value(row, "position")), text(row, "done").equals("t"),
				new RecordedRange.Counts(Long.parseLong(text(row, "rows_done")), Long.parseLong(text(row, "keys_done")),
						Long.parseLong(text(row, "batches")), Long.parseLong(text(row, "bad_rows"))),
				Objects.requireNonNull(TextArray.read(value(row, "bad_keys")))
					.stream()
					.map(RecordedBadRow::of)
					.toList());
	}

	private static @Nullable String value(List<@Nullable String> row, String column) {
		int place = COLUMNS.indexOf(column);
		return row.get((place >= 0) ? place : COLUMNS.indexOf("extract(epoch FROM " + column + ")"));
	}

	private static String text(List<@Nullable String> row, String column) {
		return Objects.requireNonNull(value(row, column), column);
	}

	private static @Nullable Long number(List<@Nullable String> row, String column) {
		String value = value(row, column);
		return (value != null) ? Long.valueOf(value) : null;
	}

	private static @Nullable Instant time(List<@Nullable String> row, String column) {
		String value = value(row, column);
		return (value != null) ? Instant.ofEpochMilli(Math.round(Double.parseDouble(value) * 1000)) : null;
	}

}
