package dev.tidemark.statement;

import dev.tidemark.sql.QualifiedName;

/**
 * Of which table something is a partition.
 *
 * @param parent the table
 * @param isDefault whether it takes all rows that no other takes
 * @since 0.1.0
 */
public record PartitionOf(QualifiedName parent, boolean isDefault) {

}
