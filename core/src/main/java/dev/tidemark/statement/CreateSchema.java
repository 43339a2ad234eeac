package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE SCHEMA}.
 *
 * @param name the schema
 * @param ifNotExists whether an existing one is accepted
 * @param elements what is created in it at once
 * @since 0.1.0
 */
public record CreateSchema(String name, boolean ifNotExists, List<Statement> elements) implements Statement {

	/** Copies what it is given. */
	public CreateSchema {
		elements = List.copyOf(elements);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
