package dev.tidemark.plan.rollout;

import java.util.List;

import dev.tidemark.sql.QualifiedName;

/**
 * A table that there is.
 *
 * @param schema its schema
 * @param own whether migrations of this history fill that schema
 * @param ancestors the partitioned tables that it is a partition of
 * @since 0.1.0
 */
public record FoundTable(String schema, boolean own, List<QualifiedName> ancestors) {

	/** Copies the list. */
	public FoundTable {
		ancestors = List.copyOf(ancestors);
	}

}
