package dev.tidemark.catalogue;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the catalogue says of a database of the server.
 *
 * @param invalid whether it was to be dropped, and nothing but that can be done with it
 * @param tablespace the name of its tablespace
 * @since 0.1.0
 */
public record DatabaseEntry(boolean invalid, String tablespace) {

	private static final String QUERY = """
			SELECT d.datconnlimit, s.spcname FROM pg_catalog.pg_database d
			JOIN pg_catalog.pg_tablespace s ON s.oid = d.dattablespace WHERE d.datname = ?""";

	/** What {@code DROP DATABASE} marks a database with before it deletes the files. */
	private static final long INVALID = -2;

	/** Looks a database up; {@code null} if there is none of that name. */
	public static @Nullable DatabaseEntry of(Catalogue catalogue, String name) throws SQLException {
		List<Catalogue.Row> rows = catalogue.rows(QUERY, name);
		return rows.isEmpty() ? null : new DatabaseEntry(rows.get(0).number(0) == INVALID, rows.get(0).text(1));
	}

}
