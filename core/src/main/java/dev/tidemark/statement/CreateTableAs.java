package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * A table or materialized view that is made from a query, by {@code CREATE TABLE … AS},
 * {@code CREATE MATERIALIZED VIEW} or {@code SELECT INTO}.
 *
 * @param kind {@link ObjectKind#TABLE} or {@link ObjectKind#MATERIALIZED_VIEW}
 * @param name the table or view
 * @param persistence how long it lives, and whether crashes are survived
 * @param ifNotExists whether an existing relation of that name is accepted
 * @param query the query; {@code EXECUTE} of a prepared one is {@link ExecutePrepared}
 * @param withData whether the query is run at once
 * @since 0.1.0
 */
public record CreateTableAs(ObjectKind kind, QualifiedName name, Persistence persistence, boolean ifNotExists,
		Statement query, boolean withData) implements Statement {

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
