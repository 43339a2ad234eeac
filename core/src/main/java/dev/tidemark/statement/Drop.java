package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code DROP}.
 *
 * @param kind what
 * @param names the names; none for what has none, such as a cast
 * @param ifExists whether they may be missing
 * @param cascade whether all that depends on them is dropped too
 * @param concurrently whether indexes are dropped {@code CONCURRENTLY}
 * @since 0.1.0
 */
public record Drop(ObjectKind kind, List<ObjectName> names, boolean ifExists, boolean cascade,
		boolean concurrently) implements Statement {

	/** Copies what it is given. */
	public Drop {
		names = List.copyOf(names);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return (this.concurrently || this.kind == ObjectKind.DATABASE || this.kind == ObjectKind.SUBSCRIPTION
				|| this.kind == ObjectKind.TABLESPACE) ? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

	@Override
	public boolean waitsInTurn() {
		return this.concurrently;
	}

}
