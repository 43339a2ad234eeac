package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER SUBSCRIPTION}, but for what every object knows.
 *
 * @param name the subscription
 * @param action what is done to it
 * @param changesSlot whether the replication slot on the other server is touched
 * @since 0.1.0
 */
public record AlterSubscription(String name, Action action, boolean changesSlot) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return this.changesSlot ? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

	/**
	 * What is done to a subscription.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/** Its list of tables is brought up to date. */
		REFRESH,

		/** Its publications or options are set to what the statement says. */
		SET,

		/** Publications are added to those it has. */
		ADD,

		/** Publications are taken from those it has. */
		DROP,

		/** It is switched on. */
		ENABLE,

		/** It is switched off. */
		DISABLE,

		/** It connects to another server. */
		CONNECTION,

		/** It passes over a transaction. */
		SKIP

	}

}
