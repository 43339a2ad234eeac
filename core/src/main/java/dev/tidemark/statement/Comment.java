package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code COMMENT} and {@code SECURITY LABEL}.
 *
 * @param kind what is described
 * @param name its name; of a column or a constraint that of its relation; {@code null}
 * for what has none, such as a cast
 * @since 0.1.0
 */
public record Comment(ObjectKind kind, @Nullable ObjectName name) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
