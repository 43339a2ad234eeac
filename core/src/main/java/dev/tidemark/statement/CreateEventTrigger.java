package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE EVENT TRIGGER}.
 *
 * @param name the trigger
 * @param event the event in lower case, such as {@code ddl_command_end}
 * @param function what it calls
 * @since 0.1.0
 */
public record CreateEventTrigger(String name, String event, QualifiedName function) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
