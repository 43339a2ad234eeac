package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE FUNCTION} and {@code CREATE PROCEDURE}.
 *
 * @param kind {@link ObjectKind#FUNCTION} or {@link ObjectKind#PROCEDURE}
 * @param name the routine with its arguments
 * @param orReplace whether an existing one is replaced
 * @param options its language, volatility and the like
 * @param body the text of its body, or {@code null} for one of {@code BEGIN ATOMIC},
 * {@code RETURN} or a library
 * @since 0.1.0
 */
public record CreateRoutine(ObjectKind kind, ObjectName name, boolean orReplace, RoutineOptions options,
		@Nullable String body) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
