package dev.tidemark.migration.backfill;

import dev.tidemark.sql.Lexer;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.Token;

/**
 * The condition that each row of a table satisfies after a backfill, of which is known
 * that it ends where it ends.
 *
 * @param sql the condition
 * @since 0.1.0
 */
public record VerifyCondition(String sql) {

	private static final String REMEDY = "Write one condition on the columns of the table, as in verify \"email_new IS NOT"
			+ " NULL\".";

	/**
	 * Checks the condition, in time proportional to its length.
	 * @throws UnusableOptionException if it is empty, or would take in what stands behind
	 * it
	 */
	public VerifyCondition {
		sql = sql.strip();
		if (sql.isEmpty()) {
			throw wrong("is empty");
		}
		try {
			check(sql);
		}
		catch (SqlSyntaxException ex) {
			throw wrong("cannot be read: " + ex.faults().get(0).message());
		}
	}

	private static void check(String sql) {
		boolean[] comment = new boolean[1];
		Lexer lexer = new Lexer(sql, 0, sql.length(), true);
		lexer.tellComments((offset) -> comment[0] = true);
		int depth = 0;
		while (lexer.next() != Token.END) {
			depth += lexer.isSymbol('(') ? 1 : lexer.isSymbol(')') ? -1 : 0;
			if (depth < 0) {
				throw wrong("closes a parenthesis that it does not open");
			}
			if (lexer.isSymbol(';')) {
				throw wrong("holds a semicolon");
			}
			if (lexer.isSymbol('{') || lexer.token() == Token.PARAMETER || lexer.token() == Token.BACKSLASH) {
				throw wrong("holds '" + sql.charAt(lexer.start()) + "', which is no part of a condition");
			}
		}
		if (depth > 0) {
			throw wrong("does not close a parenthesis");
		}
		if (comment[0]) {
			throw wrong("holds a comment that ends with its line");
		}
	}

	private static UnusableOptionException wrong(String what) {
		return new UnusableOptionException("The condition of 'verify' " + what + ".", REMEDY);
	}

	/** Returns the condition. */
	@Override
	public String toString() {
		return this.sql;
	}

}
