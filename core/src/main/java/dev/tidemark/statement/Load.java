package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code LOAD} of a library, which may do anything.
 *
 * @param library its file as the statement writes it
 * @since 0.1.0
 */
public record Load(String library) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
