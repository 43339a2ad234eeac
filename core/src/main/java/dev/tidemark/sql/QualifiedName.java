package dev.tidemark.sql;

import org.jspecify.annotations.Nullable;

/**
 * The name of an object as a statement writes it, its parts as the catalogue holds them:
 * without quotes, folded and cut to length by the rules of the server.
 *
 * @param schema the schema, or {@code null} if the search path decides; the name of the
 * database before it, which can only be the current one, is left out
 * @param name the name in its schema
 * @since 0.1.0
 */
public record QualifiedName(@Nullable String schema, String name) {

	/**
	 * Returns the name as SQL.
	 * @return the name with all parts in quotes
	 */
	public String quoted() {
		return (this.schema != null) ? Identifiers.quote(this.schema) + "." + Identifiers.quote(this.name)
				: Identifiers.quote(this.name);
	}

	@Override
	public String toString() {
		return quoted();
	}

}
