package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code EXECUTE} of a prepared statement.
 *
 * @param name its name
 * @param arguments what is called for its arguments
 * @since 0.1.0
 */
public record ExecutePrepared(String name, Rows arguments) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
