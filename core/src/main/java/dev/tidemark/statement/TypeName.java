package dev.tidemark.statement;

import java.util.List;

import dev.tidemark.sql.QualifiedName;

/**
 * A type as a statement writes it.
 *
 * @param sql the type as SQL
 * @param name its name, without modifiers, by the name that the catalogue has:
 * {@code int4} for {@code integer}
 * @param modifiers what stands in its parentheses, such as a length
 * @param array whether it is an array of it
 * @param setOf whether it is a set of it
 * @since 0.1.0
 */
public record TypeName(String sql, QualifiedName name, List<String> modifiers, boolean array, boolean setOf) {

	/** Copies what it is given. */
	public TypeName {
		modifiers = List.copyOf(modifiers);
	}

	@Override
	public String toString() {
		return this.sql;
	}

}
