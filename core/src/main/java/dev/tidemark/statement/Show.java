package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code SHOW}.
 *
 * @since 0.1.0
 */
public record Show() implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
