package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE PUBLICATION}.
 *
 * @param name the publication
 * @param objects what is published
 * @since 0.1.0
 */
public record CreatePublication(String name, PublishedObjects objects) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
