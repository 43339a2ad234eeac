package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER FUNCTION}, {@code ALTER PROCEDURE} and {@code ALTER ROUTINE}, but for what
 * every object knows.
 *
 * @param kind what the statement calls it
 * @param name the routine
 * @param options what it is told
 * @since 0.1.0
 */
public record AlterRoutine(ObjectKind kind, ObjectName name, RoutineOptions options) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
