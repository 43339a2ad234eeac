package dev.tidemark.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;

/**
 * How a file wants to be run: what the comments at its head ask for, as
 * {@code -- tidemark: name=value}, and what Flyway's script configuration beside it does.
 *
 * @param transaction whether the statements run in a transaction where they can
 * @param placeholders where placeholders are replaced, or {@code null} if the file does
 * not say
 * @param dependsOn the repeatables that have to run before this one
 * @param only the environments that the file is for; empty if it is for all
 */
public record Directives(boolean transaction, @Nullable PlaceholderReplacement placeholders,
		List<Identity.Repeatable> dependsOn, Set<String> only) {

	private static final Pattern COMMENT = Pattern.compile("--\\s*tidemark\\s*:(.*)", Pattern.CASE_INSENSITIVE);

	private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([A-Za-z-]+)\\s*=\\s*(\"[^\"]*\"|\\S+)");

	/** Copies the collections. */
	public Directives {
		dependsOn = List.copyOf(dependsOn);
		only = Set.copyOf(only);
	}

	/**
	 * Tells whether the file is for one of the environments.
	 * @param environments what this environment is called
	 * @return {@code true} also if the file is for all
	 */
	public boolean isFor(Set<String> environments) {
		return this.only.isEmpty() || this.only.stream().anyMatch(environments::contains);
	}

	/**
	 * Reads the directives. The head of a file ends with the first token: it goes on over
	 * blanks and comments of both kinds, but only those of the form {@code --} direct.
	 * @throws TidemarkException if a directive is unknown or its value is, or if it says
	 * something else than the configuration
	 */
	static Directives parse(String text, String script, ScriptConfiguration configuration) {
		Directives directives = of(configuration);
		int line = 1;
		int lineStart = 0;
		int position = 0;
		while (position < text.length()) {
			int end = endOfBlankOrComment(text, position);
			if (end == position) {
				break;
			}
			Matcher comment = COMMENT.matcher(text.substring(position, end).strip());
			if (comment.matches()) {
				Place place = Place.position(script, line, position - lineStart + 1);
				directives = directives.with(comment.group(1), place);
				directives.requireAgreement(configuration, place);
			}
			for (; position < end; position++) {
				if (isLineEnd(text, position)) {
					line++;
					lineStart = position + 1;
				}
			}
		}
		return directives;
	}

	/** Returns what code asks for, as the head of a file would. */
	static Directives dependingOn(List<String> names) {
		return new Directives(true, null, names.stream().map(Directives::repeatable).toList(), Set.of());
	}

	private static Identity.Repeatable repeatable(String name) {
		return new Identity.Repeatable(name.replace('_', ' ').strip());
	}

	private static Directives of(ScriptConfiguration configuration) {
		Boolean replace = configuration.placeholders();
		PlaceholderReplacement placeholders = (replace == null) ? null
				: replace ? PlaceholderReplacement.ON : PlaceholderReplacement.OFF;
		return new Directives(!Boolean.FALSE.equals(configuration.transaction()), placeholders, List.of(), Set.of());
	}

	private static int endOfBlankOrComment(String text, int start) {
		if (text.startsWith("--", start)) {
			int end = start;
			while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
				end++;
			}
			return end;
		}
		if (text.startsWith("/*", start)) {
			return endOfBlockComment(text, start);
		}
		char c = text.charAt(start);
		return (c == ' ' || (c >= '\t' && c <= '\r')) ? start + 1 : start;
	}

	/** Block comments nest. One that is not closed is left to whoever splits the file. */
	private static int endOfBlockComment(String text, int start) {
		int depth = 0;
		int position = start;
		do {
			if (text.startsWith("/*", position)) {
				depth++;
				position += 2;
			}
			else if (text.startsWith("*/", position)) {
				depth--;
				position += 2;
			}
			else {
				position++;
			}
		}
		while (depth > 0 && position < text.length());
		return position;
	}

	private static boolean isLineEnd(String text, int position) {
		char c = text.charAt(position);
		return c == '\n' || (c == '\r' && !text.startsWith("\n", position + 1));
	}

	private Directives with(String assignments, Place place) {
		Directives directives = this;
		Matcher assignment = ASSIGNMENT.matcher(assignments);
		int end = 0;
		while (end < assignments.length() && assignment.find(end) && assignment.start() == end) {
			directives = directives.with(assignment.group(1), unquoted(assignment.group(2)), place);
			end = assignment.end();
		}
		if (end == 0 || !assignments.substring(end).isBlank()) {
			throw wrong(place, "'" + assignments.strip() + "' is not a directive.",
					"Write a directive as: -- tidemark: name=value");
		}
		return directives;
	}

	private Directives with(String name, String value, Place place) {
		return switch (name) {
			case "transaction" ->
				new Directives(transaction(value, place), this.placeholders, this.dependsOn, this.only);
			case "placeholders" ->
				new Directives(this.transaction, placeholders(value, place), this.dependsOn, this.only);
			case "depends-on" ->
				new Directives(this.transaction, this.placeholders, dependsOn(value, place), this.only);
			case "only" -> new Directives(this.transaction, this.placeholders, this.dependsOn, only(value, place));
			default -> throw wrong(place, "The directive '" + name + "' is unknown.",
					"Correct the name or remove the line; this version knows: transaction, placeholders, depends-on, "
							+ "only.");
		};
	}

	private static boolean transaction(String value, Place place) {
		return switch (value.toLowerCase(Locale.ROOT)) {
			case "auto" -> true;
			case "none" -> false;
			default -> throw wrong(place, "The directive 'transaction' has the unknown value '" + value + "'.",
					"Use transaction=auto or transaction=none.");
		};
	}

	private static PlaceholderReplacement placeholders(String value, Place place) {
		return switch (value.toLowerCase(Locale.ROOT)) {
			case "on" -> PlaceholderReplacement.ON;
			case "off" -> PlaceholderReplacement.OFF;
			case "everywhere" -> PlaceholderReplacement.EVERYWHERE;
			default -> throw wrong(place, "The directive 'placeholders' has the unknown value '" + value + "'.",
					"Use placeholders=on, placeholders=off or placeholders=everywhere.");
		};
	}

	/** Names of files, with underscores or blanks; several lines add up. */
	private List<Identity.Repeatable> dependsOn(String value, Place place) {
		List<Identity.Repeatable> names = new ArrayList<>(this.dependsOn);
		for (String name : value.split(",", -1)) {
			Identity.Repeatable repeatable = repeatable(name);
			if (repeatable.name().isEmpty()) {
				throw wrong(place, "The directive 'depends-on' lacks the name of a repeatable.",
						"Write it as depends-on=active_users for R__active_users.sql, several with commas and no blanks"
								+ " between them.");
			}
			names.add(repeatable);
		}
		return names;
	}

	/** Names of environments; several lines add up. */
	private Set<String> only(String value, Place place) {
		Set<String> names = new HashSet<>(this.only);
		Arrays.stream(value.split(",", -1)).map(String::strip).forEach(names::add);
		if (value.contains(Placeholders.DEFAULT_PREFIX)) {
			throw wrong(place,
					"The directive 'only' has the value '" + value + "', but placeholders are not replaced in it.",
					"Write the names of the environments out, several with commas and no blanks between them.");
		}
		if (names.contains("")) {
			throw wrong(place, "The directive 'only' lacks the name of an environment.",
					"Write it as only=prod, several with commas and no blanks between them.");
		}
		return names;
	}

	private void requireAgreement(ScriptConfiguration configuration, Place place) {
		if (configuration.transaction() != null && configuration.transaction() != this.transaction) {
			throw contradiction("transaction", "executeInTransaction=" + configuration.transaction(), place);
		}
		if (configuration.placeholders() != null
				&& configuration.placeholders() == (this.placeholders == PlaceholderReplacement.OFF)) {
			throw contradiction("placeholders", "placeholderReplacement=" + configuration.placeholders(), place);
		}
	}

	private static TidemarkException contradiction(String directive, String configured, Place place) {
		return wrong(place, "The directive '" + directive + "' contradicts " + configured + " in the file "
				+ place.script() + ScriptConfiguration.SUFFIX + ".", "Remove one of the two.");
	}

	private static String unquoted(String value) {
		return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
	}

	private static TidemarkException wrong(Place place, String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, place, what, remedy));
	}

}
