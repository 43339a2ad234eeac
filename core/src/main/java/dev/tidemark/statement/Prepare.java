package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code PREPARE} of a statement.
 *
 * @param name its name
 * @param statement the statement
 * @since 0.1.0
 */
public record Prepare(String name, Statement statement) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
