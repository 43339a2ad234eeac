package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE SUBSCRIPTION}.
 *
 * @param name the subscription
 * @param publications the publications
 * @param createsSlot whether a replication slot is created on the other server
 * @since 0.1.0
 */
public record CreateSubscription(String name, List<String> publications, boolean createsSlot) implements Statement {

	/** Copies what it is given. */
	public CreateSubscription {
		publications = List.copyOf(publications);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return this.createsSlot ? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

}
