package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CHECKPOINT}.
 *
 * @since 0.1.0
 */
public record Checkpoint() implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
