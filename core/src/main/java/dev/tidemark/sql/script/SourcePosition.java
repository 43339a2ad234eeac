package dev.tidemark.sql.script;

/**
 * A place in the text of a file.
 *
 * @param line the line, the first one being 1; {@code \n}, {@code \r\n} and a lone
 * {@code \r} end a line
 * @param column the column in UTF-16 characters, the first one being 1
 * @since 0.1.0
 */
public record SourcePosition(int line, int column) {

}
