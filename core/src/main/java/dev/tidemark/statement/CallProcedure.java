package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CALL}.
 *
 * @param procedure the procedure
 * @param arguments what is called for its arguments
 * @since 0.1.0
 */
public record CallProcedure(QualifiedName procedure, Rows arguments) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
