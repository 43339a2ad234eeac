package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * {@code GRANT} and {@code REVOKE} of rights on objects.
 *
 * @param grant whether rights are granted rather than revoked
 * @param kind what the rights are on; {@link ObjectKind#TABLE} if the statement does not
 * say
 * @param objects the objects; none where all of a schema are meant
 * @param schemas the schemas of which all objects are meant; else none
 * @param what the rights, and on what, as SQL
 * @param roles the roles as SQL
 * @param cascade whether rights that depend on them are revoked too
 * @since 0.1.0
 */
public record Grant(boolean grant, ObjectKind kind, List<ObjectName> objects, List<String> schemas, String what,
		List<String> roles, boolean cascade) implements Statement {

	/** Copies what it is given. */
	public Grant {
		objects = List.copyOf(objects);
		schemas = List.copyOf(schemas);
		roles = List.copyOf(roles);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
