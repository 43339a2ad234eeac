package dev.tidemark.source;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.SqlScript;
import dev.tidemark.sql.SqlSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamSource;

/**
 * A migration file that was found. It keeps the checksum, never the text: a boot with
 * nothing to do holds some hundred bytes for each file.
 */
public final class Migration {

	private final Identity identity;

	private final String description;

	private final String script;

	private final Checksum checksum;

	private final InputStreamSource content;

	private final TextReader reader;

	private final ScriptConfiguration configuration;

	private final ValueMemory memory;

	Migration(Identity identity, String description, String script, Checksum checksum, InputStreamSource content,
			TextReader reader, ScriptConfiguration configuration, ValueMemory memory) {
		this.identity = identity;
		this.description = description;
		this.script = script;
		this.checksum = checksum;
		this.content = content;
		this.reader = reader;
		this.configuration = configuration;
		this.memory = memory;
	}

	/**
	 * Returns what makes it the same migration over all builds.
	 * @return the version or the name
	 */
	public Identity identity() {
		return this.identity;
	}

	/**
	 * Returns the description from the file's name, with blanks for underscores.
	 * @return the description, possibly empty
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns the path of the file, beginning with the path of its location.
	 * @return the path
	 */
	public String script() {
		return this.script;
	}

	/**
	 * Returns the checksum of the text when it was found.
	 * @return the checksum
	 */
	public Checksum checksum() {
		return this.checksum;
	}

	/** Tells whether the other file is a copy of this one that runs as this one does. */
	boolean isCopyOf(Migration other) {
		return this.checksum.equals(other.checksum) && this.configuration.equals(other.configuration);
	}

	/**
	 * Tells whether the placeholders that a run of this migration used have the values
	 * that they had then.
	 * @param remembered what the history knows of them
	 * @return {@code false} if one has changed
	 * @see UsedPlaceholders#remember(String)
	 */
	public boolean isSame(String remembered) {
		return this.memory.isSame(remembered);
	}

	/**
	 * Reads the file again and splits it into statements, as far as that can be done
	 * without a database: the built-in placeholders stay as they are.
	 * @return the content
	 * @throws TidemarkException as {@link #load(BuiltIns)}
	 */
	public Script load() {
		return read(null);
	}

	/**
	 * Reads the file again, replaces its placeholders and splits it into statements.
	 * @param builtIns what the built-in placeholders tell
	 * @return the content
	 * @throws TidemarkException if the file cannot be read, cannot be split, has a wrong
	 * directive or a placeholder without a value, or is not the one any more whose
	 * checksum was taken
	 */
	public Script load(BuiltIns builtIns) {
		return read(builtIns);
	}

	private Script read(@Nullable BuiltIns builtIns) {
		StringBuilder text = new StringBuilder();
		if (!this.reader.read(this.content, this.script, text).equals(this.checksum)) {
			throw new TidemarkException(Problem.error(ErrorCode.FILE_CHANGED, Place.file(this.script),
					"The file was changed after it had been checked.",
					"Do not write to migration locations while the service starts; start it again."));
		}
		String sql = text.toString();
		Directives directives = Directives.parse(sql, this.script, this.configuration);
		if (!directives.dependsOn().isEmpty() && !(this.identity instanceof Identity.Repeatable)) {
			throw new TidemarkException(Problem.error(ErrorCode.DIRECTIVE, Place.file(this.script),
					"The directive 'depends-on' belongs to repeatables; versions run in their order.",
					"Remove the line, and give the file a version above what it depends on."));
		}
		try {
			return script(sql, directives, builtIns);
		}
		catch (SqlSyntaxException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.SYNTAX,
					Place.position(this.script, ex.line(), ex.column()), ex.getMessage() + ".", remedy(ex.reason())));
		}
	}

	private Script script(String sql, Directives directives, @Nullable BuiltIns builtIns) {
		PlaceholderReplacement replacement = replacement(directives);
		FilePlaceholders placeholders = new FilePlaceholders(this.memory.placeholders(), builtIns, this, replacement);
		SqlScript parsed = (replacement == PlaceholderReplacement.OFF) ? SqlScript.parse(sql)
				: SqlScript.parse(sql, placeholders);
		if (placeholders.problems().stream().anyMatch(Problem::isError)) {
			throw new TidemarkException(placeholders.problems().stream().filter(Problem::isError).toList());
		}
		return Script.of(parsed, directives, this.script, placeholders.problems(),
				new UsedPlaceholders(placeholders.used(), this.memory));
	}

	/** Flyway's script configuration knows no more than whether. */
	private PlaceholderReplacement replacement(Directives directives) {
		PlaceholderReplacement general = this.memory.placeholders().replacement();
		PlaceholderReplacement own = directives.placeholders();
		boolean sayingOnlyWhether = Boolean.TRUE.equals(this.configuration.placeholders())
				&& own == PlaceholderReplacement.ON;
		return (own == null || (sayingOnlyWhether && general == PlaceholderReplacement.EVERYWHERE)) ? general : own;
	}

	private static String remedy(SqlSyntaxException.Reason reason) {
		if (reason == SqlSyntaxException.Reason.META_COMMAND) {
			return "Remove the line: commands that begin with a backslash belong to psql, not to the server.";
		}
		return "Close what the line opens; the rest of the file cannot be split until then.";
	}

	/** Returns the {@link #script() path}. */
	@Override
	public String toString() {
		return this.script;
	}

}
