package dev.tidemark.history;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.Identity;

/**
 * What a run was based on besides the text of its file. If that changes, a repeatable has
 * to run again although its text is the same.
 *
 * @param dependsOn the repeatables that it depends on
 * @param values what the history knows of the placeholders' values, without blanks, or
 * {@code null} if the file uses none
 * @since 0.1.0
 */
public record Basis(List<Identity.Repeatable> dependsOn, @Nullable String values) {

	private static final String DEPENDS_ON = "depends-on=";

	private static final String VALUES = "values=";

	/** Copies the list. */
	public Basis {
		dependsOn = List.copyOf(dependsOn);
	}

	/** Tells whether a word of the journal is a part of a basis. */
	static boolean isPart(String word) {
		return word.startsWith(DEPENDS_ON) || word.startsWith(VALUES);
	}

	/** Reads the words of a journal; others than those of a basis are passed over. */
	static Basis parse(List<String> words) {
		List<Identity.Repeatable> dependsOn = List.of();
		String values = null;
		for (String word : words) {
			if (word.startsWith(DEPENDS_ON)) {
				dependsOn = Arrays.stream(word.substring(DEPENDS_ON.length()).split(","))
					.map((name) -> new Identity.Repeatable(URLDecoder.decode(name, StandardCharsets.UTF_8)))
					.toList();
			}
			else if (word.startsWith(VALUES)) {
				values = word.substring(VALUES.length());
			}
		}
		return new Basis(dependsOn, values);
	}

	/** Returns the words that the journal has for it, none for the text alone. */
	@Override
	public String toString() {
		StringJoiner words = new StringJoiner(" ");
		if (!this.dependsOn.isEmpty()) {
			words.add(this.dependsOn.stream()
				.map((repeatable) -> URLEncoder.encode(repeatable.name(), StandardCharsets.UTF_8))
				.collect(Collectors.joining(",", DEPENDS_ON, "")));
		}
		if (this.values != null) {
			words.add(VALUES + this.values);
		}
		return words.toString();
	}

}
