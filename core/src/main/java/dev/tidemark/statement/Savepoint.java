package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code SAVEPOINT}, {@code RELEASE} and {@code ROLLBACK TO}.
 *
 * @param action what is done
 * @param name the savepoint
 * @since 0.1.0
 */
public record Savepoint(Action action, String name) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * What is done to a savepoint.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/** It is set. */
		SET,

		/** It is given up. */
		RELEASE,

		/** What was done after it is taken back. */
		ROLL_BACK

	}

}
