package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE TABLESPACE}.
 *
 * @param name the tablespace
 * @param location its directory as the statement writes it
 * @since 0.1.0
 */
public record CreateTablespace(String name, String location) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.FORBIDDEN;
	}

}
