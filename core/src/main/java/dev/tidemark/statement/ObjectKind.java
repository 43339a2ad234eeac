package dev.tidemark.statement;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of object that {@code CREATE}, {@code ALTER} and {@code DROP} name.
 *
 * @since 0.1.0
 */
public enum ObjectKind {

	/** A function that aggregates. */
	AGGREGATE,

	/** A collation. */
	COLLATION,

	/** A database. */
	DATABASE,

	/** A domain. */
	DOMAIN,

	/** A trigger on events of the database. */
	EVENT_TRIGGER,

	/** An extension. */
	EXTENSION,

	/** A table of another server. */
	FOREIGN_TABLE,

	/** A function. */
	FUNCTION,

	/** An index. */
	INDEX,

	/** A view that holds its result. */
	MATERIALIZED_VIEW,

	/** A policy of row security; belongs to a table. */
	POLICY,

	/** A procedure. */
	PROCEDURE,

	/** A publication. */
	PUBLICATION,

	/** A function, aggregate or procedure. */
	ROUTINE,

	/** A rewrite rule; belongs to a table. */
	RULE,

	/** A schema. */
	SCHEMA,

	/** A sequence. */
	SEQUENCE,

	/** A foreign server. */
	SERVER,

	/** Extended statistics. */
	STATISTICS,

	/** A table, partitioned or not. */
	TABLE,

	/** A trigger; belongs to a table. */
	TRIGGER,

	/** A type. */
	TYPE,

	/** A view. */
	VIEW;

	/** Returns the kind that a command such as {@code DROP VIEW} ends with. */
	static Optional<ObjectKind> of(String command) {
		String words = command.substring(command.indexOf(' ') + 1);
		return Arrays.stream(values()).filter((kind) -> kind.sql().equals(words)).findFirst();
	}

	boolean belongsToTable() {
		return this == POLICY || this == RULE || this == TRIGGER;
	}

	boolean hasArguments() {
		return this == AGGREGATE || this == FUNCTION || this == PROCEDURE || this == ROUTINE;
	}

	/**
	 * Tells whether a schema may stand before the name.
	 * @return {@code false} for what belongs to the database as a whole, or to a table
	 */
	public boolean isInSchema() {
		return switch (this) {
			case DATABASE, EVENT_TRIGGER, EXTENSION, PUBLICATION, SCHEMA, SERVER -> false;
			default -> !belongsToTable();
		};
	}

	/**
	 * Returns the keywords.
	 * @return the keywords, such as {@code MATERIALIZED VIEW}
	 */
	public String sql() {
		return name().replace('_', ' ');
	}

}
