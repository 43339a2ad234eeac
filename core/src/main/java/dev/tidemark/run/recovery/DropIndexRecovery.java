package dev.tidemark.run.recovery;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.tidemark.catalogue.Catalogue;
import dev.tidemark.catalogue.Index;
import dev.tidemark.catalogue.Relation;
import dev.tidemark.run.recovery.Verdict.Done;
import dev.tidemark.run.recovery.Verdict.NotDone;
import dev.tidemark.run.recovery.Verdict.Undecided;
import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.Drop;
import dev.tidemark.statement.ObjectName;

/**
 * {@code DROP INDEX} in doubt. One that was cut off leaves the index invalid, and the
 * same command goes on with it.
 */
final class DropIndexRecovery {

	private final Catalogue catalogue;

	private final List<QualifiedName> indexes;

	private final boolean ifExists;

	DropIndexRecovery(Catalogue catalogue, Drop statement) {
		this.catalogue = catalogue;
		this.indexes = statement.names().stream().map(ObjectName::name).toList();
		this.ifExists = statement.ifExists();
	}

	Verdict examine() throws SQLException {
		List<Relation> found = new ArrayList<>();
		List<Relation> invalid = new ArrayList<>();
		for (QualifiedName name : this.indexes) {
			Relation relation = this.catalogue.relation(name);
			if (relation != null) {
				found.add(relation);
				Index index = Index.find(this.catalogue, relation.oid());
				if (index != null && !index.valid()) {
					invalid.add(relation);
				}
				if ((index == null || index.valid()) && canBeAnother(name, relation)) {
					return another(relation);
				}
			}
		}
		if (found.isEmpty()) {
			return new Done("There is no index " + names(this.indexes) + " any more.");
		}
		if (found.size() == this.indexes.size() || this.ifExists) {
			return new NotDone("Still there: " + names(found) + "." + (invalid.isEmpty() ? ""
					: " Half dropped, so that no query uses it any more: " + names(invalid) + "."));
		}
		return new Undecided(
				"Of the indexes " + names(this.indexes) + " only these are still there: " + names(found)
						+ ". The statement drops all of them or none.",
				"DROP INDEX " + names(found) + "; -- to drop the rest: then " + Undecided.GO_ON,
				"-- to keep the rest: " + Undecided.GO_ON);
	}

	/** Once the index is dropped, its name may find one further down the search path. */
	private boolean canBeAnother(QualifiedName name, Relation found) throws SQLException {
		return name.schema() == null && !found.schema().equals(this.catalogue.firstSchema());
	}

	private static Verdict another(Relation found) {
		return new Undecided(
				"There is an index " + found + ", but not in the first schema of the search path: it may be the one to"
						+ " drop, or another one of the same name that came into sight when that was gone.",
				"DROP INDEX CONCURRENTLY " + found.quoted() + "; -- if it is the one: then " + Undecided.GO_ON,
				"-- if it is another one: " + Undecided.GO_ON);
	}

	private static String names(List<?> names) {
		return String.join(", ", names.stream().map(Object::toString).toList());
	}

}
