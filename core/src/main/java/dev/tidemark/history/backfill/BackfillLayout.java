package dev.tidemark.history.backfill;

import java.sql.SQLException;

import dev.tidemark.history.HistoryTable;
import dev.tidemark.session.Session;

/**
 * The layout of the table of backfills. There is one row for each backfill, with the part
 * 0, and one for each of its ranges. Later layouts may only add columns.
 */
final class BackfillLayout {

	static final String COMMENT = "Tidemark backfills, layout ";

	static final int MAJOR = 1;

	private static final int MINOR = 0;

	private static final String COLUMNS = """
			version          pg_catalog.text   NOT NULL,
			part             pg_catalog.int4   NOT NULL,
			kind             pg_catalog.text   NOT NULL,
			description      pg_catalog.text,
			script           pg_catalog.text,
			checksum         pg_catalog.text,
			state            pg_catalog.text,
			reason           pg_catalog.text,
			pace_duty        pg_catalog.float8,
			pace_rows        pg_catalog.int8,
			pace_wal         pg_catalog.int8,
			pace_target      pg_catalog.int8,
			pace_size        pg_catalog.int4,
			relation         pg_catalog.text,
			keys             pg_catalog.text[],
			estimated_keys   pg_catalog.int8,
			range_after      pg_catalog.text[],
			range_up_to      pg_catalog.text[],
			position         pg_catalog.text[],
			done             pg_catalog.bool   NOT NULL DEFAULT false,
			rows_done        pg_catalog.int8   NOT NULL DEFAULT 0,
			keys_done        pg_catalog.int8   NOT NULL DEFAULT 0,
			batches          pg_catalog.int8   NOT NULL DEFAULT 0,
			bad_rows         pg_catalog.int8   NOT NULL DEFAULT 0,
			bad_keys         pg_catalog.text[] NOT NULL DEFAULT '{}',
			error_code       pg_catalog.text,
			error_message    pg_catalog.text,
			error_sqlstate   pg_catalog.text,
			error_server     pg_catalog.text,
			error_state      pg_catalog.text,
			error_remedy     pg_catalog.text,
			started_at       pg_catalog.timestamptz,
			updated_at       pg_catalog.timestamptz,
			finished_at      pg_catalog.timestamptz,
			instance         pg_catalog.text,
			PRIMARY KEY (version, part)""";

	private final HistoryTable table;

	BackfillLayout(HistoryTable table) {
		this.table = table;
	}

	/**
	 * Creates the table if it is not there. Nobody but its owner writes it, as the
	 * history.
	 */
	void create(Session session) throws SQLException {
		String name = this.table.qualifiedName();
		String protection = this.table.layout().protection(session.connection());
		session.write("CREATE TABLE IF NOT EXISTS " + name + " (\n" + COLUMNS + "\n) WITH (fillfactor = 50);\n"
				+ "COMMENT ON TABLE " + name + " IS '" + COMMENT + MAJOR + "." + MINOR
				+ ": one row for each backfill, and one for each of its ranges'"
				+ (protection.isEmpty() ? "" : "; " + protection));
	}

	/** Tells whether a table with this comment can be read. */
	static boolean isKnown(String comment) {
		return !comment.startsWith(COMMENT) || comment.startsWith(COMMENT + MAJOR + ".");
	}

}
