package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code ALTER TABLE ALL IN TABLESPACE} and the like.
 *
 * @param kind tables, indexes or materialized views
 * @param from the tablespace that they lie in
 * @param owners whose they are; empty for all
 * @param to the tablespace that they move to
 * @param nowait whether it fails rather than waits for locks
 * @since 0.1.0
 */
public record MoveRelations(ObjectKind kind, String from, List<String> owners, String to,
		boolean nowait) implements Statement {

	/** Copies what it is given. */
	public MoveRelations {
		owners = List.copyOf(owners);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
