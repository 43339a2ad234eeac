package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE DATABASE}.
 *
 * @param name the database
 * @since 0.1.0
 */
public record CreateDatabase(String name) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.FORBIDDEN;
	}

}
