package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE POLICY}.
 *
 * @param name the policy
 * @param table its table
 * @param permissive whether it allows what others do not
 * @param command the command that it is for, {@code ALL} for all
 * @since 0.1.0
 */
public record CreatePolicy(String name, QualifiedName table, boolean permissive, String command) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
