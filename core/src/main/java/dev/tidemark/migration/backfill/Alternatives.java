package dev.tidemark.migration.backfill;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

import dev.tidemark.sql.TokenReader;

/**
 * Follows a statement, to tell whether an {@code OR} stands beside a mark: at its depth
 * of parentheses, in the same clause.
 */
final class Alternatives {

	/** What begins another condition, or none, at the same depth. */
	private static final Set<String> CLAUSES = Set.of("WHERE", "ON", "HAVING", "WHEN", "THEN", "ELSE", "SET", "FROM",
			"USING", "RETURNING", "UNION", "INTERSECT", "EXCEPT", "SELECT", "VALUES", "GROUP", "ORDER", "LIMIT", "INTO",
			"DO");

	private final Deque<Level> levels = new ArrayDeque<>();

	private Level level = new Level(false);

	/**
	 * Passes a token.
	 * @return whether it is an {@code OR} beside a mark
	 */
	boolean pass(TokenReader tokens) {
		if (tokens.isAt('(') || tokens.isAt('[') || tokens.isAt("CASE")) {
			this.levels.push(this.level);
			this.level = new Level(tokens.isAt("CASE"));
		}
		else if (tokens.isAt(')') || tokens.isAt(']')) {
			while (this.level.isCase && !this.levels.isEmpty()) {
				this.level = this.levels.pop();
			}
			close();
		}
		else if (tokens.isAt("END") && this.level.isCase) {
			close();
		}
		else if (tokens.isAt("OR")) {
			this.level.or = true;
			return this.level.mark;
		}
		else if (CLAUSES.contains(tokens.keyword())) {
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

	private void close() {
		if (!this.levels.isEmpty()) {
			this.level = this.levels.pop();
		}
	}

	/** What a pair of parentheses, or a {@code CASE}, encloses. */
	private static final class Level {

		private final boolean isCase;

		private boolean mark;

		private boolean or;

		Level(boolean isCase) {
			this.isCase = isCase;
		}

	}

}
