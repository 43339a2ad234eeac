package dev.tidemark.source.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Directives where they mean nothing.
 */
class MisplacedDirectiveTests {

	@TempDir
	private Path folder;

	private Script load(String name, String text) throws IOException {
		Files.writeString(this.folder.resolve(name), text);
		Sources sources = new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)),
				true, SourceSettings.DEFAULT.encoding(), Naming.DEFAULT))
			.read();
		return Stream.concat(sources.migrations().stream(), sources.undos().stream())
			.map(Migration::load)
			.findFirst()
			.orElseGet(() -> sources.callbacks().get(0).load());
	}

	private List<Problem> problems(String name, String text) {
		return catchThrowableOfType(TidemarkException.class, () -> load(name, text)).problems();
	}

	@ParameterizedTest
	@CsvSource({ "U1__a.sql,irreversible", "R__a.sql,irreversible", "B1__a.sql,irreversible",
			"afterMigrate.sql,irreversible", "V1__a.sql,nothing-to-undo", "R__a.sql,nothing-to-undo",
			"afterMigrate.sql,nothing-to-undo" })
	void aWordThatBelongsToAnotherKindOfFileIsAnError(String name, String word) {
		assertThat(problems(name, "-- tidemark: " + word + " reason=x\n")).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.DIRECTIVE);
			assertThat(problem.what()).contains("'" + word + "'");
		});
	}

	@Test
	void directivesBehindTheHeadAreErrorsAllAtOnceAtTheirPlaces() {
		String text = "SELECT 1;\n-- tidemark: transaction=none\nSELECT\n  --Tidemark : only=prod\n 2; -- other\n";

		assertThat(problems("V1__a.sql", text))
			.extracting((problem) -> problem.code() + " " + problem.place().line() + ":" + problem.place().column())
			.containsExactly("TM-SRC-007 2:1", "TM-SRC-007 4:3");
	}

	@ParameterizedTest
	@CsvSource({ "lock-timeout=5s,stands behind the head", "allow=drop-column,is unknown", "lock-timeuot=5s,is unknown",
			"only,lacks its value" })
	void behindTheHeadAWordThatIsUnknownThereTooIsToldAsSuch(String directive, String what) {
		assertThat(problems("V1__a.sql", "SELECT 1;\n-- tidemark: " + directive + "\nSELECT 2")).singleElement()
			.satisfies((problem) -> assertThat(problem.what()).contains(what));
	}

	@Test
	void aFileWithByteOrderMarkAndLineEndsOfWindowsHasAHead() throws IOException {
		Script script = load("V1__a.sql",
				"\ufeff-- \u00e4nderung\r\n-- tidemark: lock-timeout=5s\r\n-- tidemark: only=\"pr\u00f6d\"\r\nSELECT 1;\r\n");

		assertThat(script.directives().lockTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(script.directives().only()).containsExactly("pr\u00f6d");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "\\restrict abc\n-- tidemark: only=prod\nSELECT 1", ";\n-- tidemark: only=prod\nSELECT 1" })
	void behindWhatIsNoStatementTheyAreErrorsToo(String text) {
		assertThat(problems("V1__a.sql", text)).singleElement()
			.satisfies((problem) -> assertThat(problem.code()).isEqualTo(ErrorCode.DIRECTIVE));
	}

	@Test
	void theirPlaceIsThatOfTheFileWherePlaceholdersStand() {
		assertThat(problems("V1__a.sql", "SELECT ${x:1234567890};\n\n -- tidemark: only=prod").get(0).place())
			.asString()
			.endsWith(":3:2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT '\n-- tidemark: only=prod\n'", "DO $$\n-- tidemark: only=prod\n$$",
			"SELECT 1;\n-- tidemarks: a\n-- see tidemark: a\n/* -- tidemark: a */",
			"-- tidemark: only=prod\nSELECT 1" })
	void whatIsNoDirectiveIsNoError(String text) throws IOException {
		assertThat(load("V1__a.sql", text).statements()).hasSize(1);
	}

}
