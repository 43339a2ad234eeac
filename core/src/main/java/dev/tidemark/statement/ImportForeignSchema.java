package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * {@code IMPORT FOREIGN SCHEMA}.
 *
 * @param from the schema there
 * @param server the server
 * @param into the schema here
 * @since 0.1.0
 */
public record ImportForeignSchema(String from, String server, String into) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
