package dev.tidemark.source.format;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.backfill.BackfillDirectives;
import dev.tidemark.migration.backfill.BackfillOption;
import dev.tidemark.migration.backfill.BackfillOptions;
import dev.tidemark.migration.backfill.UnusableOptionException;
import dev.tidemark.migration.backfill.VerifyCondition;
import dev.tidemark.migration.directive.Directive;
import dev.tidemark.migration.directive.DirectiveValue;

/**
 * Says what the directives of backfills at the head of one file mean; used once.
 */
final class BackfillDirectivesReader {

	private final String script;

	private final Map<BackfillOption, String> options = new EnumMap<>(BackfillOption.class);

	private List<String> table = List.of();

	private List<String> keys = List.of();

	private @Nullable String verify;

	BackfillDirectivesReader(String script) {
		this.script = script;
	}

	/**
	 * Adds one directive.
	 * @throws TidemarkException if its value cannot be used
	 */
	void add(Directive directive) {
		switch (directive.word()) {
			case "batch" -> readBatch(directive);
			case "verify" -> this.verify = condition(directive);
			default -> addOption(directive);
		}
	}

	/**
	 * Returns what was said.
	 * @param problems takes what contradicts itself, once all values can be used
	 */
	BackfillDirectives read(List<Problem> problems) {
		if (problems.isEmpty()) {
			try {
				BackfillOptions.DEFAULT.with(this.options);
			}
			catch (UnusableOptionException ex) {
				problems.add(Problem.error(ErrorCode.DIRECTIVE, Place.file(this.script), ex.what(), ex.remedy()));
			}
		}
		return new BackfillDirectives(this.table, this.keys, this.verify, this.options);
	}

	private void readBatch(Directive directive) {
		DirectiveValue named = directive.named().get("table");
		if (named == null) {
			throw directive.wrong("The directive 'batch' lacks its table.", remedy(directive));
		}
		List<String> parts = named.name();
		if (parts.isEmpty() || parts.size() > 2) {
			throw directive.wrong("The directive 'batch' names the table " + named + ", which is no name of one"
					+ placeholderHint(named) + ".", remedy(directive));
		}
		DirectiveValue by = directive.named().get("by");
		List<String> columns = (by != null) ? keys(directive, by) : List.of();
		this.table = parts;
		this.keys = columns;
	}

	private static List<String> keys(Directive directive, DirectiveValue by) {
		List<String> columns = new ArrayList<>();
		for (DirectiveValue item : by.items()) {
			List<String> column = item.name();
			if (column.size() != 1) {
				throw directive.wrong(
						"The directive 'batch' has the key " + by + ", which is no list of columns"
								+ placeholderHint(by) + ".",
						"Write the columns with commas and no blanks between them, as in by=tenant_id,id.");
			}
			if (columns.contains(column.get(0))) {
				throw directive.wrong("The directive 'batch' names the column " + item + " twice.",
						"Remove one of the two.");
			}
			columns.add(column.get(0));
		}
		return columns;
	}

	private static String placeholderHint(DirectiveValue value) {
		return value.written().contains(Placeholders.DEFAULT_PREFIX) ? "; placeholders are not replaced in directives"
				: "";
	}

	private static String condition(Directive directive) {
		List<DirectiveValue> arguments = directive.arguments();
		String text = (arguments.size() == 1 && arguments.get(0).written().startsWith("\"")) ? arguments.get(0).text()
				: null;
		if (text == null) {
			throw directive.wrong("The directive 'verify' lacks its condition in double quotes.",
					remedy(directive) + "; a double quote within is written twice.");
		}
		if (text.contains(Placeholders.DEFAULT_PREFIX)) {
			throw directive.wrong(
					"The condition of 'verify' has a placeholder, but they are not replaced in directives.",
					"Write out what it stands for.");
		}
		try {
			return new VerifyCondition(text).sql();
		}
		catch (UnusableOptionException ex) {
			throw directive.wrong(ex.what(), ex.remedy());
		}
	}

	private void addOption(Directive directive) {
		BackfillOption option = BackfillOption.of(directive.word());
		if (option == null) {
			throw new IllegalStateException("A directive without a meaning: " + directive.word());
		}
		String text = directive.text();
		try {
			option.set(BackfillOptions.DEFAULT, text);
		}
		catch (UnusableOptionException ex) {
			throw directive.wrong(ex.what(), ex.remedy());
		}
		this.options.put(option, text);
	}

	private static String remedy(Directive directive) {
		return "Write it as: -- tidemark: " + directive.form().example();
	}

}
