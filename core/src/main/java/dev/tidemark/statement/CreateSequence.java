package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE SEQUENCE}.
 *
 * @param name the sequence
 * @param persistence how long it lives, and whether crashes are survived
 * @param ifNotExists whether an existing relation of that name is accepted
 * @param options what it is told
 * @since 0.1.0
 */
public record CreateSequence(QualifiedName name, Persistence persistence, boolean ifNotExists,
		SequenceOptions options) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
