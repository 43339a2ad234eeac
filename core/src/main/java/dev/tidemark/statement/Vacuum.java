package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code VACUUM}.
 *
 * @param tables the tables; empty for all
 * @param full whether the tables are written anew
 * @param analyze whether statistics are collected too
 * @since 0.1.0
 */
public record Vacuum(List<QualifiedName> tables, boolean full, boolean analyze) implements Statement {

	/** Copies what it is given. */
	public Vacuum {
		tables = List.copyOf(tables);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return TransactionUse.FORBIDDEN;
	}

}
