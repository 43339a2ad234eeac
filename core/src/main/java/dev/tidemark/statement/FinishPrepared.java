package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code COMMIT PREPARED} and {@code ROLLBACK PREPARED}.
 *
 * @param commit whether the transaction is committed
 * @param identifier the identifier that it was prepared under
 * @since 0.1.0
 */
public record FinishPrepared(boolean commit, String identifier) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.FORBIDDEN;
	}

}
