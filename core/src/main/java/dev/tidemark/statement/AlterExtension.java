package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER EXTENSION}, but for what every object knows.
 *
 * @param name the extension
 * @param action what is done to it
 * @since 0.1.0
 */
public record AlterExtension(String name, Action action) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * What is done to an extension.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/** It is brought to another version, by scripts that may do anything. */
		UPDATE,

		/** An object becomes a member. */
		ADD,

		/** An object is no member any more. */
		DROP

	}

}
