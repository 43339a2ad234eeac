package dev.tidemark.source.format;

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
import dev.tidemark.migration.Directives;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;

/**
 * Reads the directives of one file; used once. The head of a file ends with the first
 * token: it goes on over blanks and comments of both kinds, but only those of the form
 * {@code --} direct.
 *
 * @since 0.1.0
 */
public final class DirectivesReader {

	private static final String IRREVERSIBLE = "irreversible";

	private static final String NOTHING_TO_UNDO = "nothing-to-undo";

	/** Those that are {@code name=value}. */
	private static final List<String> NAMES = List.of("transaction", "placeholders", "depends-on", "only");

	/** Those that are a word and the reason for it. */
	private static final List<String> WORDS = List.of(IRREVERSIBLE, NOTHING_TO_UNDO);

	private static final Pattern COMMENT = Pattern.compile("--\\s*tidemark\\s*:(.*)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([A-Za-z-]+)\\s*=\\s*(\"[^\"]*\"|\\S+)");

	private static final Pattern WORD = Pattern.compile("\\s*([A-Za-z-]+)(?![A-Za-z-]|\\s*=)");

	private static final Pattern REASON = Pattern.compile("\\s+reason\\s*=\\s*(\"[^\"]*\"|\\S+)");

	private final String text;

	private final String script;

	private final ScriptConfiguration configuration;

	private boolean transaction;

	private @Nullable PlaceholderReplacement placeholders;

	private final List<Identity.Repeatable> dependsOn = new ArrayList<>();

	private final Set<String> only = new HashSet<>();

	private @Nullable String irreversible;

	private @Nullable String nothingToUndo;

	public DirectivesReader(String text, String script, ScriptConfiguration configuration) {
		this.text = text;
		this.script = script;
		this.configuration = configuration;
		this.transaction = !Boolean.FALSE.equals(configuration.transaction());
		Boolean replace = configuration.placeholders();
		this.placeholders = (replace == null) ? null : replace ? PlaceholderReplacement.ON : PlaceholderReplacement.OFF;
	}

	/**
	 * Reads the directives.
	 * @throws TidemarkException if a directive is unknown or its value is, or if it says
	 * something else than the configuration
	 */
	public Directives read() {
		int line = 1;
		int lineStart = 0;
		int position = 0;
		while (position < this.text.length()) {
			int end = endOfBlankOrComment(this.text, position);
			if (end == position) {
				break;
			}
			Matcher comment = COMMENT.matcher(this.text.substring(position, end).strip());
			if (comment.matches()) {
				Place place = Place.position(this.script, line, position - lineStart + 1);
				read(comment.group(1), place);
				requireAgreement(place);
			}
			for (; position < end; position++) {
				if (isLineEnd(this.text, position)) {
					line++;
					lineStart = position + 1;
				}
			}
		}
		return new Directives(this.transaction, this.placeholders, this.dependsOn, this.only, this.irreversible,
				this.nothingToUndo);
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

	/**
	 * Reads what a comment asks for.
	 * @param line what stands behind the colon, without blanks at its end
	 */
	private void read(String line, Place place) {
		int end = 0;
		while (end < line.length()) {
			Matcher word = WORD.matcher(line).region(end, line.length());
			Matcher assignment = ASSIGNMENT.matcher(line).region(end, line.length());
			if (assignment.lookingAt()) {
				set(assignment.group(1), unquoted(assignment.group(2), place), place);
				end = assignment.end();
			}
			else if (word.lookingAt()) {
				end = readWord(word.group(1), line, word.end(), place);
			}
			else {
				throw noDirective(line, place);
			}
		}
		if (line.isBlank()) {
			throw noDirective(line, place);
		}
	}

	private static TidemarkException noDirective(String line, Place place) {
		return wrong(place, "'" + line.strip() + "' is not a directive.",
				"Write a directive as: -- tidemark: name=value");
	}

	private int readWord(String word, String line, int end, Place place) {
		if (NAMES.contains(word)) {
			throw wrong(place, "The directive '" + word + "' lacks its value.",
					"Write it as: -- tidemark: " + word + "=value");
		}
		if (!WORDS.contains(word)) {
			throw unknown(word, place);
		}
		Matcher reason = REASON.matcher(line).region(end, line.length());
		String told = reason.lookingAt() ? unquoted(reason.group(1), place).strip() : "";
		if (told.isEmpty()) {
			throw wrong(place, "The directive '" + word + "' lacks its reason.",
					"Say why, as in: -- tidemark: " + word + " reason=\"" + example(word) + "\"");
		}
		if (((word.equals(IRREVERSIBLE)) ? this.irreversible : this.nothingToUndo) != null) {
			throw wrong(place, "The directive '" + word + "' stands in the file twice.", "Remove one of the lines.");
		}
		if (word.equals(IRREVERSIBLE)) {
			this.irreversible = told;
		}
		else {
			this.nothingToUndo = told;
		}
		return reason.end();
	}

	private static String example(String word) {
		return word.equals(IRREVERSIBLE) ? "the old numbers are gone" : "only rows were corrected";
	}

	private void set(String name, String value, Place place) {
		switch (name) {
			case "transaction" -> this.transaction = transaction(value, place);
			case "placeholders" -> this.placeholders = placeholders(value, place);
			case "depends-on" -> addDependencies(value, place);
			case "only" -> addEnvironments(value, place);
			default -> {
				if (WORDS.contains(name)) {
					throw wrong(place, "The directive '" + name + "' takes its reason, and no value.",
							"Write it as: -- tidemark: " + name + " reason=\"" + example(name) + "\"");
				}
				throw unknown(name, place);
			}
		}
	}

	private static TidemarkException unknown(String name, Place place) {
		List<String> known = new ArrayList<>(NAMES);
		known.addAll(WORDS);
		String nearest = NearestWord.of(name, known);
		return wrong(place, "The directive '" + name + "' is unknown.",
				((nearest != null) ? "Write '" + nearest + "', if that is meant, or remove the line"
						: "Correct the name or remove the line") + "; this version knows: " + String.join(", ", known)
						+ ".");
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
	private void addDependencies(String value, Place place) {
		for (String name : value.split(",", -1)) {
			Identity.Repeatable repeatable = Directives.repeatable(name);
			if (repeatable.name().isEmpty()) {
				throw wrong(place, "The directive 'depends-on' lacks the name of a repeatable.",
						"Write it as depends-on=active_users for R__active_users.sql, several with commas and no blanks"
								+ " between them.");
			}
			this.dependsOn.add(repeatable);
		}
	}

	/** Names of environments; several lines add up. */
	private void addEnvironments(String value, Place place) {
		Arrays.stream(value.split(",", -1)).map(String::strip).forEach(this.only::add);
		if (value.contains(Placeholders.DEFAULT_PREFIX)) {
			throw wrong(place,
					"The directive 'only' has the value '" + value + "', but placeholders are not replaced in it.",
					"Write the names of the environments out, several with commas and no blanks between them.");
		}
		if (this.only.contains("")) {
			throw wrong(place, "The directive 'only' lacks the name of an environment.",
					"Write it as only=prod, several with commas and no blanks between them.");
		}
	}

	private void requireAgreement(Place place) {
		if (this.configuration.transaction() != null && this.configuration.transaction() != this.transaction) {
			throw contradiction("transaction", "executeInTransaction=" + this.configuration.transaction(), place);
		}
		if (this.configuration.placeholders() != null
				&& this.configuration.placeholders() == (this.placeholders == PlaceholderReplacement.OFF)) {
			throw contradiction("placeholders", "placeholderReplacement=" + this.configuration.placeholders(), place);
		}
	}

	private static TidemarkException contradiction(String directive, String configured, Place place) {
		return wrong(place, "The directive '" + directive + "' contradicts " + configured + " in the file "
				+ place.script() + ScriptConfiguration.SUFFIX + ".", "Remove one of the two.");
	}

	/** A value that begins with a quote ends with one, unless the line has no other. */
	private static String unquoted(String value, Place place) {
		if (!value.startsWith("\"")) {
			return value;
		}
		if (value.length() == 1 || !value.endsWith("\"")) {
			throw wrong(place, "The value that begins with " + value + " lacks its closing quote.",
					"Close the quote on the same line.");
		}
		return value.substring(1, value.length() - 1);
	}

	private static TidemarkException wrong(Place place, String what, String remedy) {
		return new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, place, what, remedy));
	}

}
