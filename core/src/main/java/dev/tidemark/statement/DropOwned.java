package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code DROP OWNED}.
 *
 * @param roles whose objects and rights are dropped
 * @param cascade whether all that depends on them is dropped too
 * @since 0.1.0
 */
public record DropOwned(List<String> roles, boolean cascade) implements Statement {

	/** Copies what it is given. */
	public DropOwned {
		roles = List.copyOf(roles);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
