package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE DOMAIN}.
 *
 * @param name the domain
 * @param type the type below it
 * @param defaultValue its default, or {@code null} if there is none
 * @param constraints its constraints
 * @since 0.1.0
 */
public record CreateDomain(QualifiedName name, TypeName type, @Nullable Expression defaultValue,
		List<TableConstraint> constraints) implements Statement {

	/** Copies what it is given. */
	public CreateDomain {
		constraints = List.copyOf(constraints);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
