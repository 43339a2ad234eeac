package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code ALTER SEQUENCE}, but for what every relation knows.
 *
 * @param name the sequence
 * @param ifExists whether it may be missing
 * @param options what it is told
 * @since 0.1.0
 */
public record AlterSequence(QualifiedName name, boolean ifExists, SequenceOptions options) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
