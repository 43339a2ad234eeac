package dev.tidemark.run;

import dev.tidemark.sql.PlainText;

/**
 * A statement of a file, without secrets.
 *
 * @param number its number in the file, from 1
 * @param line its first line in the file, from 1
 * @param command what it is, such as {@code CREATE TABLE}
 * @param excerpt its beginning on one line
 * @param sql its text, with long data left out
 * @param data whether the rows that it copies stand in the file, too
 * @since 0.1.0
 */
public record StatementInfo(int number, int line, String command, String excerpt, String sql, boolean data) {

	/** Makes the line fit to be shown. */
	public StatementInfo {
		excerpt = PlainText.line(excerpt);
	}

	/** Returns the statement in words, fit for a line of a log. */
	@Override
	public String toString() {
		return PlainText.line("Statement " + this.number + " at line " + this.line + ": " + this.excerpt);
	}

}
