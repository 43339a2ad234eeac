package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * A constraint of a table, column or domain.
 *
 * @param name its name, or {@code null} if the server chooses it
 * @param kind what it demands
 * @param columns the columns that it is about; of a check none
 * @param expression what a check demands, or {@code null}
 * @param references the table that a foreign key refers to, or {@code null}
 * @param referenced the columns there; none for its primary key
 * @param index the index that becomes its own, or {@code null} if it gets a new one or
 * none
 * @param validated whether existing rows are checked
 * @param enforced whether it is enforced at all
 * @param deferrable whether it may be checked at the end of the transaction
 * @param noInherit whether children of the table are free of it
 * @since 0.1.0
 */
public record TableConstraint(@Nullable String name, Kind kind, List<String> columns, @Nullable Expression expression,
		@Nullable QualifiedName references, List<String> referenced, @Nullable String index, boolean validated,
		boolean enforced, boolean deferrable, boolean noInherit) {

	/** Copies what it is given. */
	public TableConstraint {
		columns = List.copyOf(columns);
		referenced = List.copyOf(referenced);
	}

	/**
	 * What a constraint demands.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/** That an expression is not false. */
		CHECK,

		/** That no two rows are in each other's way. */
		EXCLUDE,

		/** That another table has such a row. */
		FOREIGN_KEY,

		/** That a column is not null. */
		NOT_NULL,

		/** That columns tell rows apart, and are not null. */
		PRIMARY_KEY,

		/** That columns tell rows apart. */
		UNIQUE

	}

}
