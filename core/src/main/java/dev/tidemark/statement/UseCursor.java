package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code FETCH}, {@code MOVE} and {@code CLOSE}.
 *
 * @param command the command
 * @since 0.1.0
 */
public record UseCursor(String command) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
