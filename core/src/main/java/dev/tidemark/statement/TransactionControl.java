package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * What begins, ends or prepares a transaction.
 *
 * @param action what it does
 * @param chain whether another one begins at once
 * @param plain whether nothing is said of how it begins or ends
 * @since 0.1.0
 */
public record TransactionControl(Action action, boolean chain, boolean plain) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.CONTROL;
	}

	/**
	 * What is done to a transaction.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/** It begins. */
		BEGIN,

		/** It is committed. */
		COMMIT,

		/** It is rolled back. */
		ROLLBACK,

		/** It is prepared, to be ended later by any session. */
		PREPARE

	}

}
