package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE STATISTICS}.
 *
 * @param name the name, or {@code null} if the server is to choose one
 * @param table the table; {@code null} if that is no plain one
 * @param ifNotExists whether existing ones of that name are accepted
 * @since 0.1.0
 */
public record CreateStatistics(@Nullable QualifiedName name, @Nullable QualifiedName table,
		boolean ifNotExists) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
