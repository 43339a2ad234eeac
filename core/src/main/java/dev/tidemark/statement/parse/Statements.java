package dev.tidemark.statement.parse;

import dev.tidemark.sql.TokenReader;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.Statement;

/**
 * Entry point to what statements do.
 *
 * @since 0.1.0
 */
public final class Statements {

	private Statements() {
	}

	/**
	 * Return what a statement does, as far as its text tells. It is read when this is
	 * first asked, and kept.
	 * @param sql the statement
	 * @return what it does
	 */
	public static Statement of(SqlStatement sql) {
		return sql.meaning(Statement.class,
				(statement) -> StatementParser.parse(statement.tokens(), statement.standardStrings(), 0));
	}

	/**
	 * Return what a text does that is one statement.
	 * @param sql the text, without a semicolon at its end
	 * @return what it does
	 */
	public static Statement of(String sql) {
		return StatementParser.parse(new TokenReader(sql, 0, sql.length(), true), true, 0);
	}

}
