package dev.tidemark.migration;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.migration.placeholder.PlaceholderNames;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.migration.placeholder.UndeclaredPlaceholders;

/**
 * Which placeholders are declared, and how files write them. Immutable and thread-safe;
 * no text that it makes shows a value, unless it is asked for it.
 *
 * @param values the value of each placeholder by its name; upper and lower case are the
 * same, and so are '.', '_' and '-', as in the names of environment variables, so names
 * have to differ in something else. A value may be empty
 * @param prefix what a placeholder begins with; not empty
 * @param suffix what a placeholder ends with; not empty
 * @param replacement where placeholders are replaced, in files that do not say it
 * themselves
 * @param undeclared what happens to a placeholder without a value
 * @since 0.1.0
 */
public record Placeholders(Map<String, String> values, String prefix, String suffix, PlaceholderReplacement replacement,
		UndeclaredPlaceholders undeclared) {

	/** What placeholders begin with by default. */
	public static final String DEFAULT_PREFIX = "${";

	/** What placeholders end with by default. */
	public static final String DEFAULT_SUFFIX = "}";

	/** Where placeholders are replaced by default. */
	public static final PlaceholderReplacement DEFAULT_REPLACEMENT = PlaceholderReplacement.AUTO;

	/** What happens to undeclared placeholders by default. */
	public static final UndeclaredPlaceholders DEFAULT_UNDECLARED = UndeclaredPlaceholders.FAIL;

	/** What is used if nothing is configured: no placeholder is declared. */
	public static final Placeholders DEFAULT = of(Map.of());

	/** Placeholders stay as they are: nobody knows their values where files are made. */
	public static final Placeholders AS_WRITTEN = new Placeholders(Map.of(), DEFAULT_PREFIX, DEFAULT_SUFFIX,
			DEFAULT_REPLACEMENT, UndeclaredPlaceholders.KEEP);

	/**
	 * Checks names and syntax.
	 * @throws IllegalArgumentException if a name or the syntax cannot be used, or two
	 * names are the same
	 */
	public Placeholders {
		SortedMap<String, String> byName = new TreeMap<>(Comparator.comparing(PlaceholderNames::canonical));
		values.forEach((name, value) -> {
			PlaceholderNames.require(name);
			requireText(name, value);
			if (byName.put(name, value) != null) {
				throw new IllegalArgumentException("'placeholders' must not declare '" + byName.tailMap(name).firstKey()
						+ "' and '" + name + "': upper and lower case are the same, and so are '.', '_' and '-'");
			}
		});
		values = Collections.unmodifiableSortedMap(byName);
		requireSyntax("placeholder.prefix", prefix);
		requireSyntax("placeholder.suffix", suffix);
	}

	/**
	 * Declares placeholders with the default of everything else.
	 * @param values the value of each placeholder by its name
	 * @return the placeholders
	 * @throws IllegalArgumentException if a name cannot be used, or two are the same
	 */
	public static Placeholders of(Map<String, String> values) {
		return new Placeholders(values, DEFAULT_PREFIX, DEFAULT_SUFFIX, DEFAULT_REPLACEMENT, DEFAULT_UNDECLARED);
	}

	/**
	 * Leaves out what an environment variable overrides, or is overridden by: its name
	 * cannot tell how the placeholder is spelt elsewhere.
	 * @param values values by names, those of the strongest source first
	 * @return the values without those whose name came before, if either is spelt as
	 * environment variables are
	 */
	public static Map<String, String> withoutOverridden(Map<String, String> values) {
		Map<String, String> first = new HashMap<>();
		Map<String, String> left = new LinkedHashMap<>();
		values.forEach((name, value) -> {
			String before = first.putIfAbsent(PlaceholderNames.canonical(name), name);
			if (before == null || (!before.equals(PlaceholderNames.canonical(name))
					&& !name.equals(PlaceholderNames.canonical(name)))) {
				left.put(name, value);
			}
		});
		return left;
	}

	private static void requireText(String name, String value) {
		if (value.indexOf('\0') >= 0) {
			throw new IllegalArgumentException(
					"'placeholders' must not hold the character 0, as the value of '" + name + "' does");
		}
	}

	private static void requireSyntax(String setting, String text) {
		if (text.isEmpty() || text.chars().anyMatch((c) -> Character.isWhitespace(c) || c == '\'' || c == '"')) {
			throw new IllegalArgumentException("'" + setting + "' must not be empty, nor hold blanks or quotes");
		}
	}

	/**
	 * Tells whether any placeholder is declared.
	 * @return {@code false} if there are only the built-in ones
	 */
	boolean areDeclared() {
		return !this.values.isEmpty();
	}

	/** Returns the names, in an order of their own. */
	Set<String> names() {
		return this.values.keySet();
	}

	@Nullable String value(String name) {
		return this.values.get(name);
	}

	/**
	 * Returns the name of what stands between prefix and suffix, without the default
	 * behind it. The name may hold colons itself: it is the longest one that has a
	 * meaning, else all up to the first colon.
	 */
	String name(String content) {
		int run = PlaceholderNames.endOfName(content);
		int end = (run == content.length()) ? run : content.lastIndexOf(':', run - 1);
		for (; end > 0; end = content.lastIndexOf(':', end - 1)) {
			String name = content.substring(0, end);
			if (value(name) != null || BuiltIns.isKnown(name)) {
				return name;
			}
		}
		int colon = content.indexOf(':', BuiltIns.isFlyways(content) ? BuiltIns.FLYWAY.length() : 0);
		return (colon < 0) ? content : content.substring(0, colon);
	}

	/** Writes a placeholder as files do. */
	String written(String content) {
		return this.prefix + content + this.suffix;
	}

	/**
	 * Puts the placeholders back where a text has their values: no message may show what
	 * may be a secret. Where many texts are masked, {@link #mask()} prepares that once.
	 * @param text a text, such as a message of the server
	 * @return the text without the values
	 */
	public String mask(String text) {
		return mask().apply(text);
	}

	/**
	 * Returns what puts the placeholders back where a text has their values: no message
	 * may show what may be a secret.
	 * @return the mask, which is thread-safe
	 */
	public UnaryOperator<String> mask() {
		return this.values.isEmpty() ? UnaryOperator.identity() : new PlaceholderMask(this.values, this::written);
	}

	/** Returns the names, never the values: they may be secrets. */
	@Override
	public String toString() {
		return "Placeholders " + names();
	}

}
