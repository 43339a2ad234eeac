package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CLUSTER} and {@code REPACK} (since PostgreSQL 19), which change how tables are
 * stored and never what they say.
 *
 * @param repack whether it is {@code REPACK}
 * @param table the table, or {@code null} for all
 * @param index the index to order by, or {@code null} if the statement names none
 * @param concurrently whether others may read and write meanwhile
 * @param analyze whether statistics are collected too
 * @since 0.1.0
 */
public record Cluster(boolean repack, @Nullable QualifiedName table, @Nullable String index, boolean concurrently,
		boolean analyze) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return (this.table == null || this.concurrently || this.analyze) ? TransactionUse.FORBIDDEN
				: TransactionUse.ALLOWED;
	}

	@Override
	public boolean waitsInTurn() {
		return this.concurrently;
	}

}
