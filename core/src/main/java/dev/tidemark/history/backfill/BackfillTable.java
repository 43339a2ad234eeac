package dev.tidemark.history.backfill;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.history.rollout.BackfillRecord;
import dev.tidemark.history.rollout.Rollout;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * The table of backfills of one history: it stands beside it, and is there as soon as a
 * backfill has begun.
 *
 * @since 0.1.0
 */
public final class BackfillTable {

	private final HistoryTable table;

	private BackfillTable(HistoryTable table) {
		this.table = table;
	}

	/**
	 * Names the table.
	 * @param history the history, in the schema where it was found
	 * @return the table
	 */
	public static BackfillTable of(HistoryTable history) {
		return new BackfillTable(history.ofBackfills());
	}

	/**
	 * Returns the name as SQL, quoted and as far as known qualified.
	 * @return the name
	 */
	public String qualifiedName() {
		return this.table.qualifiedName();
	}

	/**
	 * Reads what plans need.
	 * @param connection an idle connection in auto-commit mode
	 * @return what has begun
	 * @throws TidemarkException if the table is not what this version knows
	 * @throws SQLException if the connection fails
	 */
	public Rollout read(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			try (ResultSet results = statement.executeQuery(comment())) {
				if (!exists(results.next() ? results.getString(1) : null)) {
					return Rollout.NONE;
				}
			}
			List<BackfillRecord> records = new ArrayList<>();
			try (ResultSet results = statement.executeQuery(Operators
				.qualified("SELECT version, script, checksum, state, relation IS NULL OR (state IN ('paused', 'failed')"
						+ " AND NOT EXISTS (SELECT FROM " + qualifiedName() + " r WHERE r.version = b.version"
						+ " AND r.part > 0 AND (r.done OR r.batches > 0 OR r.keys_done > 0))) FROM " + qualifiedName()
						+ " b WHERE part = 0"))) {
				while (results.next()) {
					records.add(BackfillReads.record(results.getString(1), results.getString(2), results.getString(3),
							results.getString(4), results.getBoolean(5)));
				}
			}
			return new Rollout(records, true);
		}
	}

	private String comment() {
		return Operators.qualified("SELECT COALESCE(pg_catalog.obj_description(c.oid, 'pg_class'), '')"
				+ " FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass("
				+ StringLiteral.quote(qualifiedName()) + ")");
	}

	/**
	 * Tells whether the table is there, of which this version knows the layout.
	 * @param comment its comment, {@code null} if it is not there
	 */
	boolean exists(@Nullable String comment) {
		if (comment != null && !BackfillLayout.isKnown(comment)) {
			throw new TidemarkException(Problem.error(ErrorCode.BACKFILL_RECORD, null,
					"The table " + qualifiedName() + " has layout "
							+ comment.substring(BackfillLayout.COMMENT.length()).replace(":", ",")
							+ " and this version knows layout " + BackfillLayout.MAJOR + ".",
					"Use the version of Tidemark that wrote it, or a newer one."));
		}
		return comment != null;
	}

	/** Tells whether the table is there. */
	public boolean exists(Session session) throws SQLException {
		return exists(session.ownRows("", comment()).stream().findFirst().map((row) -> row.get(0)).orElse(null));
	}

	/** Creates the table if it is not there. */
	public void create(Session session) throws SQLException {
		if (!exists(session)) {
			new BackfillLayout(this.table).create(session);
		}
	}

	/** Reads all backfills that have begun, in order of their versions. */
	public List<RecordedBackfill> readAll(Session session) throws SQLException {
		if (!exists(session)) {
			return List.of();
		}
		return new BackfillReads(session.ownRows("", BackfillReads.query(qualifiedName(), ""))).all();
	}

	/** Reads one backfill, where the table may not be there. */
	public Optional<RecordedBackfill> find(Session session, MigrationVersion version) throws SQLException {
		return exists(session) ? read(session, version) : Optional.empty();
	}

	/** Reads one backfill. */
	public Optional<RecordedBackfill> read(Session session, MigrationVersion version) throws SQLException {
		return new BackfillReads(session.ownRows("",
				BackfillReads.query(qualifiedName(), "WHERE version = " + StringLiteral.quote(version.toString()))))
			.all()
			.stream()
			.findFirst();
	}

	/** Returns the SQL that writes the table. */
	public BackfillWrites writes() {
		return new BackfillWrites(qualifiedName());
	}

	/** Tells whether an error says that a row was not as it was expected to be. */
	public static boolean isRowGone(ServerError error) {
		return error.is("22012") && error.context() == null;
	}

}
