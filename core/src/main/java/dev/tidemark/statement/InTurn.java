package dev.tidemark.statement;

import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.sql.script.TransactionUse;

/**
 * Tells which statements wait for transactions of others to end rather than queue in
 * front of them, as concurrent commands do: a lock timeout would cut them off half-way,
 * perhaps after hours, and protect nobody.
 *
 * @since 0.1.0
 */
public final class InTurn {

	private InTurn() {
	}

	/**
	 * Return whether a statement waits in turn.
	 * @param statement the statement
	 * @return {@code true} for what runs {@code CONCURRENTLY} and in no transaction
	 */
	public static boolean waits(SqlStatement statement) {
		if (statement.transactionUse() != TransactionUse.FORBIDDEN) {
			return false;
		}
		TokenReader tokens = statement.tokens();
		while (!tokens.isAtEnd() && !tokens.isAt("CONCURRENTLY")) {
			tokens.skip();
		}
		return !tokens.isAtEnd();
	}

	/**
	 * Return whether SQL of ours waits in turn, which clears up behind a statement.
	 * @param sql one or more statements
	 * @return {@code true} if one of them does
	 */
	public static boolean waits(String sql) {
		return SqlScript.parse(sql).statements().stream().anyMatch(InTurn::waits);
	}

}
