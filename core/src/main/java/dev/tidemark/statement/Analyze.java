package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code ANALYZE}.
 *
 * @param tables the tables; empty for all
 * @since 0.1.0
 */
public record Analyze(List<QualifiedName> tables) implements Statement {

	/** Copies what it is given. */
	public Analyze {
		tables = List.copyOf(tables);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
