package dev.tidemark.history;

import java.util.Map;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Writes the rows of a history table.
 */
final class HistoryWrites implements HistoryWriter {

	private static final String NULL = "NULL";

	private static final String TRANSACTION_TIME = Operators
		.qualified("::pg_catalog.timestamptz + (pg_catalog.clock_timestamp() - pg_catalog.now())");

	private final HistoryName name;

	private final StoredText storedText;

	/** The rank of the last row of the first run, 0 in any other one. */
	private final int lastOfFirstRun;

	/**
	 * Writes to a table of a database.
	 * @param name the table
	 * @param storedText what the database can hold
	 */
	HistoryWrites(HistoryName name, StoredText storedText) {
		this(name, storedText, 0);
	}

	/**
	 * Writes to a table of a database during its first run.
	 * @param name the table
	 * @param storedText what the database can hold
	 * @param lastOfFirstRun the rank of the last row of that run
	 */
	HistoryWrites(HistoryName name, StoredText storedText, int lastOfFirstRun) {
		this.name = name;
		this.storedText = storedText;
		this.lastOfFirstRun = lastOfFirstRun;
	}

	@Override
	public String insert(HistoryRow row) {
		HistoryEntry entry = row.entry();
		HistoryRow.Author author = row.author();
		HistoryRow.Failure failure = row.failure();
		StringJoiner values = new StringJoiner(", ");
		add(values, entry.rank(), entry.undo() ? HistoryRows.UNDO : entry.identity().kind(), entry.identity().version(),
				entry.description(), entry.script(), entry.checksum(), entry.state(), entry.statementsTotal(),
				entry.statementsDone(), entry.journal(), entry.phase(), row.started());
		values.add(finished(row));
		add(values, author.installedBy(), author.application(), author.applicationVersion(), author.instance(),
				author.toolVersion(), author.deploymentId());
		add(values, failureValues(failure));
		add(values, row.note(), author.tag());
		String columns = HistoryRows.ROW_COLUMNS;
		RestorePoint point = author.restorePoint();
		if (point != null) {
			add(values, point.name(), point.walPosition());
			columns += ", " + HistoryRows.RESTORE_COLUMNS;
		}
		Original original = row.original();
		if (original != null) {
			add(values, original.tool());
			values.add(json(original.values()));
			add(values, original.rank());
			columns += ", " + HistoryRows.ADOPTED_COLUMNS;
		}
		if (this.lastOfFirstRun > 0) {
			values.add(String.valueOf(!endsFirstRun(entry)));
			columns += ", " + HistoryRows.FIRST_RUN;
		}
		return "INSERT INTO " + this.name.qualified() + " (" + columns + ") VALUES (" + values + "); "
				+ Operators.qualified("SELECT 1 / pg_catalog.count(*) FROM " + this.name.qualified() + " WHERE (rank = "
						+ entry.rank() + ") AND (deployment_id = " + literal(author.deploymentId()) + ") AND "
						+ content(entry));
	}

	/** What has failed or is running may be tried once more, as a part of that run. */
	private boolean endsFirstRun(HistoryEntry entry) {
		return entry.rank() == this.lastOfFirstRun && entry.isOver();
	}

	/** The time of another tool is what it is. */
	private String finished(HistoryRow row) {
		if (row.finished() == null) {
			return NULL;
		}
		return (row.original() != null) ? literal(row.finished()) : literal(row.finished()) + TRANSACTION_TIME;
	}

	private String json(Map<String, @Nullable String> object) {
		StringJoiner keys = new StringJoiner(", ", "ARRAY[", "]::pg_catalog.text[]");
		StringJoiner values = new StringJoiner(", ", "ARRAY[", "]::pg_catalog.text[]");
		object.forEach((key, value) -> {
			add(keys, key);
			add(values, value);
		});
		return "pg_catalog.to_jsonb(pg_catalog.json_object(" + keys + ", " + values + "))";
	}

	/** What other runs go by. */
	private String content(HistoryEntry entry) {
		MigrationVersion version = entry.identity().version();
		return "(state = " + literal(entry.state()) + ") AND (kind = "
				+ literal(entry.undo() ? HistoryRows.UNDO : entry.identity().kind()) + ") AND (description = "
				+ literal(entry.description()) + ") AND (version "
				+ ((version != null) ? "= " + literal(version) : "IS NULL") + ") AND (statements_done = "
				+ entry.statementsDone() + ")";
	}

	@Override
	public String progress(int rank, int statementsDone, String journal) {
		return update(rank, "statements_done = " + statementsDone + ", journal = " + literal(journal),
				"(state = 'running') AND (statements_done = " + statementsDone + ")");
	}

	@Override
	public String finish(HistoryRow row) {
		StringJoiner values = new StringJoiner(", ");
		add(values, row.entry().state(), row.entry().statementsDone(), row.entry().journal(), row.finished());
		add(values, failureValues(row.failure()));
		return update(row.entry().rank(),
				"(state, statements_done, journal, finished_at, error_code, error_message,"
						+ " error_sqlstate, error_line, error_statement) = ROW (" + values + ")"
						+ (endsFirstRun(row.entry()) ? ", " + HistoryRows.FIRST_RUN + " = false" : ""),
				"(state = " + literal(row.entry().state()) + ") AND (statements_done = " + row.entry().statementsDone()
						+ ")");
	}

	@Override
	public String fail(HistoryRow row) {
		StringJoiner values = new StringJoiner(", ");
		add(values, row.entry().state(), row.finished());
		add(values, failureValues(row.failure()));
		return update(row.entry().rank(), "(state, finished_at, error_code, error_message, error_sqlstate, error_line,"
				+ " error_statement) = ROW (" + values + ")", "state = " + literal(row.entry().state()));
	}

	@Override
	public String insertContinuing(HistoryRow row, int interrupted) {
		return insert(row) + "; UPDATE " + this.name.qualified() + " SET state = 'interrupted' WHERE "
				+ Operators.qualified("(state = 'running') AND (rank = " + interrupted + ")");
	}

	/**
	 * Of the rows that are left after the update, as they were written, there has to be
	 * one to divide by.
	 */
	private String update(int rank, String assignments, String written) {
		return "WITH changed AS (UPDATE " + this.name.qualified() + " SET " + assignments + " WHERE " + Operators
			.qualified("(rank = " + rank + ") AND (state = 'running') RETURNING rank, state, statements_done)"
					+ " SELECT 1 / pg_catalog.count(*) FROM changed WHERE (rank = " + rank + ") AND (" + written + ")");
	}

	private static @Nullable Object[] failureValues(HistoryRow.@Nullable Failure failure) {
		return (failure == null) ? new @Nullable Object[5] : new @Nullable Object[] { failure.code(), failure.message(),
				failure.sqlState(), failure.line(), failure.statement() };
	}

	private void add(StringJoiner values, @Nullable Object... more) {
		for (Object value : more) {
			values.add((value != null) ? literal(value) : NULL);
		}
	}

	private String literal(Object value) {
		return (value instanceof Integer) ? value.toString()
				: StringLiteral.quote(this.storedText.write(value.toString()));
	}

}
