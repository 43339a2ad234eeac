package dev.tidemark.source;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.BuiltIns;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Directives;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationContent;
import dev.tidemark.migration.Phase;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.ScriptParser;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.source.folder.TextReader;
import dev.tidemark.source.format.DirectivesReader;
import dev.tidemark.source.format.Naming;
import dev.tidemark.source.format.ScriptConfiguration;

/**
 * The content of a file that was found. It keeps the checksum, never the text: a boot
 * with nothing to do holds some hundred bytes for each file.
 */
final class FileContent implements MigrationContent {

	private final String script;

	private final Naming naming;

	private final Phase phase;

	private final Checksum checksum;

	private final InputStreamSource content;

	private final TextReader reader;

	private final ScriptConfiguration configuration;

	private final ScriptParser parser;

	FileContent(String script, Naming naming, Phase phase, Checksum checksum, InputStreamSource content,
			TextReader reader, ScriptConfiguration configuration, ScriptParser parser) {
		this.script = script;
		this.naming = naming;
		this.phase = phase;
		this.checksum = checksum;
		this.content = content;
		this.reader = reader;
		this.configuration = configuration;
		this.parser = parser;
	}

	@Override
	public String script() {
		return this.script;
	}

	@Override
	public String undoScript() {
		return this.naming.undoOf(this.script, this.phase);
	}

	@Override
	public Checksum checksum() {
		return this.checksum;
	}

	@Override
	public boolean isCopyOf(MigrationContent other) {
		return other instanceof FileContent file && this.checksum.equals(file.checksum)
				&& this.configuration.equals(file.configuration);
	}

	@Override
	public boolean hasSameValues(String remembered) {
		return this.parser.hasSameValues(remembered);
	}

	@Override
	public Directives directives() {
		return directives(text());
	}

	private Directives directives(String text) {
		return new DirectivesReader(text, this.script, this.configuration).read();
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

	@Override
	public Script load(@Nullable Identity identity, @Nullable BuiltIns builtIns) {
		String sql = text();
		Directives directives = directives(sql);
		return this.parser.parse(sql, this.script, directives, replacement(directives), identity, this.phase, builtIns);
	}

	/** Flyway's script configuration knows no more than whether. */
	private PlaceholderReplacement replacement(Directives directives) {
		PlaceholderReplacement general = this.parser.placeholders().replacement();
		PlaceholderReplacement own = directives.placeholders();
		boolean sayingOnlyWhether = Boolean.TRUE.equals(this.configuration.placeholders())
				&& own == PlaceholderReplacement.ON;
		return (own == null || (sayingOnlyWhether && general == PlaceholderReplacement.EVERYWHERE)) ? general : own;
	}

}
