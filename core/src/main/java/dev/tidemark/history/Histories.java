package dev.tidemark.history;

import java.util.Map;
import java.util.Set;

/**
 * What the histories of many schemas said at one moment.
 *
 * @param read the histories by their schemas; none of a schema that has no history table
 * @param unreadable the schemas whose history cannot be read together with others, be it
 * that a right is missing or that it is no history that this version knows
 */
public record Histories(Map<String, History> read, Set<String> unreadable) {

	/** Copies what was found. */
	public Histories {
		read = Map.copyOf(read);
		unreadable = Set.copyOf(unreadable);
	}

}
