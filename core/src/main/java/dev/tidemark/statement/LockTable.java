package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code LOCK}.
 *
 * @param tables the tables or views
 * @param mode how they are locked
 * @param nowait whether it fails rather than waits
 * @since 0.1.0
 */
public record LockTable(List<QualifiedName> tables, LockMode mode, boolean nowait) implements Statement {

	/** Copies what it is given. */
	public LockTable {
		tables = List.copyOf(tables);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
