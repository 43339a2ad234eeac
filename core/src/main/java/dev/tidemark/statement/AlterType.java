package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code ALTER TYPE}, but for what every object knows.
 *
 * @param name the type
 * @param actions what is done to it, in order
 * @since 0.1.0
 */
public record AlterType(QualifiedName name, List<TypeAction> actions) implements Statement {

	/** Copies what it is given. */
	public AlterType {
		actions = List.copyOf(actions);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
