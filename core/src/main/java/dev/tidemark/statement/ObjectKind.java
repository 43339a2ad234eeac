package dev.tidemark.statement;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kinds of object that {@code CREATE}, {@code ALTER} and {@code DROP} name.
 *
 * @since 0.1.0
 */
public enum ObjectKind {

	/** An access method. */
	ACCESS_METHOD,

	/** A function that aggregates. */
	AGGREGATE,

	/** A cast between two types. */
	CAST,

	/** A collation. */
	COLLATION,

	/** A column of a relation, where it is spoken of by itself. */
	COLUMN,

	/** A constraint; belongs to a table or domain. */
	CONSTRAINT,

	/** A conversion between two encodings. */
	CONVERSION,

	/** A database. */
	DATABASE,

	/** A domain. */
	DOMAIN,

	/** A trigger on events of the database. */
	EVENT_TRIGGER,

	/** An extension. */
	EXTENSION,

	/** A wrapper of foreign data. */
	FOREIGN_DATA_WRAPPER,

	/** A table of another server. */
	FOREIGN_TABLE,

	/** A function. */
	FUNCTION,

	/** An index. */
	INDEX,

	/** A procedural language. */
	LANGUAGE,

	/** A large object. */
	LARGE_OBJECT,

	/** A view that holds its result. */
	MATERIALIZED_VIEW,

	/** An operator. */
	OPERATOR,

	/** A class of operators for an access method. */
	OPERATOR_CLASS,

	/** A family of operators for an access method. */
	OPERATOR_FAMILY,

	/** A setting, as {@code GRANT} knows it. */
	PARAMETER,

	/** A policy of row security; belongs to a table. */
	POLICY,

	/** A procedure. */
	PROCEDURE,

	/** A publication. */
	PUBLICATION,

	/** A role, which may be called a user or a group. */
	ROLE,

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

	/** A subscription. */
	SUBSCRIPTION,

	/** A table, partitioned or not. */
	TABLE,

	/** A tablespace. */
	TABLESPACE,

	/** A configuration of text search. */
	TEXT_SEARCH_CONFIGURATION,

	/** A dictionary of text search. */
	TEXT_SEARCH_DICTIONARY,

	/** A parser of text search. */
	TEXT_SEARCH_PARSER,

	/** A template of text search. */
	TEXT_SEARCH_TEMPLATE,

	/** A transform between a type and a language. */
	TRANSFORM,

	/** A trigger; belongs to a table. */
	TRIGGER,

	/** A type. */
	TYPE,

	/** A mapping of a user to a foreign server. */
	USER_MAPPING,

	/** A view. */
	VIEW;

	private static final ObjectKind[] KINDS = values();

	/**
	 * Return the kind that a command such as {@code DROP VIEW} ends with.
	 * @param command the command
	 * @return the kind, empty if it ends with none
	 */
	public static Optional<ObjectKind> of(String command) {
		String words = command.substring(command.indexOf(' ') + 1);
		if (words.equals("USER") || words.equals("GROUP")) {
			return Optional.of(ROLE);
		}
		return Arrays.stream(KINDS).filter((kind) -> kind.sql().equals(words)).findFirst();
	}

	/**
	 * Return whether objects of the kind are named together with their table.
	 * @return whether {@code ON} and the table follow their name
	 */
	public boolean belongsToTable() {
		return this == POLICY || this == RULE || this == TRIGGER;
	}

	/**
	 * Return whether arguments belong to the name.
	 * @return whether it is something that can be called
	 */
	public boolean hasArguments() {
		return this == AGGREGATE || this == FUNCTION || this == PROCEDURE || this == ROUTINE;
	}

	/**
	 * Return whether it is a relation, so that it shares its names with tables and can be
	 * locked as they are.
	 * @return {@code true} for tables, indexes, sequences and views
	 */
	public boolean isRelation() {
		return switch (this) {
			case FOREIGN_TABLE, INDEX, MATERIALIZED_VIEW, SEQUENCE, TABLE, VIEW -> true;
			default -> false;
		};
	}

	/**
	 * Return whether a schema may stand before the name.
	 * @return {@code false} for what belongs to the database as a whole, or to a table
	 */
	public boolean isInSchema() {
		return switch (this) {
			case ACCESS_METHOD, CAST, COLUMN, CONSTRAINT, DATABASE, EVENT_TRIGGER, EXTENSION, FOREIGN_DATA_WRAPPER,
					LANGUAGE, LARGE_OBJECT, PARAMETER, PUBLICATION, ROLE, SCHEMA, SERVER, SUBSCRIPTION, TABLESPACE,
					TRANSFORM, USER_MAPPING ->
				false;
			default -> !belongsToTable();
		};
	}

	/**
	 * Return the keywords.
	 * @return the keywords, such as {@code MATERIALIZED VIEW}
	 */
	public String sql() {
		return name().replace('_', ' ');
	}

}
