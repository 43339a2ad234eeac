package dev.tidemark.sql;

/**
 * Writes identifiers into SQL.
 *
 * @since 0.1.0
 */
public final class Identifiers {

	private Identifiers() {
	}

	/**
	 * Quotes an identifier. It is always put in quotes, so that the result does not
	 * depend on which words are reserved in a version of the server. One identifier is
	 * quoted, not a qualified name: a point is an ordinary character.
	 * @param identifier the identifier, exactly as the catalogue holds it
	 * @return the identifier in double quotes, those inside of it doubled
	 * @throws IllegalArgumentException if it is empty or contains the character U+0000,
	 * neither of which an identifier can be
	 */
	public static String quote(String identifier) {
		if (identifier.isEmpty()) {
			throw new IllegalArgumentException("'identifier' must not be empty");
		}
		if (identifier.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("'identifier' must not contain the character U+0000");
		}
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

}
