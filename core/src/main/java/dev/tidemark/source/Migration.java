package dev.tidemark.source;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.SqlScript;
import dev.tidemark.sql.SqlSyntaxException;
import org.springframework.core.io.InputStreamSource;

/**
 * A migration file that was found, or one that undoes a migration. It keeps the checksum,
 * never the text: a boot with nothing to do holds some hundred bytes for each file.
 */
public final class Migration {

	private final Identity identity;

	private final boolean undo;

	private final String description;

	private final String script;

	private final Checksum checksum;

	private final InputStreamSource content;

	private final TextReader reader;

	private final ScriptConfiguration configuration;

	Migration(Identity identity, boolean undo, String description, String script, Checksum checksum,
			InputStreamSource content, TextReader reader, ScriptConfiguration configuration) {
		this.identity = identity;
		this.undo = undo;
		this.description = description;
		this.script = script;
		this.checksum = checksum;
		this.content = content;
		this.reader = reader;
		this.configuration = configuration;
	}

	/**
	 * Returns what makes it the same migration over all builds.
	 * @return the version or the name
	 */
	public Identity identity() {
		return this.identity;
	}

	/**
	 * Tells whether the file takes the migration back.
	 * @return {@code true} for a file such as {@code U7__x.sql}
	 */
	public boolean isUndo() {
		return this.undo;
	}

	/**
	 * Returns in words what runs, such as {@code version 7} or
	 * {@code the undo of version 7}.
	 * @return the words
	 */
	public String inWords() {
		return this.undo ? "the undo of " + this.identity.inWords() : this.identity.inWords();
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
	 * Reads the file again and splits it into statements.
	 * @return the content
	 * @throws TidemarkException if the file cannot be read, cannot be split, has a wrong
	 * directive, or is not the one any more whose checksum was taken
	 */
	public Script load() {
		StringBuilder text = new StringBuilder();
		if (!this.reader.read(this.content, this.script, text).equals(this.checksum)) {
			throw new TidemarkException(Problem.error(ErrorCode.FILE_CHANGED, Place.file(this.script),
					"The file was changed after it had been checked.",
					"Do not write to migration locations while the service starts; start it again."));
		}
		String sql = text.toString();
		Directives directives = Directives.parse(sql, this.script, this.configuration);
		try {
			return Script.of(SqlScript.parse(sql), directives, this.script);
		}
		catch (SqlSyntaxException ex) {
			throw new TidemarkException(Problem.error(ErrorCode.SYNTAX,
					Place.position(this.script, ex.line(), ex.column()), ex.getMessage() + ".", remedy(ex.reason())));
		}
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
