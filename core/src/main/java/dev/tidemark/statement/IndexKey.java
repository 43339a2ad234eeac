package dev.tidemark.statement;

import org.jspecify.annotations.Nullable;

/**
 * One column or expression of an index or partition key.
 *
 * @param column the column, or {@code null} for an expression
 * @param expression the expression, or {@code null} for a column
 * @since 0.1.0
 */
public record IndexKey(@Nullable String column, @Nullable Expression expression) {

}
