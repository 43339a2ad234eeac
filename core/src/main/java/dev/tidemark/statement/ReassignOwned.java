package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code REASSIGN OWNED}.
 *
 * @param roles whose objects get another owner
 * @param owner the other owner
 * @since 0.1.0
 */
public record ReassignOwned(List<String> roles, String owner) implements Statement {

	/** Copies what it is given. */
	public ReassignOwned {
		roles = List.copyOf(roles);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
