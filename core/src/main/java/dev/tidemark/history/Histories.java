package dev.tidemark.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the histories of many schemas said at one moment.
 *
 * @param database the database, without a schema
 * @param read the histories by their schemas; none of a schema that has no history table
 * @param unreadable the schemas whose history cannot be read together with others, be it
 * that a right is missing or that it is no history that this version knows
 * @since 0.1.0
 */
public record Histories(DatabaseIdentity database, Map<String, History> read, Set<String> unreadable) {

	/** Copies what was found. */
	public Histories {
		read = Map.copyOf(read);
		unreadable = Set.copyOf(unreadable);
	}

	/**
	 * Returns the history of one of the schemas. What the schema holds besides is not
	 * known.
	 * @param schema the schema
	 * @return the history, one without rows where the table does not exist; empty if it
	 * cannot be read together with others
	 */
	public Optional<History> of(String schema) {
		if (this.unreadable.contains(schema)) {
			return Optional.empty();
		}
		History history = this.read.get(schema);
		return Optional.of((history != null) ? history : new History(this.database.in(schema), false, List.of()));
	}

}
