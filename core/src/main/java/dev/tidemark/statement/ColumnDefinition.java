package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * A column, or the attribute of a type, as a statement defines it.
 *
 * @param name its name
 * @param type its type, or {@code null} where that is known already
 * @param collation its collation, or {@code null} if the statement names none
 * @param defaultValue its default, or {@code null} if the statement names none
 * @param generated how its values are made, or {@code null} if it is an ordinary column
 * @param expression what a generated column holds, or {@code null}
 * @param constraints the constraints that stand with it, without {@code NULL}
 * @since 0.1.0
 */
public record ColumnDefinition(String name, @Nullable TypeName type, @Nullable QualifiedName collation,
		@Nullable Expression defaultValue, @Nullable Generated generated, @Nullable Expression expression,
		List<TableConstraint> constraints) {

	/** Copies what it is given. */
	public ColumnDefinition {
		constraints = List.copyOf(constraints);
	}

	/**
	 * How the values of a column are made.
	 *
	 * @since 0.1.0
	 */
	public enum Generated {

		/** From an expression, when a row is written. */
		STORED,

		/** From an expression, when a row is read. */
		VIRTUAL,

		/** From a sequence, whatever a statement says. */
		IDENTITY_ALWAYS,

		/** From a sequence, where a statement says nothing. */
		IDENTITY_BY_DEFAULT

	}

	/**
	 * Return whether a constraint of a kind stands with it.
	 * @param kind the kind
	 * @return whether there is one
	 */
	public boolean has(TableConstraint.Kind kind) {
		return this.constraints.stream().anyMatch((constraint) -> constraint.kind() == kind);
	}

}
