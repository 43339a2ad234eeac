package dev.tidemark.error;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.PlainText;

/**
 * Where something went wrong: a file and, as far as known, the statement, line and column
 * in it.
 *
 * @param script the file, as its location names it
 * @param statement the number of the statement in the file, from 1
 * @param line the line in the file, from 1
 * @param column the column in the line, from 1
 * @param excerpt the beginning of the statement on one line, without secrets
 * @since 0.1.0
 */
public record Place(String script, @Nullable Integer statement, @Nullable Integer line, @Nullable Integer column,
		@Nullable String excerpt) {

	/**
	 * Names a file as a whole.
	 * @param script the file
	 * @return the place
	 */
	public static Place file(String script) {
		return new Place(script, null, null, null, null);
	}

	/**
	 * Names a position in a file.
	 * @param script the file
	 * @param line the line, from 1
	 * @param column the column, from 1
	 * @return the place
	 */
	public static Place position(String script, int line, int column) {
		return new Place(script, null, line, column, null);
	}

	/**
	 * Returns the place fit to be shown: the name of a file may hold anything.
	 * @return the place
	 */
	public Place plain() {
		return new Place(PlainText.line(this.script), this.statement, this.line, this.column,
				PlainText.lineOrNull(this.excerpt));
	}

	/**
	 * Returns {@code script:line:column (statement n: …)} as far as known.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(PlainText.line(this.script));
		if (this.line != null) {
			text.append(':').append(this.line);
			if (this.column != null) {
				text.append(':').append(this.column);
			}
		}
		if (this.statement != null) {
			text.append(" (statement ").append(this.statement);
			if (this.excerpt != null) {
				text.append(": ").append(PlainText.line(this.excerpt));
			}
			text.append(')');
		}
		return text.toString();
	}

}
