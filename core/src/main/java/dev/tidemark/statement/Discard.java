package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code DISCARD}.
 *
 * @param what {@code ALL}, {@code PLANS}, {@code SEQUENCES} or {@code TEMP}
 * @since 0.1.0
 */
public record Discard(String what) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return this.what.equals("ALL") ? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

}
