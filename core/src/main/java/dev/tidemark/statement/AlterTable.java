package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code ALTER TABLE}, and the like for other relations: {@code ALTER INDEX},
 * {@code ALTER VIEW}, {@code ALTER MATERIALIZED VIEW}, {@code ALTER FOREIGN TABLE} and
 * {@code ALTER SEQUENCE} where it does what tables know too.
 *
 * @param kind what the statement calls it; the server takes {@code TABLE} for any
 * relation
 * @param name the relation
 * @param only whether its children are left alone
 * @param ifExists whether it may be missing
 * @param actions what is done to it, in order
 * @since 0.1.0
 */
public record AlterTable(ObjectKind kind, QualifiedName name, boolean only, boolean ifExists,
		List<TableAction> actions) implements Statement {

	/** Copies what it is given. */
	public AlterTable {
		actions = List.copyOf(actions);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	@Override
	public TransactionUse transactionUse() {
		return this.actions.stream().anyMatch(TableAction::isForbiddenInTransaction) ? TransactionUse.FORBIDDEN
				: TransactionUse.ALLOWED;
	}

	@Override
	public boolean waitsInTurn() {
		return transactionUse() == TransactionUse.FORBIDDEN;
	}

}
