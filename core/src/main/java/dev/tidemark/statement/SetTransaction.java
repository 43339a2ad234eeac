package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code SET TRANSACTION} and {@code SET SESSION CHARACTERISTICS}.
 *
 * @param session whether it is for all transactions to come
 * @since 0.1.0
 */
public record SetTransaction(boolean session) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
