package dev.tidemark.source;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.SqlScript;
import dev.tidemark.sql.SqlSyntaxException;

/**
 * The content of a file that was found. It keeps the checksum, never the text: a boot
 * with nothing to do holds some hundred bytes for each file.
 */
final class ScriptContent {

	private final String script;

	private final Checksum checksum;

	private final InputStreamSource content;

	private final TextReader reader;

	private final ScriptConfiguration configuration;

	ScriptContent(String script, Checksum checksum, InputStreamSource content, TextReader reader,
			ScriptConfiguration configuration) {
		this.script = script;
		this.checksum = checksum;
		this.content = content;
		this.reader = reader;
		this.configuration = configuration;
	}

	/** Returns the path of the file, beginning with the path of its location. */
	String script() {
		return this.script;
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
	 * Reads the file again and splits it into statements.
	 * @throws TidemarkException if the file cannot be read, cannot be split, has a wrong
	 * directive, or is not the one any more whose checksum was taken
	 */
	Script load() {
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

}
