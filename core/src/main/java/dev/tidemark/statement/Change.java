package dev.tidemark.statement;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * One thing that a statement changes; {@code ALTER TABLE} may change several at once.
 * Only what the text tells is in here; nothing was looked up.
 *
 * @since 0.1.0
 */
public sealed interface Change {

	/**
	 * What goes with its table, so that nothing is left of it when that is dropped.
	 *
	 * @since 0.1.0
	 */
	sealed interface OfTable extends Change {

		/**
		 * Returns the table.
		 * @return the table, or {@code null} if it is about none
		 */
		@Nullable QualifiedName table();

	}

	/**
	 * Something is created.
	 *
	 * @param kind what
	 * @param name its name, or {@code null} if the server chooses it
	 * @param table the table that it belongs to, for an index, a policy, a rule and a
	 * trigger, else {@code null}
	 * @param maybe whether something of that name may have been there before, as
	 * {@code IF NOT EXISTS} and {@code OR REPLACE} allow it
	 * @param temporary whether it goes with the session
	 * @param concurrently whether an index is built {@code CONCURRENTLY}
	 * @since 0.1.0
	 */
	record Create(ObjectKind kind, @Nullable ObjectName name, @Nullable QualifiedName table, boolean maybe,
			boolean temporary, boolean concurrently) implements OfTable {

	}

	/**
	 * Something is dropped.
	 *
	 * @param kind what, or {@code null} for what has no kind here
	 * @param names the names; none for what has no kind here
	 * @param cascade whether all that depends on it is dropped too
	 * @since 0.1.0
	 */
	record Drop(@Nullable ObjectKind kind, List<ObjectName> names, boolean cascade) implements Change {

	}

	/**
	 * A table gets a column.
	 *
	 * @param table the table
	 * @param column the column
	 * @param maybe whether it may have been there before
	 * @since 0.1.0
	 */
	record AddColumn(QualifiedName table, String column, boolean maybe) implements OfTable {

	}

	/**
	 * A table loses a column.
	 *
	 * @param table the table
	 * @param column the column
	 * @param cascade whether all that depends on it is dropped too
	 * @since 0.1.0
	 */
	record DropColumn(QualifiedName table, String column, boolean cascade) implements Change {

	}

	/**
	 * A column gets another type.
	 *
	 * @param table the table
	 * @param column the column
	 * @param type the new type as SQL
	 * @param using whether an expression makes the new values
	 * @since 0.1.0
	 */
	record AlterColumnType(QualifiedName table, String column, String type, boolean using) implements Change {

	}

	/**
	 * A column may not, or may again, be null.
	 *
	 * @param table the table
	 * @param column the column
	 * @param required whether it may not be null any more
	 * @since 0.1.0
	 */
	record SetNotNull(QualifiedName table, String column, boolean required) implements OfTable {

	}

	/**
	 * A table gets a constraint.
	 *
	 * @param table the table
	 * @param name its name, or {@code null} if the server chooses it
	 * @param index the index that becomes its own, or {@code null} if it gets a new one
	 * or none
	 * @since 0.1.0
	 */
	record AddConstraint(QualifiedName table, @Nullable String name, @Nullable String index) implements OfTable {

	}

	/**
	 * A table gets a partition.
	 *
	 * @param table the table
	 * @param partition the partition
	 * @since 0.1.0
	 */
	record AttachPartition(QualifiedName table, QualifiedName partition) implements Change {

	}

	/**
	 * An index becomes a part of that of a partitioned table, and goes with it from then
	 * on.
	 *
	 * @param index the index of the partitioned table
	 * @param part the index of a partition
	 * @since 0.1.0
	 */
	record AttachIndex(QualifiedName index, QualifiedName part) implements Change {

	}

	/**
	 * A table becomes a child of another one, whose rows its own count among from then
	 * on.
	 *
	 * @param table the table
	 * @param parent the other one
	 * @since 0.1.0
	 */
	record Inherit(QualifiedName table, QualifiedName parent) implements OfTable {

	}

	/**
	 * Row security of a table is switched.
	 *
	 * @param table the table
	 * @param forced whether it is about the owner of the table
	 * @param on whether it is on now
	 * @since 0.1.0
	 */
	record RowSecurity(QualifiedName table, boolean forced, boolean on) implements OfTable {

	}

	/**
	 * Something, or a part of it, gets another name.
	 *
	 * @param kind what it, or what it is a part of, is
	 * @param name the name of it as a whole before
	 * @param part what kind of part is renamed, such as {@code COLUMN}, or {@code null}
	 * if it is the whole
	 * @param from what the part was called before as SQL, or {@code null} if it is the
	 * whole
	 * @param to the new name; for a value of an enum its text
	 * @since 0.1.0
	 */
	record Rename(ObjectKind kind, ObjectName name, @Nullable String part, @Nullable String from,
			String to) implements Change {

	}

	/**
	 * Something moves to another schema.
	 *
	 * @param kind what
	 * @param name its name before
	 * @param schema the schema
	 * @since 0.1.0
	 */
	record SetSchema(ObjectKind kind, ObjectName name, String schema) implements Change {

	}

	/**
	 * Rights are granted.
	 *
	 * @param what the rights, and on what, as SQL
	 * @param to the roles as SQL
	 * @since 0.1.0
	 */
	record Grant(String what, String to) implements Change {

	}

	/**
	 * A table, or a column of it, is described.
	 *
	 * @param table the table
	 * @since 0.1.0
	 */
	record Comment(QualifiedName table) implements OfTable {

	}

	/**
	 * Tables are emptied.
	 *
	 * @param tables the tables
	 * @param cascade whether those that refer to them are emptied too
	 * @since 0.1.0
	 */
	record Truncate(List<QualifiedName> tables, boolean cascade) implements Change {

	}

	/**
	 * Rows are deleted.
	 *
	 * @param table the table
	 * @since 0.1.0
	 */
	record Delete(QualifiedName table) implements Change {

	}

	/**
	 * Rows are changed.
	 *
	 * @param table the table
	 * @param columns the columns that get values; none if they were not understood
	 * @since 0.1.0
	 */
	record Update(QualifiedName table, List<String> columns) implements OfTable {

	}

	/**
	 * Rows are added.
	 *
	 * @param table the table
	 * @param overwrites whether rows that are there may be changed instead
	 * @since 0.1.0
	 */
	record Insert(QualifiedName table, boolean overwrites) implements OfTable {

	}

	/**
	 * Rows are added, changed or deleted, as {@code MERGE} has it.
	 *
	 * @param table the table
	 * @since 0.1.0
	 */
	record Merge(QualifiedName table) implements Change {

	}

	/**
	 * What may be functions is called.
	 *
	 * @param functions the names before parentheses, without schemas
	 * @since 0.1.0
	 */
	record Call(Set<String> functions) implements Change {

	}

	/**
	 * Names without a schema mean something else from here on.
	 *
	 * @since 0.1.0
	 */
	record SetSearchPath() implements Change {

	}

	/**
	 * Nothing that outlasts the session, or nothing but how things are stored.
	 *
	 * @param command the command
	 * @since 0.1.0
	 */
	record Passing(String command) implements Change {

	}

	/**
	 * Anything: the text does not tell.
	 *
	 * @param command the command
	 * @since 0.1.0
	 */
	record Opaque(String command) implements Change {

	}

	/**
	 * Something that has no kind of its own here, or was not understood, but leaves rows
	 * alone.
	 *
	 * @param command the command
	 * @since 0.1.0
	 */
	record Other(String command) implements Change {

	}

}
