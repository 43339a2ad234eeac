package dev.tidemark.statement;

import dev.tidemark.sql.script.SqlStatement;

/**
 * Entry point to what statements do.
 *
 * @since 0.1.0
 */
public final class Statements {

	private Statements() {
	}

	/**
	 * Return what a statement does, as far as its text tells.
	 * @param sql the statement
	 * @return what it does
	 */
	public static FormerStatement of(SqlStatement sql) {
		return new FormerStatement(sql);
	}

}
