package dev.tidemark.statement;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code COPY}.
 *
 * @param table the table, or {@code null} for a query
 * @param query the query, or {@code null} for a table
 * @param from whether rows are written to the table
 * @param endpoint where they come from, or go to
 * @param functions what may be functions that its condition calls for each row
 * @since 0.1.0
 */
public record Copy(@Nullable QualifiedName table, @Nullable Statement query, boolean from, Endpoint endpoint,
		Set<QualifiedName> functions) implements Statement {

	/** Copies the set. */
	public Copy {
		functions = Set.copyOf(functions);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * Where rows come from, or go to.
	 *
	 * @since 0.1.0
	 */
	public enum Endpoint {

		/** The client. */
		CLIENT,

		/** A file of the server. */
		FILE,

		/** A program that the server runs. */
		PROGRAM

	}

}
