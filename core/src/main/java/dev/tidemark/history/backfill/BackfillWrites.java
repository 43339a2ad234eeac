package dev.tidemark.history.backfill;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.sql.StringLiteral;

/**
 * Writes the table of backfills. What it returns is sent together with what it tells of,
 * in one transaction, so that both are there or neither is. Each statement fails with a
 * division by zero where the row is not as it is expected to be.
 *
 * @since 0.1.0
 */
public final class BackfillWrites {

	private static final String NOW = "pg_catalog.clock_timestamp()";

	private final String table;

	BackfillWrites(String table) {
		this.table = table;
	}

	/**
	 * Returns the statement that records a backfill which has not begun.
	 * @param version which one
	 * @param description its description
	 * @param script its file
	 * @param checksum the checksum of its text
	 * @param state its state
	 * @param reason why a person has decided so, or {@code null}
	 * @return the statement; it fails if there is a record
	 */
	public String insert(MigrationVersion version, String description, String script, String checksum,
			BackfillState state, @Nullable String reason) {
		return "INSERT INTO " + this.table
				+ " (version, part, kind, description, script, checksum, state, reason, updated_at) VALUES ("
				+ quote(version.toString()) + ", 0, 'backfill', " + quote(description) + ", " + quote(script) + ", "
				+ quote(checksum) + ", " + quote(state.toString()) + ", " + quote(reason) + ", " + NOW + ")";
	}

	/**
	 * Returns the statements by which a backfill begins with another text.
	 * @param version which one
	 * @param description its description
	 * @param script its file
	 * @param checksum the checksum of its text
	 * @return the statements; what has been walked meanwhile stays
	 */
	public String renew(MigrationVersion version, String description, String script, String checksum) {
		return "DELETE FROM " + this.table + " WHERE version OPERATOR(pg_catalog.=) " + quote(version.toString())
				+ " AND part OPERATOR(pg_catalog.>) 0 AND batches OPERATOR(pg_catalog.=) 0"
				+ " AND keys_done OPERATOR(pg_catalog.=) 0 AND NOT done; UPDATE " + this.table + " SET description = "
				+ quote(description) + ", script = " + quote(script) + ", checksum = " + quote(checksum)
				+ ", relation = NULL, keys = NULL, estimated_keys = NULL, started_at = NULL" + where(version, 0);
	}

	/**
	 * Returns the statements that record what a backfill walks over.
	 * @param version which one
	 * @param relation the table that it walks
	 * @param keys the columns that it walks by
	 * @param estimatedKeys how many keys there are, as the server estimates
	 * @param ranges its ranges
	 * @return the statements
	 */
	public String ranges(MigrationVersion version, String relation, List<String> keys, @Nullable Long estimatedKeys,
			List<RecordedRange> ranges) {
		String rows = ranges.stream()
			.map((range) -> "(" + quote(version.toString()) + ", " + range.part() + ", "
					+ (range.verification() ? "'" + BackfillReads.VERIFICATION + "'" : "'range'") + ", "
					+ quote(range.relation()) + ", " + TextArray.sql(range.after()) + ", " + TextArray.sql(range.upTo())
					+ ")")
			.collect(Collectors.joining(", "));
		return "UPDATE " + this.table + " SET relation = " + quote(relation) + ", keys = " + TextArray.sql(keys)
				+ ", estimated_keys = " + ((estimatedKeys != null) ? estimatedKeys : "estimated_keys")
				+ ", started_at = COALESCE(started_at, " + NOW + "), updated_at = " + NOW + where(version, 0)
				+ (ranges.isEmpty() ? "" : "; INSERT INTO " + this.table
						+ " (version, part, kind, relation, range_after, range_up_to) VALUES " + rows);
	}

	/**
	 * Returns the statement that forgets backfills, as if they had never begun.
	 * @param versions which ones
	 * @return the statement
	 */
	public String forget(Collection<MigrationVersion> versions) {
		return "DELETE FROM " + this.table + " WHERE version OPERATOR(pg_catalog.=) ANY ("
				+ TextArray.sql(versions.stream().map(MigrationVersion::toString).toList()) + ")";
	}

	/** Returns the statement that forgets what was verified. */
	public String withoutVerification(MigrationVersion version) {
		return "DELETE FROM " + this.table + " WHERE version OPERATOR(pg_catalog.=) " + quote(version.toString())
				+ " AND kind OPERATOR(pg_catalog.=) '" + BackfillReads.VERIFICATION + "'";
	}

	/**
	 * Returns the statement that records a batch.
	 * @param version which backfill
	 * @param range the range as it was before
	 * @param position the last key of the batch
	 * @param counts what the batch did
	 * @param bad the row that was left out, or {@code null}
	 * @return the statement; it fails if somebody else has moved the position
	 */
	public String move(MigrationVersion version, RecordedRange range, List<String> position,
			RecordedRange.Counts counts, @Nullable RecordedBadRow bad) {
		List<String> old = range.position();
		return guarded("UPDATE " + this.table + " SET position = " + TextArray.sql(position) + ", done = "
				+ position.equals(range.upTo()) + plus("rows_done", counts.rows()) + plus("keys_done", counts.keys())
				+ plus("batches", counts.batches()) + plus("bad_rows", counts.badRows())
				+ ((bad != null && range.namesMore())
						? ", bad_keys = bad_keys OPERATOR(pg_catalog.||) " + TextArray.sql(List.of(bad.text())) : "")
				+ ", updated_at = " + NOW + where(version, range.part()) + " AND NOT done AND position "
				+ ((old != null) ? "OPERATOR(pg_catalog.=) " + TextArray.sql(old) : "IS NULL"));
	}

	/** Returns the statement that records that a range has nothing left. */
	public String done(MigrationVersion version, RecordedRange range) {
		return move(version, range, range.upTo(), RecordedRange.Counts.NONE, null);
	}

	/**
	 * Returns the statement that records another state.
	 * @param version which backfill
	 * @param from the states of which it has to be in one
	 * @param to the state from now on
	 * @param reason why a person has decided so; {@code null} to leave what it says
	 * @return the statement; it fails if the backfill is in another state
	 */
	public String state(MigrationVersion version, Collection<BackfillState> from, BackfillState to,
			@Nullable String reason) {
		return guarded(update(version, to) + ((reason != null) ? ", reason = " + quote(reason) : "")
				+ ", error_code = NULL, error_message = NULL,"
				+ " error_sqlstate = NULL, error_server = NULL, error_state = NULL, error_remedy = NULL"
				+ where(version, 0) + in(from));
	}

	/**
	 * Returns the statement that records the end by a problem.
	 * @param version which backfill
	 * @param from the states of which it has to be in one
	 * @param to the state from now on
	 * @param problem why
	 * @return the statement; it fails if the backfill is in another state
	 */
	public String failure(MigrationVersion version, Collection<BackfillState> from, BackfillState to, Problem problem) {
		ServerError server = problem.server();
		return guarded(update(version, to) + ", error_code = " + quote(problem.code().code()) + ", error_message = "
				+ quote(problem.what()) + ", error_sqlstate = " + quote((server != null) ? server.sqlState() : null)
				+ ", error_server = " + quote((server != null) ? server.message() : null) + ", error_state = "
				+ quote(problem.state()) + ", error_remedy = " + quote(problem.remedy()) + where(version, 0)
				+ in(from));
	}

	private String update(MigrationVersion version, BackfillState to) {
		boolean ends = switch (to) {
			case FAILED, CANCELLED, FINISHED, UNVERIFIED -> true;
			case WAITING, RUNNING, PAUSED, VERIFYING -> false;
		};
		return "UPDATE " + this.table + " SET state = " + quote(to.toString()) + ", updated_at = " + NOW
				+ ", finished_at = " + (ends ? NOW : "NULL");
	}

	/** Returns the statement that records another pace. */
	public String pace(MigrationVersion version, RecordedPace pace, String reason) {
		return guarded("UPDATE " + this.table + " SET reason = " + quote(reason) + set("pace_duty", pace.duty())
				+ set("pace_rows", pace.maxRowsPerSecond()) + set("pace_wal", pace.maxWalPerSecond())
				+ set("pace_target", pace.targetMillis()) + set("pace_size", pace.maxSize()) + where(version, 0));
	}

	private static String set(String column, @Nullable Number value) {
		return (value != null) ? ", " + column + " = " + value : "";
	}

	/** Returns the statement that records who works on a backfill. */
	public String instance(MigrationVersion version, String instance) {
		return guarded("UPDATE " + this.table + " SET instance = " + quote(instance) + where(version, 0));
	}

	private static String plus(String column, long more) {
		return ", " + column + " = " + column + " OPERATOR(pg_catalog.+) " + more;
	}

	private static String where(MigrationVersion version, int part) {
		return " WHERE version OPERATOR(pg_catalog.=) " + quote(version.toString())
				+ " AND part OPERATOR(pg_catalog.=) " + part;
	}

	private static String in(Collection<BackfillState> states) {
		return " AND state OPERATOR(pg_catalog.=) ANY ("
				+ TextArray.sql(states.stream().map(BackfillState::toString).toList()) + ")";
	}

	private static String guarded(String update) {
		return "WITH written AS (" + update
				+ " RETURNING 1) SELECT 1 OPERATOR(pg_catalog./) pg_catalog.count(*) FROM written";
	}

	private static String quote(@Nullable String text) {
		return (text != null) ? StringLiteral.quote(text) : "NULL";
	}

}
