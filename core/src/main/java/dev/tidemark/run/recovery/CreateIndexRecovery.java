package dev.tidemark.run.recovery;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.Index;
import dev.tidemark.catalogue.IndexTemplate;
import dev.tidemark.catalogue.OtherSession;
import dev.tidemark.catalogue.Relation;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.CreateIndex;

/**
 * {@code CREATE INDEX} in doubt. A build that was cut off leaves an invalid index, which
 * costs every write and helps no query.
 */
final class CreateIndexRecovery {

	private final Catalogue catalogue;

	private final CreateIndex statement;

	CreateIndexRecovery(Catalogue catalogue, CreateIndex statement) {
		this.catalogue = catalogue;
		this.statement = statement;
	}

	Verdict examine() throws SQLException {
		Relation table = this.catalogue.relation(this.statement.table());
		if (table == null) {
			return new NotDone("There is no table " + this.statement.table() + ".");
		}
		if (this.statement.concurrently() && table.isPartitionedTable()) {
			return new NotDone("The table " + table
					+ " is partitioned: the server builds no index on it concurrently, so the statement had no effect.");
		}
		String name = this.statement.name();
		return (name != null) ? named(table, name) : unnamed(table);
	}

	private Verdict named(Relation table, String name) throws SQLException {
		Relation found = this.catalogue.relation(table.schema(), name);
		if (found == null) {
			return new NotDone("There is no index " + new QualifiedName(table.schema(), name) + ".");
		}
		Index index = Index.find(this.catalogue, found.oid());
		if (index == null) {
			return taken(found, found + " exists and is no index.");
		}
		if (index.table() != table.oid()) {
			return taken(found,
					"The index " + index + " exists, but on another table than " + table + ": " + index.definition());
		}
		OtherSession other = OtherSession.on(this.catalogue, index);
		if (other != null) {
			return Verdict.Undecided.atWork(other, "The index " + index + " exists and is " + validity(index) + ".");
		}
		IndexTemplate template = IndexTemplate.make(this.catalogue, this.statement, table);
		if (!template.fits(this.statement, index)) {
			return different(index, template);
		}
		return isLeftover(index) ? new NotDone(leftover(index), index.dropped()) : accepted(index);
	}

	/** The server chose the name: only the definition tells which index it is. */
	private Verdict unnamed(Relation table) throws SQLException {
		IndexTemplate template = IndexTemplate.make(this.catalogue, this.statement, table);
		if (template.index() == null) {
			return new Undecided(
					"The statement leaves the name of the index to the server, and what index it would"
							+ " make could not be found out: " + template.problem(),
					"-- if one of the indexes of " + table + " is its work: " + Undecided.GO_ON,
					"-- if none is: " + Undecided.RUN_AGAIN);
		}
		List<Index> candidates = new ArrayList<>(Index.of(this.catalogue, table.oid()));
		candidates.removeIf((index) -> index.constraint() || !template.fits(this.statement, index)
				|| !template.choosesName(index.name()));
		List<Index> invalid = candidates.stream().filter(this::isLeftover).toList();
		for (Index index : invalid) {
			OtherSession other = OtherSession.on(this.catalogue, index);
			if (other != null) {
				return Verdict.Undecided.atWork(other, "The index " + index + " is invalid.");
			}
		}
		if (!invalid.isEmpty()) {
			return new NotDone(leftover(invalid.get(0)), invalid.stream().map(Index::dropped).toList());
		}
		return candidates.isEmpty() ? new NotDone("The table " + table + " has no index of this definition.")
				: accepted(candidates.get(0));
	}

	/**
	 * Without CONCURRENTLY an index is made as a whole; it is invalid on purpose where it
	 * is made on a partitioned table alone, until all partitions have theirs.
	 */
	private boolean isLeftover(Index index) {
		return this.statement.concurrently() && !index.valid();
	}

	private static Verdict accepted(Index index) {
		return new Done("The index " + index + " is " + validity(index) + " and as the statement defines it.");
	}

	private static String leftover(Index index) {
		return "The index " + index + " is invalid: its build was not finished.";
	}

	private Verdict different(Index index, IndexTemplate template) {
		Index wanted = template.index();
		String seen = "The index " + index + " exists and is " + validity(index) + ": " + definition(index) + ". ";
		seen += (wanted != null) ? "The statement defines another one: " + definition(index, wanted) + "."
				: "Whether that is what the statement defines could not be found out: " + template.problem();
		List<String> options = new ArrayList<>();
		options.add(index.dropped() + "; -- to have it as the statement defines it: then " + Undecided.RUN_AGAIN);
		options.add(renamed("INDEX", index.quoted(), index.name()) + "; -- to keep it beside the statement's: then "
				+ Undecided.RUN_AGAIN);
		if (index.valid()) {
			options.add("-- to keep it in place of the statement's: " + Undecided.GO_ON);
		}
		return new Undecided(seen, options);
	}

	private String definition(Index index, Index wanted) {
		String tablespace = this.statement.tablespace();
		return "CREATE " + (wanted.unique() ? "UNIQUE INDEX " : "INDEX ") + Identifiers.quote(index.name()) + " ON "
				+ this.statement.table() + " " + wanted.body()
				+ ((tablespace != null) ? " in tablespace " + tablespace : "");
	}

	private String definition(Index index) {
		return index.definition()
				+ ((this.statement.tablespace() != null) ? " in tablespace " + index.tablespace() : "");
	}

	private static String validity(Index index) {
		return index.valid() ? "valid" : "invalid";
	}

	private static Verdict taken(Relation found, String seen) {
		return new Undecided(seen + " Its name is the one of the statement's index.",
				renamed((found.kind() == 'i' || found.kind() == 'I') ? "INDEX" : "TABLE", found.quoted(), found.name())
						+ "; -- to make the name free: then " + Undecided.RUN_AGAIN,
				"-- if the index is not needed: " + Undecided.GO_ON);
	}

	private static String renamed(String kind, String quoted, String name) {
		return "ALTER " + kind + " " + quoted + " RENAME TO " + Identifiers.quote(name + "_old");
	}

}
