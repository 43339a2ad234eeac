package dev.tidemark.statement;

/**
 * {@code EXPLAIN}.
 *
 * @param analyze whether the statement is run
 * @param statement the statement
 * @since 0.1.0
 */
public record Explain(boolean analyze, Statement statement) implements Statement {

	@Override
	public <R> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
