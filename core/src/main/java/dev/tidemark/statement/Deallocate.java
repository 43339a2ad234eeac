package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code DEALLOCATE}.
 *
 * @param name the prepared statement, or {@code null} for all
 * @since 0.1.0
 */
public record Deallocate(@Nullable String name) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
