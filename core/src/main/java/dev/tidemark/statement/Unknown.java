package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * A statement that is not understood, so that it may do anything.
 *
 * @param command the command in upper case, as far as that was recognised
 * @since 0.1.0
 */
public record Unknown(String command) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
