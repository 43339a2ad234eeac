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
	 * Return the table that is written to.
	 * @return the table
	 */
	QualifiedName table();

	/**
	 * Return the columns that get other values in rows that are there.
	 * @return the columns, none if such rows stay as they are or go
	 */
	default List<String> columns() {
		return List.of();
	}

	/**
	 * Call the method of a visitor that is for this kind of change.
	 * @param visitor the visitor
	 */
	void accept(Visitor visitor);

	/**
	 * Rows are added.
	 *
	 * @param table the table
	 * @param overwrites whether rows that are there may be changed instead
	 * @param columns the columns that get values in rows that are there
	 * @since 0.1.0
	 */
	record Insert(QualifiedName table, boolean overwrites, List<String> columns) implements RowChange {

		/** Copies what it is given. */
		public Insert {
			columns = List.copyOf(columns);
		}

		@Override
		public void accept(Visitor visitor) {
			visitor.visit(this);
		}

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

		@Override
		public void accept(Visitor visitor) {
			visitor.visit(this);
		}

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

		@Override
		public void accept(Visitor visitor) {
			visitor.visit(this);
		}

	}

	/**
	 * Rows are added, changed or deleted.
	 *
	 * @param table the table
	 * @param deletes whether some may be deleted
	 * @param columns the columns that get values in rows that are there
	 * @since 0.1.0
	 */
	record Merge(QualifiedName table, boolean deletes, List<String> columns) implements RowChange {

		/** Copies what it is given. */
		public Merge {
			columns = List.copyOf(columns);
		}

		@Override
		public void accept(Visitor visitor) {
			visitor.visit(this);
		}

	}

	/**
	 * Callback interface for all kinds of change.
	 *
	 * @since 0.1.0
	 */
	interface Visitor {

		/**
		 * Visit rows that are added.
		 * @param insert the change
		 */
		void visit(Insert insert);

		/**
		 * Visit rows that are changed.
		 * @param update the change
		 */
		void visit(Update update);

		/**
		 * Visit rows that are deleted.
		 * @param delete the change
		 */
		void visit(Delete delete);

		/**
		 * Visit rows that are added, changed or deleted.
		 * @param merge the change
		 */
		void visit(Merge merge);

	}

}
