package dev.tidemark.run;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.run.Verdict.Done;
import dev.tidemark.run.Verdict.NotDone;
import dev.tidemark.run.Verdict.Undecided;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Subject;

/**
 * Commands in doubt that are about what all databases of a server share: databases and
 * tablespaces. Their row in the catalogue commits when the files are in place.
 */
final class ClusterRecovery {

	private static final String DATABASE = """
			SELECT d.datconnlimit, s.spcname FROM pg_catalog.pg_database d
			JOIN pg_catalog.pg_tablespace s ON s.oid = d.dattablespace WHERE d.datname = ?""";

	private static final String TABLESPACE = """
			SELECT pg_catalog.pg_tablespace_location(s.oid) FROM pg_catalog.pg_tablespace s WHERE s.spcname = ?""";

	/** What {@code DROP DATABASE} marks a database with before it deletes the files. */
	private static final long INVALID = -2;

	private final Catalogue catalogue;

	ClusterRecovery(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	Verdict examine(Subject.CreateDatabase statement) throws SQLException {
		Catalogue.Row database = first(DATABASE, statement.name());
		if (database == null) {
			return new NotDone("There is no database " + Identifiers.quote(statement.name()) + ".");
		}
		if (isInvalid(database)) {
			return new NotDone(
					"The database " + Identifiers.quote(statement.name())
							+ " is invalid: it was to be dropped, and nothing but that can be done with it.",
					"DROP DATABASE " + Identifiers.quote(statement.name()));
		}
		return new Done("The database " + Identifiers.quote(statement.name()) + " exists.");
	}

	Verdict examine(Subject.DropDatabase statement) throws SQLException {
		Catalogue.Row database = first(DATABASE, statement.name());
		if (database == null) {
			return new Done("There is no database " + Identifiers.quote(statement.name()) + " any more.");
		}
		return new NotDone("The database " + Identifiers.quote(statement.name())
				+ (isInvalid(database) ? " is invalid: it was not dropped to the end." : " still exists."));
	}

	Verdict examine(Subject.MoveDatabase statement) throws SQLException {
		Catalogue.Row database = first(DATABASE, statement.name());
		if (database == null) {
			return new NotDone("There is no database " + Identifiers.quote(statement.name()) + ".");
		}
		String seen = "The database " + Identifiers.quote(statement.name()) + " is in the tablespace "
				+ Identifiers.quote(database.text(1)) + ".";
		return database.text(1).equals(statement.tablespace()) ? new Done(seen) : new NotDone(seen);
	}

	Verdict examine(Subject.CreateTablespace statement) throws SQLException {
		String name = Identifiers.quote(statement.name());
		Catalogue.Row tablespace = first(TABLESPACE, statement.name());
		if (tablespace == null) {
			return new NotDone("There is no tablespace " + name + ".");
		}
		String location = tablespace.text(0);
		if (location.equals(canonical(statement.location()))) {
			return new Done("The tablespace " + name + " exists in " + location + ".");
		}
		return new Undecided(
				"The tablespace " + name + " exists in " + location + "; the statement says " + statement.location()
						+ ".",
				"ALTER TABLESPACE " + name + " RENAME TO " + Identifiers.quote(statement.name() + "_old")
						+ "; -- to make the name free: then " + Undecided.RUN_AGAIN,
				"-- to keep it in place of the statement's: " + Undecided.GO_ON);
	}

	Verdict examine(Subject.DropTablespace statement) throws SQLException {
		String name = Identifiers.quote(statement.name());
		return (first(TABLESPACE, statement.name()) == null) ? new Done("There is no tablespace " + name + " any more.")
				: new NotDone("The tablespace " + name + " still exists.");
	}

	private Catalogue.@Nullable Row first(String sql, String name) throws SQLException {
		List<Catalogue.Row> rows = this.catalogue.rows(sql, name);
		return rows.isEmpty() ? null : rows.get(0);
	}

	private static boolean isInvalid(Catalogue.Row database) {
		return database.number(0) == INVALID;
	}

	/** The server takes slashes at the end away. */
	private static String canonical(String location) {
		return location.replaceAll("(?<=.)/+$", "");
	}

}
