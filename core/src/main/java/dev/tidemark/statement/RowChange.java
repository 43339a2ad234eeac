package dev.tidemark.statement;

import java.util.List;

import dev.tidemark.sql.QualifiedName;

/**
 * What a statement writes.
 *
 * @since 0.1.0
 */
public sealed interface RowChange {

	/**
	 * Rows are added.
	 *
	 * @param table the table
	 * @param overwrites whether rows that are there may be changed instead
	 * @since 0.1.0
	 */
	record Insert(QualifiedName table, boolean overwrites) implements RowChange {

	}

	/**
	 * Rows are changed.
	 *
	 * @param table the table
	 * @param columns the columns that get values
	 * @param where whether a condition says which rows
	 * @since 0.1.0
	 */
	record Update(QualifiedName table, List<String> columns, boolean where) implements RowChange {

		/** Copies what it is given. */
		public Update {
			columns = List.copyOf(columns);
		}

	}

	/**
	 * Rows are deleted.
	 *
	 * @param table the table
	 * @param where whether a condition says which rows
	 * @since 0.1.0
	 */
	record Delete(QualifiedName table, boolean where) implements RowChange {

	}

	/**
	 * Rows are added, changed or deleted.
	 *
	 * @param table the table
	 * @param deletes whether some may be deleted
	 * @since 0.1.0
	 */
	record Merge(QualifiedName table, boolean deletes) implements RowChange {

	}

}
