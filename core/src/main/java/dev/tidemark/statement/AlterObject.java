package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * What every object knows: another name, schema or owner; and {@code ALTER} of what has
 * no kind of its own here.
 *
 * @param kind what
 * @param name its name, or {@code null} for what has none
 * @param ifExists whether it may be missing
 * @param action what is done to it
 * @since 0.1.0
 */
public record AlterObject(ObjectKind kind, @Nullable ObjectName name, boolean ifExists,
		ObjectAction action) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
