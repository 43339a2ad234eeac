package dev.tidemark.catalogue;

import dev.tidemark.sql.QualifiedName;

/**
 * A table, index or the like that the catalogue knows.
 *
 * @param oid its identifier
 * @param schema its schema
 * @param name its name
 * @param kind what it is, as {@code pg_class.relkind} says it
 * @since 0.1.0
 */
public record Relation(long oid, String schema, String name, char kind) {

	public boolean isPartitionedTable() {
		return this.kind == 'p';
	}

	/** Returns the qualified name as SQL. */
	public String quoted() {
		return new QualifiedName(this.schema, this.name).quoted();
	}

	@Override
	public String toString() {
		return quoted();
	}

}
