package dev.tidemark.catalogue.batch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.tidemark.sql.Operators;

/**
 * The table of a backfill, as the database has it now.
 *
 * @param oid the number by which the server knows it
 * @param name its name, qualified and quoted
 * @param alias its name without the schema, quoted
 * @param relations what its rows lie in: itself, or its partitions or children
 * @param keys the columns that it is walked by; empty if it is walked by blocks
 * @param place what decides where its rows lie
 * @since 0.1.0
 */
public record BatchTable(long oid, String name, String alias, List<BatchRelation> relations, List<KeyColumn> keys,
		RowPlace place) {

	/** Copies the lists. */
	public BatchTable {
		relations = List.copyOf(relations);
		keys = List.copyOf(keys);
	}

	/** Returns whether it is walked block by block. */
	public boolean isByBlocks() {
		return this.keys.isEmpty();
	}

	/** Returns whether its rows lie elsewhere than in itself, or not only there. */
	public boolean isDivided() {
		return this.relations.size() != 1 || this.relations.get(0).oid() != this.oid;
	}

	/**
	 * Returns the query that has a row if one of its parts is a part of it still.
	 * @param relation the part
	 */
	public String isPart(BatchRelation relation) {
		return Operators.qualified("WITH RECURSIVE up AS (SELECT " + relation.oid()
				+ "::pg_catalog.oid AS oid UNION SELECT i.inhparent FROM pg_catalog.pg_inherits i"
				+ " JOIN up ON up.oid = i.inhrelid WHERE NOT i.inhdetachpending)"
				+ " SELECT 1 FROM up JOIN pg_catalog.pg_class c ON c.oid = " + relation.oid()
				+ "::pg_catalog.oid WHERE up.oid = " + this.oid + "::pg_catalog.oid");
	}

	/**
	 * Returns a part of the table.
	 * @param relation its name, qualified and quoted
	 * @return the part, empty if it is not a part of the table any more
	 */
	public Optional<BatchRelation> relation(String relation) {
		return this.relations.stream().filter((one) -> one.name().equals(relation)).findFirst();
	}

	/** Returns how many rows it has, as the server estimates; empty if it cannot. */
	public OptionalLong estimatedRows() {
		return this.relations.stream().allMatch((one) -> one.rows() >= 0)
				? OptionalLong.of(this.relations.stream().mapToLong(BatchRelation::rows).sum()) : OptionalLong.empty();
	}

}
