package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code TRUNCATE}.
 *
 * @param tables the tables
 * @param restartIdentity whether their sequences begin again
 * @param cascade whether those that refer to them are emptied too
 * @since 0.1.0
 */
public record Truncate(List<QualifiedName> tables, boolean restartIdentity, boolean cascade) implements Statement {

	/** Copies what it is given. */
	public Truncate {
		tables = List.copyOf(tables);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
