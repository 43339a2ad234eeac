package dev.tidemark.migration.backfill;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

import dev.tidemark.sql.TokenReader;

/**
 * Follows a statement, to tell whether an {@code OR} stands beside a mark: at its depth
 * of parentheses, in the same clause; or whether parentheses around it are negated,
 * compared or the arguments of a function.
 */
final class Alternatives {

	/** What begins another condition, or none, at the same depth. */
	private static final Set<String> CLAUSES = Set.of("WHERE", "ON", "HAVING", "WHEN", "THEN", "ELSE", "SET", "FROM",
			"USING", "RETURNING", "UNION", "INTERSECT", "EXCEPT", "SELECT", "VALUES", "GROUP", "ORDER", "LIMIT", "INTO",
			"DO");

	private final Deque<Level> levels = new ArrayDeque<>();

	private Level level = new Level(false, true);

	/** What turns a condition before it into another one. */
	private static final Set<String> TURNING = Set.of("IS", "IN", "NOT", "BETWEEN", "ISNULL", "NOTNULL");

	/** Tells whether what comes next makes something else of the condition before it. */
	static boolean isTurned(TokenReader tokens) {
		return tokens.isAtOperator() || tokens.isAt(':') || tokens.isAt('{') || TURNING.contains(tokens.keyword());
	}

	private boolean turned;

	/**
	 * Passes a token.
	 * @param plain whether a condition may stand here that has to hold
	 * @return whether it is an {@code OR} beside a mark, or beside parentheses with one
	 */
	boolean pass(TokenReader tokens, boolean plain) {
		boolean closed = this.turned;
		this.turned = false;
		if (closed && isTurned(tokens)) {
			return true;
		}
		if (tokens.isAt('(') || tokens.isAt('[') || tokens.isAt("CASE")) {
			this.levels.push(this.level);
			this.level = new Level(tokens.isAt("CASE"), plain);
		}
		else if (tokens.isAt(')') || tokens.isAt(']')) {
			while (this.level.isCase && !this.levels.isEmpty()) {
				this.level = this.levels.pop();
			}
			return end();
		}
		else if (tokens.isAt("END") && this.level.isCase) {
			close();
		}
		else if (tokens.isAt("OR")) {
			this.level.or = true;
			return this.level.mark;
		}
		else if (CLAUSES.contains(tokens.keyword())) {
			this.level.clauses = true;
			this.level.mark = false;
			this.level.or = false;
		}
		return false;
	}

	/**
	 * Passes a mark.
	 * @return whether an {@code OR} stands before it
	 */
	boolean mark() {
		this.level.mark = true;
		return this.level.or;
	}

	/** A condition in parentheses is one of what encloses them; a query has its own. */
	private boolean end() {
		Level inner = this.level;
		close();
		if (!inner.mark || inner.clauses || inner == this.level) {
			return false;
		}
		this.turned = true;
		return mark() || !inner.plain;
	}

	private void close() {
		if (!this.levels.isEmpty()) {
			this.level = this.levels.pop();
		}
	}

	/** What a pair of parentheses, or a {@code CASE}, encloses. */
	private static final class Level {

		private final boolean isCase;

		private final boolean plain;

		private boolean mark;

		private boolean or;

		private boolean clauses;

		Level(boolean isCase, boolean plain) {
			this.isCase = isCase;
			this.plain = plain;
		}

	}

}
