package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code REINDEX}.
 *
 * @param target what kind of object the name is
 * @param name the name, or {@code null} for the current database
 * @param concurrently whether the indexes are rebuilt {@code CONCURRENTLY}
 * @since 0.1.0
 */
public record Reindex(Target target, @Nullable QualifiedName name, boolean concurrently) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * Return how the statement gets along with a transaction block, as far as the text
	 * tells: what is partitioned is refused too.
	 */
	@Override
	public TransactionUse transactionUse() {
		return (this.concurrently || (this.target != Target.INDEX && this.target != Target.TABLE))
				? TransactionUse.FORBIDDEN : TransactionUse.ALLOWED;
	}

	@Override
	public boolean waitsInTurn() {
		return this.concurrently;
	}

	/**
	 * What {@code REINDEX} can be told to rebuild.
	 *
	 * @since 0.1.0
	 */
	public enum Target {

		/** One index. */
		INDEX,

		/** The indexes of a table. */
		TABLE,

		/** The indexes of a schema. */
		SCHEMA,

		/** The indexes of the database. */
		DATABASE,

		/** The indexes of the system catalogues. */
		SYSTEM

	}

}
