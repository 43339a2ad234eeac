package dev.tidemark.source.format;

import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;

/**
 * What the file beside a script asks for that has the script's name with {@code .conf} at
 * the end. It is Flyway's: lines of the form {@code key=value}, keys in its spelling,
 * comments with {@code #} or {@code !}.
 *
 * @param transaction whether the statements run in a transaction where they can, or
 * {@code null} if it does not say
 * @param encoding the encoding of the script, or {@code null} if it does not say
 * @param placeholders whether placeholders are replaced, or {@code null} if it does not
 * say
 * @since 0.1.0
 */
public record ScriptConfiguration(@Nullable Boolean transaction, @Nullable Charset encoding,
		@Nullable Boolean placeholders) {

	/** What follows the name of the script. */
	public static final String SUFFIX = ".conf";

	/** The configuration of a script that has no such file. */
	public static final ScriptConfiguration NONE = new ScriptConfiguration(null, null, null);

	/**
	 * Reads a file.
	 * @param text its text
	 * @param file its name
	 * @param problems takes what is wrong with it
	 * @return what could be understood
	 */
	public static ScriptConfiguration parse(String text, String file, List<Problem> problems) {
		Parser parser = new Parser(problems);
		int line = 1;
		for (String content : text.lines().toList()) {
			parser.read(content.strip(), Place.position(file, line++, 1));
		}
		return new ScriptConfiguration(parser.transaction, parser.encoding, parser.placeholders);
	}

	private static final class Parser {

		private final List<Problem> problems;

		private final Set<String> keys = new HashSet<>();

		private @Nullable Boolean transaction;

		private @Nullable Charset encoding;

		private @Nullable Boolean placeholders;

		Parser(List<Problem> problems) {
			this.problems = problems;
		}

		void read(String line, Place place) {
			if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
				return;
			}
			String key = line.substring(0, endOfKey(line));
			if (key.isEmpty()) {
				add(place, "'" + line + "' has no key.", "Write it as key=value.");
			}
			else if (!this.keys.add(key)) {
				add(place, "The key '" + key + "' stands in the file twice.", "Remove one of the lines.");
			}
			else {
				set(key, value(line.substring(key.length()).strip()), place);
			}
		}

		/** A key ends as those of properties do. */
		private static int endOfKey(String line) {
			int end = 0;
			while (end < line.length() && !isSeparator(line.charAt(end)) && !Character.isWhitespace(line.charAt(end))) {
				end++;
			}
			return end;
		}

		private static String value(String behindKey) {
			boolean separated = !behindKey.isEmpty() && isSeparator(behindKey.charAt(0));
			return separated ? behindKey.substring(1).strip() : behindKey;
		}

		private static boolean isSeparator(char c) {
			return c == '=' || c == ':';
		}

		private void set(String key, String value, Place place) {
			switch (key) {
				case "executeInTransaction" -> this.transaction = bool(key, value, place);
				case "encoding" -> this.encoding = charset(value, place);
				case "placeholderReplacement" -> this.placeholders = bool(key, value, place);
				case "shouldExecute" -> add(place,
						"Tidemark does not honour Flyway's key 'shouldExecute': a migration runs in every database or "
								+ "in none.",
						"Remove the line; keep files that only some databases need in a location of their own, and set "
								+ SettingNames.name("locations") + ".");
				default -> add(place, "The key '" + key + "' is unknown.", "Correct the key or remove the line; "
						+ "known are executeInTransaction, encoding and placeholderReplacement, in this spelling.");
			}
		}

		private @Nullable Boolean bool(String key, String value, Place place) {
			return switch (value.toLowerCase(Locale.ROOT)) {
				case "true" -> true;
				case "false" -> false;
				default -> {
					add(place, "The key '" + key + "' has the unknown value '" + value + "'.",
							"Use " + key + "=true or " + key + "=false.");
					yield null;
				}
			};
		}

		private @Nullable Charset charset(String value, Place place) {
			try {
				return Charset.forName(value);
			}
			catch (IllegalArgumentException ex) {
				add(place, "The key 'encoding' names an encoding that Java does not know: '" + value + "'.",
						"Name it as Java does, such as UTF-8 or ISO-8859-1.");
				return null;
			}
		}

		private void add(Place place, String what, String remedy) {
			this.problems.add(Problem.error(ErrorCode.SCRIPT_CONFIGURATION, place, what, remedy));
		}

	}

}
