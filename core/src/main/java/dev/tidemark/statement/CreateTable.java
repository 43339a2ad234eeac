package dev.tidemark.statement;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.QualifiedName;

/**
 * {@code CREATE TABLE} and {@code CREATE FOREIGN TABLE}, but for those made from a query.
 *
 * @param kind {@link ObjectKind#TABLE} or {@link ObjectKind#FOREIGN_TABLE}
 * @param name the table
 * @param persistence how long it lives, and whether crashes are survived
 * @param ifNotExists whether an existing relation of that name is accepted
 * @param columns the columns; of a partition or typed table what is said about them
 * @param constraints the constraints that stand by themselves
 * @param likes the relations whose columns are copied
 * @param parents the tables that it inherits from
 * @param partitionOf the table that it becomes a partition of, or {@code null}
 * @param partitionKey how its own rows are divided, or {@code null} if it has no
 * partitions
 * @since 0.1.0
 */
public record CreateTable(ObjectKind kind, QualifiedName name, Persistence persistence, boolean ifNotExists,
		List<ColumnDefinition> columns, List<TableConstraint> constraints, List<QualifiedName> likes,
		List<QualifiedName> parents, @Nullable PartitionOf partitionOf,
		@Nullable PartitionKey partitionKey) implements Statement {

	/** Copies what it is given. */
	public CreateTable {
		columns = List.copyOf(columns);
		constraints = List.copyOf(constraints);
		likes = List.copyOf(likes);
		parents = List.copyOf(parents);
	}

	@Override
	public <R extends @Nullable Object> R accept(StatementVisitor<R> visitor) {
		return visitor.visit(this);
	}

}
