package dev.tidemark.sql.script;

/**
 * A part of a text.
 *
 * @param start where it begins, in UTF-16 characters
 * @param end where it ends, exclusive
 * @since 0.1.0
 */
public record TextRange(int start, int end) {
}
