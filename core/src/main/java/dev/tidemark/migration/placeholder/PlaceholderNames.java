package dev.tidemark.migration.placeholder;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the names of placeholders are spelt.
 *
 * @since 0.1.0
 */
public final class PlaceholderNames {

	/** What the names of the built-in placeholders begin with. */
	public static final String BUILT_IN = "tidemark.";

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_]([\\p{L}\\p{N}_.:-]*[\\p{L}\\p{N}_])?");

	/** How long a name is at most. */
	private static final int LONGEST_NAME = 200;

	private static final Pattern PART_OF_NAME = Pattern.compile("[\\p{L}\\p{N}_.:-]{0," + LONGEST_NAME + "}+");

	private PlaceholderNames() {
	}

	/** Returns the same for all spellings of a name. */
	public static String canonical(String name) {
		return name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
	}

	public static boolean isName(String text) {
		return NAME.matcher(text).matches();
	}

	/** Returns where what could be a part of a name ends. */
	public static int endOfName(String text) {
		Matcher part = PART_OF_NAME.matcher(text);
		return part.lookingAt() ? part.end() : 0;
	}

	/**
	 * Requires that a name can be declared.
	 * @throws IllegalArgumentException if it cannot
	 */
	public static void require(String name) {
		if (name.length() > LONGEST_NAME) {
			throw new IllegalArgumentException("'placeholders' must have names of at most " + LONGEST_NAME
					+ " characters; '" + name.substring(0, 50) + "…' is longer");
		}
		if (!isName(name)) {
			throw new IllegalArgumentException("'placeholders' must have names of letters, digits, '_', and between"
					+ " them '.', '-' and ':'; '" + name + "' is none");
		}
		if (canonical(name).startsWith(BUILT_IN)) {
			throw new IllegalArgumentException(
					"'placeholders' must not declare '" + name + "': names with '" + BUILT_IN + "' are built in");
		}
	}

}
