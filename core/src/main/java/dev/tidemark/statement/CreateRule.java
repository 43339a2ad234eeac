package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE RULE}.
 *
 * @param name the rule
 * @param table its table or view
 * @param orReplace whether an existing one is replaced
 * @param event the event, such as {@code SELECT}
 * @param instead whether it takes the place of the command
 * @since 0.1.0
 */
public record CreateRule(String name, QualifiedName table, boolean orReplace, String event,
		boolean instead) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
