package dev.tidemark.plan.rollout;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * The name of something in a database, as the catalogue holds it.
 *
 * @param space among what it is unique
 * @param schema its schema, or that of its table; {@code null} if the search path decides
 * @param table the table that it belongs to, or {@code null} if it belongs to none
 * @param name its name
 * @param arguments the arguments of a function as they are written, or {@code null}
 */
record ObjectRef(Space space, @Nullable String schema, @Nullable String table, String name,
		@Nullable String arguments) {

	/** What share their names. */
	enum Space {

		/** Relations and types: each table is a type, too. */
		RELATION("the name"),

		/** The columns of a relation. */
		COLUMN("the column"),

		/** The constraints of a table. */
		CONSTRAINT("the constraint"),

		/** Functions and procedures. */
		ROUTINE("the function"),

		/** Schemas. */
		SCHEMA("the schema"),

		/** The triggers of a table. */
		TRIGGER("the trigger");

		private final String words;

		Space(String words) {
			this.words = words;
		}

	}

	static ObjectRef relation(QualifiedName name) {
		return new ObjectRef(Space.RELATION, name.schema(), null, name.name(), null);
	}

	static ObjectRef relation(@Nullable String schema, String name) {
		return new ObjectRef(Space.RELATION, schema, null, name, null);
	}

	static ObjectRef of(QualifiedName table, Space space, String name) {
		return new ObjectRef(space, table.schema(), table.name(), name, null);
	}

	static ObjectRef schema(String name) {
		return new ObjectRef(Space.SCHEMA, null, null, name, null);
	}

	static ObjectRef routine(QualifiedName name, @Nullable String arguments) {
		return new ObjectRef(Space.ROUTINE, name.schema(), null, name.name(), arguments);
	}

	/**
	 * Tells whether both may be the same: a schema that is not named may be any.
	 */
	boolean isSame(ObjectRef other) {
		return this.space == other.space && this.name.equals(other.name) && mayBe(this.schema, other.schema)
				&& Objects.equals(this.table, other.table) && hasSameArguments(other);
	}

	static boolean mayBe(@Nullable String schema, @Nullable String other) {
		return schema == null || other == null || schema.equals(other);
	}

	/** Functions of one name are told apart by their arguments, where these are named. */
	private boolean hasSameArguments(ObjectRef other) {
		return this.arguments == null || other.arguments == null || count(this.arguments) == count(other.arguments);
	}

	private static int count(String arguments) {
		int depth = 0;
		int count = arguments.isBlank() ? 0 : 1;
		for (int i = 0; i < arguments.length(); i++) {
			char character = arguments.charAt(i);
			if (character == '(') {
				depth++;
			}
			else if (character == ')') {
				depth--;
			}
			else if (character == ',' && depth == 0) {
				count++;
			}
		}
		return count;
	}

	/** Returns it in words, such as {@code the column email of users}. */
	@Override
	public String toString() {
		String owner = (this.table != null) ? " of " + qualified(this.table) : "";
		return this.space.words + " " + ((this.table != null) ? this.name : qualified(this.name)) + owner;
	}

	private String qualified(String last) {
		return (this.schema != null) ? this.schema + "." + last : last;
	}

}
