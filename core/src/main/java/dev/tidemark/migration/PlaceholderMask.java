package dev.tidemark.migration;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.tidemark.sql.Occurrences;
import dev.tidemark.sql.secret.Secrets;

/**
 * Puts placeholders in the place of their values. A short value is only found as a word
 * of its own. What holds a quote may be cut apart by the server, so its words are found
 * one by one, and so are those of a value whose name speaks of a secret, and the long
 * lines of what has several. Functions and the server itself may make capitals or small
 * letters of a value. The values are read once, and each text once, whatever they repeat.
 */
final class PlaceholderMask implements UnaryOperator<String> {

	/** A value of at least this length is no part of another word by chance. */
	private static final int LONG = 6;

	/** How each piece of a value is written in the files. */
	private final Map<String, String> written = new HashMap<>();

	private final Occurrences occurrences;

	/**
	 * Makes a mask.
	 * @param values the values by the names of their placeholders
	 * @param write writes a placeholder as files do
	 */
	PlaceholderMask(Map<String, String> values, UnaryOperator<String> write) {
		Comparator<Map.Entry<String, String>> byLength = Comparator.comparing((entry) -> entry.getValue().length());
		values.entrySet()
			.stream()
			.sorted(byLength.reversed())
			.forEach((entry) -> add(pieces(entry.getKey(), entry.getValue().strip()), write.apply(entry.getKey())));
		this.occurrences = new Occurrences(this.written.keySet().stream().filter((piece) -> !isLong(piece)).toList(),
				this.written.keySet().stream().filter(PlaceholderMask::isLong).toList(), true);
	}

	private static boolean isLong(String piece) {
		return piece.length() >= LONG;
	}

	/** Returns what is looked for, the value as a whole before its parts. */
	private static Set<String> pieces(String name, String value) {
		boolean secret = Secrets.isMentioned(name);
		Set<String> pieces = new LinkedHashSet<>(List.of(value));
		value.lines().map(String::strip).filter(PlaceholderMask::isLong).forEach(pieces::add);
		if (value.indexOf('\'') >= 0 || value.indexOf('"') >= 0 || secret) {
			pieces.addAll(List.of(value.split("[^\\p{L}\\p{N}_]+")));
		}
		for (String piece : List.copyOf(pieces)) {
			// A short value may well be a word of the server, in capitals a keyword.
			if (secret || isLong(piece)) {
				pieces.add(piece.toLowerCase(Locale.ROOT));
				pieces.add(piece.toUpperCase(Locale.ROOT));
			}
		}
		return pieces;
	}

	private void add(Set<String> pieces, String placeholder) {
		pieces.stream()
			.filter((piece) -> !piece.isEmpty())
			.forEach((piece) -> this.written.putIfAbsent(piece, placeholder));
	}

	@Override
	public String apply(String text) {
		return this.occurrences.replace(text, (found) -> this.written.getOrDefault(found, ""));
	}

}
