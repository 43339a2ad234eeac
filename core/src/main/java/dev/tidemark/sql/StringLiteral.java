package dev.tidemark.sql;

/**
 * String constants in SQL.
 *
 * @since 0.1.0
 */
public final class StringLiteral {

	private StringLiteral() {
	}

	/**
	 * Writes a string constant that means the same whatever
	 * {@code standard_conforming_strings} says.
	 * @param text the value
	 * @return the constant, with its quotes
	 * @throws IllegalArgumentException if the text holds the character 0, which
	 * PostgreSQL cannot store
	 */
	public static String quote(String text) {
		if (text.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("A string constant must not hold the character 0");
		}
		String doubled = text.replace("'", "''");
		return text.contains("\\") ? "E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
	}

}
