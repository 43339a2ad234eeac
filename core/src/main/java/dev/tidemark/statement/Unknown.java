package dev.tidemark.statement;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A statement that is not understood, so that it may do anything.
 *
 * @param command the command in upper case, as far as that was recognised
 * @since 0.1.0
 */
public record Unknown(String command) implements Statement {

	/** What the server refuses in a transaction block whatever comes behind. */
	private static final Set<String> FORBIDDEN = Set.of("ALTER SYSTEM", "COMMIT PREPARED", "CREATE DATABASE",
			"CREATE INDEX CONCURRENTLY", "CREATE TABLESPACE", "DISCARD ALL", "DROP DATABASE", "DROP INDEX CONCURRENTLY",
			"DROP SUBSCRIPTION", "DROP TABLESPACE", "ROLLBACK PREPARED", "VACUUM", "WAIT");

	private static final Set<String> CONTROL = Set.of("ABORT", "BEGIN", "COMMIT", "END", "PREPARE TRANSACTION",
			"ROLLBACK", "START TRANSACTION");

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * Return what the command alone tells: a newer server may know more of its options.
	 */
	@Override
	public TransactionUse transactionUse() {
		if (FORBIDDEN.contains(this.command)) {
			return TransactionUse.FORBIDDEN;
		}
		return CONTROL.contains(this.command) ? TransactionUse.CONTROL : TransactionUse.ALLOWED;
	}

	@Override
	public boolean waitsInTurn() {
		return this.command.endsWith(" CONCURRENTLY");
	}

}
