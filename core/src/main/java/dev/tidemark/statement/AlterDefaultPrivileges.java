package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER DEFAULT PRIVILEGES}.
 *
 * @param grant whether rights are granted rather than revoked
 * @since 0.1.0
 */
public record AlterDefaultPrivileges(boolean grant) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
