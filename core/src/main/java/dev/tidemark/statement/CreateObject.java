package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE} of what has no kind of its own here, such as an operator or a role. None
 * of them locks a relation that is there.
 *
 * @param kind what
 * @param name its name, or {@code null} for what has none, such as a cast
 * @param orReplace whether an existing one is replaced
 * @param ifNotExists whether an existing one is accepted
 * @since 0.1.0
 */
public record CreateObject(ObjectKind kind, @Nullable ObjectName name, boolean orReplace,
		boolean ifNotExists) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
