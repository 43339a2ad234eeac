package dev.tidemark.run.recovery;

import java.sql.SQLException;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.DatabaseEntry;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.statement.AlterDatabase;
import dev.tidemark.statement.CreateDatabase;
import dev.tidemark.statement.CreateTablespace;

/**
 * Commands in doubt that are about what all databases of a server share: databases and
 * tablespaces. Their row in the catalogue commits when the files are in place.
 */
final class ClusterRecovery {

	private final Catalogue catalogue;

	ClusterRecovery(Catalogue catalogue) {
		this.catalogue = catalogue;
	}

	Verdict examine(CreateDatabase statement) throws SQLException {
		DatabaseEntry database = DatabaseEntry.of(this.catalogue, statement.name());
		if (database == null) {
			return new NotDone("There is no database " + Identifiers.quote(statement.name()) + ".");
		}
		if (database.invalid()) {
			return new NotDone(
					"The database " + Identifiers.quote(statement.name())
							+ " is invalid: it was to be dropped, and nothing but that can be done with it.",
					"DROP DATABASE " + Identifiers.quote(statement.name()));
		}
		return new Done("The database " + Identifiers.quote(statement.name()) + " exists.");
	}

	Verdict ofDroppedDatabase(String database) throws SQLException {
		DatabaseEntry entry = DatabaseEntry.of(this.catalogue, database);
		if (entry == null) {
			return new Done("There is no database " + Identifiers.quote(database) + " any more.");
		}
		return new NotDone("The database " + Identifiers.quote(database)
				+ (entry.invalid() ? " is invalid: it was not dropped to the end." : " still exists."));
	}

	Verdict examine(AlterDatabase statement) throws SQLException {
		DatabaseEntry database = DatabaseEntry.of(this.catalogue, statement.name());
		if (database == null) {
			return new NotDone("There is no database " + Identifiers.quote(statement.name()) + ".");
		}
		String seen = "The database " + Identifiers.quote(statement.name()) + " is in the tablespace "
				+ Identifiers.quote(database.tablespace()) + ".";
		return database.tablespace().equals(statement.tablespace()) ? new Done(seen) : new NotDone(seen);
	}

	Verdict examine(CreateTablespace statement) throws SQLException {
		String name = Identifiers.quote(statement.name());
		String location = this.catalogue.tablespaceLocation(statement.name());
		if (location == null) {
			return new NotDone("There is no tablespace " + name + ".");
		}
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

	Verdict ofDroppedTablespace(String tablespace) throws SQLException {
		String name = Identifiers.quote(tablespace);
		return (this.catalogue.tablespaceLocation(tablespace) == null)
				? new Done("There is no tablespace " + name + " any more.")
				: new NotDone("The tablespace " + name + " still exists.");
	}

	/** The server takes slashes at the end away. */
	private static String canonical(String location) {
		return location.replaceAll("(?<=.)/+$", "");
	}

}
