package dev.tidemark.sql.script;

import org.jspecify.annotations.Nullable;

/**
 * Says what takes the place of the placeholders in a script.
 *
 * @since 0.1.0
 */
public interface Substitution {

	/**
	 * Returns what a placeholder begins with.
	 * @return the prefix, not empty
	 */
	String prefix();

	/**
	 * Returns what a placeholder ends with.
	 * @return the suffix, not empty
	 */
	String suffix();

	/**
	 * Replaces what looks like a placeholder. It is asked in the order of the text, and
	 * never about what stands in a comment.
	 * @param content what stands between prefix and suffix, on one line
	 * @param surroundings what it stands in
	 * @param line the line of the prefix, the first one being 1
	 * @param column the column of the prefix in UTF-16 characters, the first one being 1
	 * @return the text to put there, or {@code null} to leave all as it is
	 */
	@Nullable String replace(String content, Surroundings surroundings, int line, int column);

	/**
	 * What a placeholder can stand in.
	 *
	 * @since 0.1.0
	 */
	enum Surroundings {

		/** Among keywords, names and operators. */
		SQL,

		/**
		 * In a string constant with quotes, a quoted identifier or the rows of a
		 * {@code COPY}.
		 */
		LITERAL,

		/** In a dollar-quoted string, such as the body of a function. */
		BODY

	}

}
