package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code DO}: a block of code.
 *
 * @param language its language in lower case
 * @param statements the statements inside that could be read
 * @param complete whether these are all that it can run; {@code false} if it makes
 * statements from strings or is written in a language that is not read
 * @since 0.1.0
 */
public record DoBlock(String language, List<Statement> statements, boolean complete) implements Statement {

	/** Copies what it is given. */
	public DoBlock {
		statements = List.copyOf(statements);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
