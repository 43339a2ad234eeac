package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code GRANT} and {@code REVOKE} of membership in roles.
 *
 * @param grant whether it is granted rather than revoked
 * @param granted the roles to be a member of, as SQL
 * @param members the members as SQL
 * @since 0.1.0
 */
public record GrantRole(boolean grant, List<String> granted, List<String> members) implements Statement {

	/** Copies what it is given. */
	public GrantRole {
		granted = List.copyOf(granted);
		members = List.copyOf(members);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
