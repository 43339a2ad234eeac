package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER SYSTEM}.
 *
 * @param parameter the parameter in lower case, or {@code null} for all of them
 * @param reset whether its value is taken back instead of set
 * @since 0.1.0
 */
public record AlterSystem(@Nullable String parameter, boolean reset) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.FORBIDDEN;
	}

}
