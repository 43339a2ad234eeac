package dev.tidemark.history;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A statement that writes the history, for the run to execute in the right transaction.
 *
 * @param sql the statement, with {@code ?} for each parameter
 * @param parameters the values
 */
public record Write(String sql, List<@Nullable Object> parameters) {
}
