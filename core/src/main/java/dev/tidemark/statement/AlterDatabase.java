package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER DATABASE}, but for what every object knows.
 *
 * @param name the database
 * @param tablespace the tablespace that it moves to, or {@code null} if something else is
 * done
 * @since 0.1.0
 */
public record AlterDatabase(String name, @Nullable String tablespace) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return (this.tablespace != null) ? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

}
