package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code REFRESH MATERIALIZED VIEW}.
 *
 * @param name the view
 * @param concurrently whether others may read meanwhile
 * @param withData whether the query is run
 * @since 0.1.0
 */
public record RefreshMaterializedView(QualifiedName name, boolean concurrently, boolean withData) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
