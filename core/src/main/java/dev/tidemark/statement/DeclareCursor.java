package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code DECLARE} of a cursor.
 *
 * @param name its name
 * @param hold whether it outlives its transaction
 * @param query the query
 * @since 0.1.0
 */
public record DeclareCursor(String name, boolean hold, Statement query) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
