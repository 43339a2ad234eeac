package dev.tidemark.source.folder;

import java.util.List;

import org.springframework.util.AntPathMatcher;

import dev.tidemark.source.format.ScriptConfiguration;

/**
 * Which files below a location are none of ours, whatever their names: patterns of paths,
 * as Spring's {@link AntPathMatcher} reads them. {@code ?} stands for a character,
 * {@code *} for any of them but {@code /}, and {@code **} for any folders. Immutable and
 * thread-safe.
 *
 * @param patterns the patterns, of paths below a location
 * @since 0.1.0
 */
public record Exclusions(List<String> patterns) {

	/** Nothing is excluded. */
	public static final Exclusions NONE = new Exclusions(List.of());

	private static final String ANYTHING = "**";

	/** What means something in a pattern, or where patterns are listed. */
	private static final String SPECIAL = "*?{}[],\\\"'";

	private static final AntPathMatcher matcher = new AntPathMatcher();

	/**
	 * Checks the patterns. One that begins or ends with {@code /} is taken for the folder
	 * that is meant.
	 * @throws IllegalArgumentException if one is empty, names a location, or has braces
	 */
	public Exclusions {
		patterns = patterns.stream().map(Exclusions::normalised).toList();
	}

	private static String normalised(String text) {
		String pattern = text.strip().replace('\\', '/');
		while (pattern.startsWith("/")) {
			pattern = pattern.substring(1);
		}
		if (pattern.isEmpty()) {
			throw new IllegalArgumentException("'" + text + "' is no pattern: it is empty");
		}
		if (pattern.indexOf(':') >= 0) {
			throw new IllegalArgumentException("'" + text
					+ "' is no pattern: it is matched below each location, and names none, as in rollback/**");
		}
		if (pattern.indexOf('{') >= 0 || pattern.indexOf('}') >= 0) {
			throw new IllegalArgumentException("'" + text + "' is no pattern: there are ?, * and **, and no braces");
		}
		return pattern.endsWith("/") ? pattern + ANYTHING : pattern;
	}

	/**
	 * Makes exclusions.
	 * @param patterns the patterns, such as {@code rollback/**}
	 * @return the exclusions
	 * @throws IllegalArgumentException if one cannot be used
	 */
	public static Exclusions of(String... patterns) {
		return new Exclusions(List.of(patterns));
	}

	/** Returns the pattern that is about all below a folder. */
	public static String below(String folder) {
		return literal(folder) + "/" + ANYTHING;
	}

	/** Returns the pattern that is about one path, and can stand in a list. */
	public static String literal(String path) {
		StringBuilder pattern = new StringBuilder(path);
		for (int i = 0; i < pattern.length(); i++) {
			char c = pattern.charAt(i);
			boolean edge = c == ' ' && (i == 0 || i == pattern.length() - 1);
			if (SPECIAL.indexOf(c) >= 0 || c == ':' || edge || Character.isISOControl(c)) {
				pattern.setCharAt(i, '?');
			}
		}
		return pattern.toString();
	}

	boolean isEmpty() {
		return this.patterns.isEmpty();
	}

	/**
	 * Tells whether a file is excluded. What configures a script goes with it.
	 * @param path its path below its location, or below the class path
	 * @return {@code true} if a pattern means it
	 */
	public boolean exclude(String path) {
		String script = path.endsWith(ScriptConfiguration.SUFFIX)
				? path.substring(0, path.length() - ScriptConfiguration.SUFFIX.length()) : path;
		return this.patterns.stream()
			.anyMatch((pattern) -> matcher.match(pattern, path) || matcher.match(pattern, script));
	}

}
