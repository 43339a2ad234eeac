package dev.tidemark.statement;

/**
 * {@code PREPARE} of a statement.
 *
 * @param name its name
 * @param statement the statement
 * @since 0.1.0
 */
public record Prepare(String name, Statement statement) implements Statement {

	@Override
	public <R> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
