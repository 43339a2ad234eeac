package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE INDEX}.
 *
 * @param name the name, or {@code null} if the server is to choose one; the index lives
 * in the schema of its table
 * @param table the table
 * @param only whether the partitions of the table get none
 * @param unique whether the index is unique
 * @param concurrently whether it is built {@code CONCURRENTLY}
 * @param ifNotExists whether an existing relation of that name is accepted
 * @param keys what is indexed, without what is only included
 * @param predicate which rows it holds, or {@code null} for all
 * @param tablespace the tablespace, or {@code null} if the statement names none
 * @param definition the text behind the table, from {@code USING} or the columns to the
 * end
 * @since 0.1.0
 */
public record CreateIndex(@Nullable String name, QualifiedName table, boolean only, boolean unique,
		boolean concurrently, boolean ifNotExists, List<IndexKey> keys, @Nullable Expression predicate,
		@Nullable String tablespace, String definition) implements Statement {

	/** Copies what it is given. */
	public CreateIndex {
		keys = List.copyOf(keys);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return this.concurrently ? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

	@Override
	public boolean waitsInTurn() {
		return this.concurrently;
	}

}
