package dev.tidemark.statement;

/**
 * {@code CHECKPOINT}.
 * @since 0.1.0
 */
public record Checkpoint() implements Statement {

	@Override
	public <R> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
