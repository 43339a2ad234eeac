package dev.tidemark.statement;

import java.util.Set;

import dev.tidemark.sql.QualifiedName;

/**
 * An expression as a statement writes it.
 *
 * @param sql the expression as SQL
 * @param functions what may be functions that are called, and what SQL calls without
 * parentheses, such as {@code current_timestamp}
 * @since 0.1.0
 */
public record Expression(String sql, Set<QualifiedName> functions) {

	/** Copies the set. */
	public Expression {
		functions = Set.copyOf(functions);
	}

	/**
	 * Return how often its value may change, as far as the text tells: casts and
	 * operators are taken for those of the server, which are never volatile.
	 * @return the most changeable of what it calls
	 */
	public Volatility volatility() {
		Volatility most = Volatility.IMMUTABLE;
		for (QualifiedName function : this.functions) {
			Volatility volatility = KnownFunctions.volatility(function);
			if (volatility == Volatility.VOLATILE) {
				return volatility;
			}
			most = (volatility.compareTo(most) > 0) ? volatility : most;
		}
		return most;
	}

	@Override
	public String toString() {
		return this.sql;
	}

}
