package dev.tidemark.source;

import dev.tidemark.sql.SqlScript;

/**
 * The content of a migration file, read and split.
 *
 * @param sql the text with its statements
 * @param directives what the head of the file asks for
 */
public record Script(SqlScript sql, Directives directives) {
}
