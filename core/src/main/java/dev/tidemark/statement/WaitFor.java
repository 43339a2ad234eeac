package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code WAIT FOR} (since PostgreSQL 19).
 *
 * @since 0.1.0
 */
public record WaitFor() implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.FORBIDDEN;
	}

}
