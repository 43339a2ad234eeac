package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code ALTER DOMAIN}, but for what every object knows.
 *
 * @param name the domain
 * @param action what is done to it
 * @since 0.1.0
 */
public record AlterDomain(QualifiedName name, DomainAction action) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
