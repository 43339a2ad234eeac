package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE EXTENSION}.
 *
 * @param name the extension
 * @param ifNotExists whether an existing one is accepted
 * @param schema the schema of its objects, or {@code null} if the statement names none
 * @param cascade whether the extensions that it needs are created too
 * @since 0.1.0
 */
public record CreateExtension(String name, boolean ifNotExists, @Nullable String schema,
		boolean cascade) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
