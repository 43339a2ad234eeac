package dev.tidemark.sql;

/**
 * Writes queries so that the search path does not decide what their operators are.
 *
 * @since 0.1.0
 */
public final class Operators {

	private Operators() {
	}

	/**
	 * Names the server's own operators in a query. Without that, the search path decides
	 * which operator of a name is meant, and one whose operands fit better counts even if
	 * its schema stands behind the server's: whoever may create an operator could run
	 * code with the rights of whoever asks. Functions and types have to be qualified
	 * already.
	 * <p>
	 * All operators that are named so bind alike, so what has several of them needs
	 * parentheses. {@code IN}, {@code BETWEEN}, {@code NULLIF}, {@code LIKE} and
	 * {@code CASE} with an operand name no operator, and must not be used.
	 * @param sql a query
	 * @return the query with {@code OPERATOR(pg_catalog.…)} for each operator
	 */
	public static String qualified(String sql) {
		StringBuilder qualified = new StringBuilder();
		Lexer lexer = new Lexer(sql, 0, sql.length(), true);
		int copied = 0;
		while (lexer.next() != Token.END) {
			if (lexer.token() == Token.OPERATOR && isOperator(sql, lexer.start(), lexer.end())) {
				qualified.append(sql, copied, lexer.start())
					.append(" OPERATOR(pg_catalog.")
					.append(sql, lexer.start(), lexer.end())
					.append(") ");
				copied = lexer.end();
			}
		}
		return qualified.append(sql, copied, sql.length()).toString();
	}

	/** A parameter of JDBC and what stands for all columns or rows are none. */
	private static boolean isOperator(String sql, int start, int end) {
		String operator = sql.substring(start, end);
		return !operator.equals("?") && !(operator.equals("*") && sql.charAt(start - 1) == '(');
	}

}
