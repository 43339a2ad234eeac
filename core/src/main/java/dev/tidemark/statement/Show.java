package dev.tidemark.statement;

/**
 * {@code SHOW}.
 * @since 0.1.0
 */
public record Show() implements Statement {

	@Override
	public <R> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
