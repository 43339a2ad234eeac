package dev.tidemark.migration;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.backfill.BatchText;
import dev.tidemark.migration.directive.Directive;
import dev.tidemark.migration.directive.DirectiveParser;
import dev.tidemark.migration.directive.Vocabulary;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.Remark;
import dev.tidemark.sql.script.SqlScript;

/**
 * Makes scripts of texts: replaces placeholders and splits what comes of it into
 * statements. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ScriptParser {

	private final ValueMemory memory;

	/**
	 * Makes a parser.
	 * @param placeholders what is declared
	 */
	public ScriptParser(Placeholders placeholders) {
		this.memory = new ValueMemory(placeholders);
	}

	/**
	 * Return what is declared.
	 * @return the placeholders
	 */
	public Placeholders placeholders() {
		return this.memory.placeholders();
	}

	/**
	 * Return whether the placeholders that a run used have the values that they had then.
	 * @param remembered what the history knows of them
	 * @return {@code false} if one has changed
	 */
	public boolean hasSameValues(String remembered) {
		return this.memory.isSame(remembered);
	}

	/**
	 * Make a script.
	 * @param sql the text
	 * @param script the path of its file
	 * @param directives what the head of the text asks for
	 * @param replacement where placeholders are replaced
	 * @param identity the migration that it is, or {@code null} if it is none
	 * @param phase when that runs
	 * @param builtIns what the built-in placeholders tell, or {@code null} if no database
	 * is known: they stay as they are then
	 * @return the script
	 * @throws TidemarkException if the text cannot be split, has a misplaced directive or
	 * a placeholder without a value
	 */
	public Script parse(String sql, String script, Directives directives, PlaceholderReplacement replacement,
			@Nullable Identity identity, Phase phase, @Nullable BuiltIns builtIns) {
		if (!directives.dependsOn().isEmpty() && (identity == null || !identity.isRepeatable())) {
			throw new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, Place.file(script),
					"The directive 'depends-on' belongs to repeatables; other files cannot depend on one, and versions run before all of them.",
					"Remove the line; what a version needs has to be made in a version before it."));
		}
		FilePlaceholders replaced = new FilePlaceholders(placeholders(), builtIns, script, identity, replacement);
		SqlScript parsed;
		try {
			parsed = (replacement == PlaceholderReplacement.OFF) ? SqlScript.parse(sql)
					: SqlScript.parse(sql, replaced);
		}
		catch (SqlSyntaxException ex) {
			throw new TidemarkException(new SyntaxProblems(script, placeholders()).of(ex.faults()));
		}
		if (replaced.problems().stream().anyMatch(Problem::isError)) {
			throw new TidemarkException(replaced.problems().stream().filter(Problem::isError).toList());
		}
		requireAtHead(parsed.remarks(), script);
		BatchText text = (phase == Phase.BACKFILL) ? BatchText.of(parsed) : null;
		Script plain = Script.of((text != null) ? text.script() : parsed, directives, script, replaced.problems(),
				new UsedPlaceholders(replaced.used(), this.memory), replaced.hasBuiltIns());
		return (text != null) ? plain.asBackfill(script, text.marks()) : plain;
	}

	/** What is said where nobody reads it must not be taken for done. */
	private static void requireAtHead(List<Remark> remarks, String script) {
		if (!remarks.isEmpty()) {
			throw new TidemarkException(
					remarks.stream().flatMap((remark) -> behindHead(script, remark).stream()).toList());
		}
	}

	/** A word that is unknown at the head, too, is told as such. */
	private static List<Problem> behindHead(String script, Remark remark) {
		Place place = Place.position(script, remark.position().line(), remark.position().column());
		List<Problem> problems = new ArrayList<>();
		try {
			new DirectiveParser(Vocabulary.OF_HEAD, remark.text(), place)
				.parse((directive) -> problems.add(misplaced(directive)));
		}
		catch (TidemarkException ex) {
			problems.addAll(ex.problems());
		}
		return problems;
	}

	private static Problem misplaced(Directive directive) {
		return Problem.error(ErrorCode.DIRECTIVE, directive.place(),
				"The directive '" + directive.word() + "' stands behind the head of the file, where it means nothing.",
				"Move the line to the head of the file, before everything but comments. It is part of the checksum: where"
						+ " databases have the file already, " + SettingNames.name("validation.ignore-changed")
						+ " lets them go on.");
	}

}
