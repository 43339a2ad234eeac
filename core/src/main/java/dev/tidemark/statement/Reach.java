package dev.tidemark.statement;

/**
 * Which relations a lock on something named takes in. All but {@link #RELATION} have to
 * be looked up in the catalogue.
 *
 * @since 0.1.0
 */
public enum Reach {

	/** The relation itself; of a schema or a database all tables in it. */
	RELATION,

	/** The relation and, if it is partitioned, its partitions. */
	PARTITIONS,

	/** The relation and all that inherit from it, its partitions among them. */
	CHILDREN,

	/**
	 * The relations below a view too, as {@code LOCK} locks them; of a table its
	 * children.
	 */
	VIEWED,

	/** The children, and those tables whose foreign keys refer to them, and so on. */
	REFERRING,

	/** The indexes of the table and of its partitions. */
	INDEXES,

	/** The table of the index, and those of its parts. */
	TABLE,

	/** The table of which it is a partition, with the default partition of that. */
	PARENT,

	/** The default partition of the table, with its own partitions. */
	DEFAULT_PARTITION,

	/** The tables that its foreign keys refer to, with their partitions. */
	REFERRED,

	/** The tables whose foreign keys refer to it. */
	REFERRERS,

	/** The tables at the other end of foreign keys that a column is part of. */
	KEYS,

	/** The sequences that go with the table or, as an identity, with a column. */
	SEQUENCES,

	/** The tables made of a type, with their children. */
	TYPED,

	/** The tables with columns of a domain, or of one that is based on it. */
	DOMAIN_TABLES,

	/** What is dropped with it, and that whose parts are dropped. */
	DEPENDANTS

}
