package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code ALTER POLICY}, but for its name.
 *
 * @param name the policy
 * @param table its table
 * @since 0.1.0
 */
public record AlterPolicy(String name, QualifiedName table) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
