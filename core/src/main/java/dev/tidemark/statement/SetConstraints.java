package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code SET CONSTRAINTS}.
 *
 * @param names the constraints; empty for all
 * @param deferred whether they are checked at the end of the transaction
 * @since 0.1.0
 */
public record SetConstraints(List<QualifiedName> names, boolean deferred) implements Statement {

	/** Copies what it is given. */
	public SetConstraints {
		names = List.copyOf(names);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
