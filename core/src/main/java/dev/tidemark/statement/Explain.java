package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code EXPLAIN}.
 *
 * @param analyze whether the statement is run
 * @param statement the statement
 * @since 0.1.0
 */
public record Explain(boolean analyze, Statement statement) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
