package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code LISTEN}, {@code NOTIFY} and {@code UNLISTEN}.
 *
 * @param command the command
 * @since 0.1.0
 */
public record Notification(String command) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
