package dev.tidemark.statement;

import java.util.Set;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CALL}.
 *
 * @param procedure the procedure
 * @param functions what may be functions that are called for its arguments
 * @since 0.1.0
 */
public record CallProcedure(QualifiedName procedure, Set<QualifiedName> functions) implements Statement {

	/** Copies what it is given. */
	public CallProcedure {
		functions = Set.copyOf(functions);
	}

	@Override
	public <R> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
