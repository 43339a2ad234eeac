package dev.tidemark.sql.script;

/**
 * Where the inline rows of a {@code COPY … FROM STDIN} stand in the text of its script.
 *
 * @param offset the UTF-16 offset of the first row: the start of the line after the one
 * with the statement's semicolon
 * @param end the UTF-16 offset behind the line break of the last row, which is the start
 * of the terminating line {@code \.}; equal to {@code offset} if there are no rows
 * @since 0.1.0
 */
public record CopyData(int offset, int end) {

}
