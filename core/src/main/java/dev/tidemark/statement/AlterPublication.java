package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER PUBLICATION}, but for what every object knows.
 *
 * @param name the publication
 * @param action what is done with the objects
 * @param objects the objects; none where options are set
 * @since 0.1.0
 */
public record AlterPublication(String name, Action action, PublishedObjects objects) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

	/**
	 * What is done with the objects.
	 *
	 * @since 0.1.0
	 */
	public enum Action {

		/** They are added. */
		ADD,

		/** They are removed. */
		DROP,

		/** They take the place of those before. */
		SET,

		/** None: its options are set. */
		OPTIONS

	}

}
