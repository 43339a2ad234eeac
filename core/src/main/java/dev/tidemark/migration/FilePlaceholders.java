package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.migration.placeholder.PlaceholderNames;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.migration.placeholder.UndeclaredPlaceholders;
import dev.tidemark.sql.script.Substitution;

/**
 * Replaces the placeholders of one file, notes which ones it uses and collects what is
 * wrong with them.
 */
final class FilePlaceholders implements Substitution {

	/** How many names a message lists. */
	private static final int LISTED = 20;

	private final Placeholders placeholders;

	private final @Nullable BuiltIns builtIns;

	private final String script;

	private final @Nullable Identity identity;

	private final boolean inUse;

	private final boolean everywhere;

	private final SortedMap<String, UsedPlaceholders.Use> used = new TreeMap<>();

	private final Set<String> told = new HashSet<>();

	private final List<Problem> problems = new ArrayList<>();

	private boolean hasBuiltIns;

	/**
	 * Prepares to read a file.
	 * @param placeholders what is declared
	 * @param builtIns what the built-in ones tell, or {@code null} if no database is
	 * known: they stay as they are then
	 * @param script the path of the file
	 * @param identity the migration that it is, or {@code null} if it is none
	 * @param replacement where the file wants them replaced
	 */
	FilePlaceholders(Placeholders placeholders, @Nullable BuiltIns builtIns, String script, @Nullable Identity identity,
			PlaceholderReplacement replacement) {
		this.placeholders = placeholders;
		this.builtIns = builtIns;
		this.script = script;
		this.identity = identity;
		this.inUse = replacement != PlaceholderReplacement.AUTO || placeholders.areDeclared();
		this.everywhere = replacement == PlaceholderReplacement.EVERYWHERE;
	}

	@Override
	public String prefix() {
		return this.placeholders.prefix();
	}

	@Override
	public String suffix() {
		return this.placeholders.suffix();
	}

	/** Returns the declared ones that the file uses, or would if they were declared. */
	SortedMap<String, UsedPlaceholders.Use> used() {
		return this.used;
	}

	/** Tells whether the file asks for what is built in. */
	boolean hasBuiltIns() {
		return this.hasBuiltIns;
	}

	List<Problem> problems() {
		return this.problems;
	}

	@Override
	public @Nullable String replace(String content, Surroundings surroundings, int line, int column) {
		String name = this.placeholders.name(content);
		boolean escape = name.isEmpty() && content.startsWith(":");
		if (!escape && !PlaceholderNames.isName(name)) {
			return null;
		}
		Place place = Place.position(this.script, line, column);
		if (surroundings == Surroundings.BODY && !this.everywhere) {
			refuseInBody(name, place);
			return null;
		}
		if (surroundings == Surroundings.LITERAL && !this.inUse && !BuiltIns.isReserved(name)) {
			if (!escape) {
				use(name, line, column);
			}
			return null;
		}
		if (escape) {
			return this.placeholders.written(content.substring(1));
		}
		String value = value(name, line, column);
		if (name.length() < content.length()) {
			requirePlain(content.substring(name.length() + 1), name, place);
		}
		if (value != null || isUnknownYet(name)) {
			return value;
		}
		if (name.length() < content.length() && !BuiltIns.isMisspelt(name)) {
			return content.substring(name.length() + 1);
		}
		undeclared(name, place);
		return null;
	}

	private void use(String name, int line, int column) {
		this.used.putIfAbsent(PlaceholderNames.canonical(name), new UsedPlaceholders.Use(name, line, column));
	}

	private @Nullable String value(String name, int line, int column) {
		String declared = this.placeholders.value(name);
		if (declared == null && BuiltIns.isKnown(name)) {
			this.hasBuiltIns = true;
			return (this.builtIns != null) ? this.builtIns.value(name, this.script, this.identity) : null;
		}
		use(name, line, column);
		return declared;
	}

	/** It would end with the inner one, and the rest stay in the text. */
	private void requirePlain(String standard, String name, Place place) {
		if (standard.contains(prefix()) && this.told.add(PlaceholderNames.canonical(name))) {
			this.problems.add(Problem.error(ErrorCode.PLACEHOLDER, place,
					"The default of the placeholder " + this.placeholders.written(name)
							+ " holds another placeholder, but a default is plain text and ends with the first "
							+ suffix() + ".",
					"Write the default out, or declare " + SettingNames.name("placeholders") + "." + name
							+ " and leave the default away."));
		}
	}

	private boolean isUnknownYet(String name) {
		return this.builtIns == null && BuiltIns.isReserved(name);
	}

	private void undeclared(String name, Place place) {
		boolean reserved = BuiltIns.isReserved(name);
		if ((this.placeholders.undeclared() == UndeclaredPlaceholders.KEEP && !reserved)
				|| !this.told.add(PlaceholderNames.canonical(name))) {
			return;
		}
		String written = this.placeholders.written(name);
		if (reserved) {
			this.problems.add(Problem.error(ErrorCode.PLACEHOLDER, place,
					"The built-in placeholder " + written + " is unknown, or has no value in this file.",
					"Use one of tidemark.schema, tidemark.version (not in a repeatable or a callback), tidemark.user,"
							+ " tidemark.database and tidemark.timestamp, or declare a placeholder of your own."));
			return;
		}
		this.problems.add(Problem.error(ErrorCode.PLACEHOLDER, place,
				"The placeholder " + written + " is not declared" + declared() + ".",
				"Declare it as " + SettingNames.name("placeholders") + "." + name + ", or give it a default as in "
						+ this.placeholders.written(name + ":value") + "; if it is plain text, write "
						+ this.placeholders.written(":" + name)
						+ ", or put -- tidemark: placeholders=off at the head of the file."));
	}

	private String declared() {
		return this.placeholders.areDeclared()
				? "; declared are " + this.placeholders.names().stream().limit(LISTED).collect(Collectors.joining(", "))
				: "";
	}

	/** What was meant to be replaced would fail only when the function is called. */
	private void refuseInBody(String name, Place place) {
		boolean known = this.placeholders.value(name) != null || BuiltIns.isReserved(name);
		if (known && this.told.add("$" + PlaceholderNames.canonical(name))) {
			this.problems.add(Problem.error(ErrorCode.PLACEHOLDER_IN_BODY, place, "The placeholder "
					+ this.placeholders.written(name)
					+ " stands in a dollar-quoted string, such as the body of a function, where none is replaced.",
					"If it is meant to be replaced, put -- tidemark: placeholders=everywhere at the head of the file, or"
							+ " set " + SettingNames.name("placeholder.replacement")
							+ "=everywhere for all files. If it is plain text, put"
							+ " -- tidemark: placeholders=off there, so that nothing is replaced in this file (where databases have the file already,"
							+ " placeholderReplacement=false in a file of its name with .conf behind it, which leaves the"
							+ " checksum as it is); or replace" + " everywhere, and write "
							+ this.placeholders.written(":" + name) + "."));
		}
	}

}
