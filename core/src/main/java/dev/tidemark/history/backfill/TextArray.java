package dev.tidemark.history.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.StringLiteral;

/**
 * Writes and reads arrays of texts.
 */
final class TextArray {

	private TextArray() {
	}

	/** Returns the array as SQL. */
	static String sql(@Nullable List<String> texts) {
		return (texts != null) ? "ARRAY[" + texts.stream().map(StringLiteral::quote).collect(Collectors.joining(", "))
				+ "]::pg_catalog.text[]" : "NULL::pg_catalog.text[]";
	}

	/** Returns what the server wrote of an array without NULLs. */
	static @Nullable List<String> read(@Nullable String array) {
		return (array != null) ? elements(array) : null;
	}

	private static List<String> elements(String array) {
		List<String> elements = new ArrayList<>();
		StringBuilder element = new StringBuilder();
		boolean quoted = false;
		for (int i = 1; i < array.length(); i++) {
			char character = array.charAt(i);
			if (character == '\\') {
				element.append(array.charAt(++i));
			}
			else if (character == '"') {
				quoted = !quoted;
			}
			else if (!quoted && (character == ',' || character == '}')) {
				if (i > 1) {
					elements.add(element.toString());
				}
				element.setLength(0);
			}
			else {
				element.append(character);
			}
		}
		return elements;
	}

}
