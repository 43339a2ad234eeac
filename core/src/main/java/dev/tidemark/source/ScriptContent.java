package dev.tidemark.source;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.SqlScript;
import dev.tidemark.sql.SqlSyntaxException;

/**
 * The content of a file that was found. It keeps the checksum, never the text: a boot
 * with nothing to do holds some hundred bytes for each file.
 */
final class ScriptContent {

	private final String script;

	private final Naming naming;

	private final Checksum checksum;

	private final InputStreamSource content;

	private final TextReader reader;

	private final ScriptConfiguration configuration;

	private final ValueMemory memory;

	ScriptContent(String script, Naming naming, Checksum checksum, InputStreamSource content, TextReader reader,
			ScriptConfiguration configuration, ValueMemory memory) {
		this.script = script;
		this.naming = naming;
		this.checksum = checksum;
		this.content = content;
		this.reader = reader;
		this.configuration = configuration;
		this.memory = memory;
	}

	/** Returns the path of the file, beginning with the path of its location. */
	String script() {
		return this.script;
	}

	/** Returns the path of the file that undoes this one, a versioned one. */
	String undoScript() {
		int name = this.script.lastIndexOf('/') + 1;
		return this.script.substring(0, name) + this.naming.undoPrefix()
				+ this.script.substring(name + this.naming.versionedPrefix().length());
	}

	/** Returns the checksum of the text when it was found. */
	Checksum checksum() {
		return this.checksum;
	}

	/** Tells whether the other file is a copy of this one that runs as this one does. */
	boolean isCopyOf(ScriptContent other) {
		return this.checksum.equals(other.checksum) && this.configuration.equals(other.configuration);
	}

	/**
	 * Tells whether the placeholders that a run of the file used have the values that
	 * they had then.
	 */
	boolean hasSameValues(String remembered) {
		return this.memory.isSame(remembered);
	}

	/** Reads what the head of the file asks for. */
	Directives directives() {
		return Directives.parse(text(), this.script, this.configuration);
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		if (!this.reader.read(this.content, this.script, text).equals(this.checksum)) {
			throw new TidemarkException(Problem.error(ErrorCode.FILE_CHANGED, Place.file(this.script),
					"The file was changed after it had been checked.",
					"Do not write to migration locations while the service starts; start it again."));
		}
		return text.toString();
	}

	/**
	 * Reads the file again, replaces its placeholders and splits it into statements.
	 * @param identity the migration that it is, or {@code null} if it is none
	 * @param builtIns what the built-in placeholders tell, or {@code null} if no database
	 * is known: they stay as they are then
	 * @throws TidemarkException if the file cannot be read, cannot be split, has a wrong
	 * directive or a placeholder without a value, or is not the one any more whose
	 * checksum was taken
	 */
	Script load(@Nullable Identity identity, @Nullable BuiltIns builtIns) {
		String sql = text();
		Directives directives = Directives.parse(sql, this.script, this.configuration);
		if (!directives.dependsOn().isEmpty() && !(identity instanceof Identity.Repeatable)) {
			throw new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, Place.file(this.script),
					"The directive 'depends-on' belongs to repeatables; other files cannot depend on one, and versions run before all of them.",
					"Remove the line; what a version needs has to be made in a version before it."));
		}
		try {
			return script(sql, directives, identity, builtIns);
		}
		catch (SqlSyntaxException ex) {
			throw new TidemarkException(new SyntaxProblems(this.script, this.memory.placeholders()).of(ex.faults()));
		}
	}

	private Script script(String sql, Directives directives, @Nullable Identity identity, @Nullable BuiltIns builtIns) {
		PlaceholderReplacement replacement = replacement(directives);
		FilePlaceholders placeholders = new FilePlaceholders(this.memory.placeholders(), builtIns, this.script,
				identity, replacement);
		SqlScript parsed = (replacement == PlaceholderReplacement.OFF) ? SqlScript.parse(sql)
				: SqlScript.parse(sql, placeholders);
		if (placeholders.problems().stream().anyMatch(Problem::isError)) {
			throw new TidemarkException(placeholders.problems().stream().filter(Problem::isError).toList());
		}
		requireAtHead(parsed.remarks(), sql);
		return Script.of(parsed, directives, this.script, placeholders.problems(),
				new UsedPlaceholders(placeholders.used(), this.memory), placeholders.hasBuiltIns());
	}

	/** What is said where nobody reads it must not be taken for done. */
	private void requireAtHead(List<Integer> remarks, String sql) {
		List<Problem> problems = new ArrayList<>();
		int line = 1;
		int lineStart = 0;
		int position = 0;
		for (int remark : remarks) {
			for (; position < remark; position++) {
				if (DirectiveReader.isLineEnd(sql, position)) {
					line++;
					lineStart = position + 1;
				}
			}
			problems.add(Problem.error(ErrorCode.DIRECTIVE, Place.position(this.script, line, remark - lineStart + 1),
					"The directive stands behind the head of the file, where it means nothing.",
					"Move the line to the head of the file, before everything but comments. It is part of the checksum: where"
							+ " databases have the file already, " + SettingNames.name("validation.ignore-changed")
							+ " lets them go on."));
		}
		if (!problems.isEmpty()) {
			throw new TidemarkException(problems);
		}
	}

	/** Flyway's script configuration knows no more than whether. */
	private PlaceholderReplacement replacement(Directives directives) {
		PlaceholderReplacement general = this.memory.placeholders().replacement();
		PlaceholderReplacement own = directives.placeholders();
		boolean sayingOnlyWhether = Boolean.TRUE.equals(this.configuration.placeholders())
				&& own == PlaceholderReplacement.ON;
		return (own == null || (sayingOnlyWhether && general == PlaceholderReplacement.EVERYWHERE)) ? general : own;
	}

}
