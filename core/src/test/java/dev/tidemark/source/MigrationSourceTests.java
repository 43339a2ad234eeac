package dev.tidemark.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Directives;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.Script;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class MigrationSourceTests {

	@TempDir
	private Path root;

	private Path write(String name, String content) throws IOException {
		return write(name, content.getBytes(StandardCharsets.UTF_8));
	}

	private Path write(String name, byte[] content) throws IOException {
		Path file = this.root.resolve(name);
		Files.createDirectories(file.getParent());
		return Files.write(file, content);
	}

	private Sources read(String... folders) {
		return new MigrationSource(settings(Stream.of(folders)
			.map((folder) -> Location.of("filesystem:" + this.root.resolve(folder)))
			.toArray(Location[]::new))).read();
	}

	private static SourceSettings settings(Location... locations) {
		return new SourceSettings(List.of(locations), true, StandardCharsets.UTF_8, Naming.DEFAULT);
	}

	private static List<String> scripts(Sources sources) {
		return sources.migrations().stream().map((migration) -> migration.script().replaceAll(".*/", "")).toList();
	}

	@Test
	void severalLocationsAreInterleavedByVersion() throws IOException {
		write("one/V1__a.sql", "");
		write("one/deep/er/V3__c.sql", "");
		write("two/V2__b.sql", "");
		write("two/R__z.sql", "");
		write("one/R__y.sql", "");

		assertThat(scripts(read("one", "two"))).containsExactly("V1__a.sql", "V2__b.sql", "V3__c.sql", "R__y.sql",
				"R__z.sql");
	}

	@Test
	void aLocationWithinAnotherCountsOnce() throws IOException {
		write("one/V1__a.sql", "");
		write("one/two/V2__b.sql", "");

		Sources sources = read("one", "one/two");

		assertThat(scripts(sources)).containsExactly("V1__a.sql", "V2__b.sql");
		assertThat(sources.problems()).isEmpty();
	}

	@Test
	void aDirectoryIsNoFileWhateverItsName() throws IOException {
		write("one/V1__dir.sql/V2__a.sql", "");

		assertThat(scripts(read("one"))).containsExactly("V2__a.sql");
	}

	@Test
	void twoFilesWithOneVersionNameEachOtherAndTheNextFreeVersion() throws IOException {
		write("one/V1__a.sql", "SELECT 1");
		write("two/V1.0__b.sql", "SELECT 2");
		write("two/V7__c.sql", "");

		Problem problem = read("one", "two").problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.DUPLICATE);
		assertThat(problem.toString()).contains("V1__a.sql")
			.contains("V1.0__b.sql")
			.contains("next free one is 8, as in V8__b.sql.");
	}

	@Test
	void copiesOfOneTextAreOneMigration() throws IOException {
		write("one/V1__a.sql", "SELECT 1;\n");
		write("two/V1__a.sql", "SELECT 1;\r\n");

		Sources sources = read("one", "two");

		assertThat(sources.migrations()).hasSize(1);
		assertThat(sources.problems()).isEmpty();
	}

	@Test
	void twoRepeatablesWithOneNameAreAProblem() throws IOException {
		write("one/R__a.sql", "SELECT 1");
		write("two/R__a.sql", "SELECT 2");

		assertThat(read("one", "two").problems()).extracting(Problem::code).containsExactly(ErrorCode.DUPLICATE);
	}

	@Test
	void aWrongByteIsNamedWithItsLine() throws IOException {
		write("one/V1__a.sql", "SELECT 1;\nSELECT 'ø';".getBytes(StandardCharsets.ISO_8859_1));

		Problem problem = read("one").problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_ENCODING);
		assertThat(problem.place().toString()).endsWith("V1__a.sql:2:9");
	}

	@Test
	void theCharacterZeroIsAWrongEncoding() throws IOException {
		write("one/V1__a.sql", "SELECT 1;\nSELECT 2".getBytes(StandardCharsets.UTF_16LE));
		write("two/V1__a.sql", "SELECT 1;\nSELECT 'a\0b'");

		Problem problem = read("one").problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_ENCODING);
		assertThat(problem.what()).isEqualTo("The file holds the character 0, as UTF-16 read as UTF-8 does.");
		assertThat(problem.place().toString()).endsWith("V1__a.sql:1:2");
		assertThat(read("two").problems().get(0).place().toString()).endsWith("V1__a.sql:2:10");
	}

	@Test
	void theEncodingIsConfigurableAndDoesNotChangeTheChecksum() throws IOException {
		write("latin/V1__a.sql", "SELECT 'ø 😀'".replace("😀", "x").getBytes(StandardCharsets.ISO_8859_1));
		write("utf/V1__a.sql", "SELECT 'ø x'");
		Sources latin = new MigrationSource(
				new SourceSettings(List.of(Location.of("filesystem:" + this.root.resolve("latin"))), true,
						StandardCharsets.ISO_8859_1, Naming.DEFAULT))
			.read();

		assertThat(latin.migrations().get(0).checksum()).isEqualTo(read("utf").migrations().get(0).checksum());
		assertThat(latin.migrations().get(0).load().statements().get(0).text()).isEqualTo("SELECT 'ø x'");
	}

	@Test
	void theChecksumIsTheDocumentedDigest() throws IOException {
		write("one/V1__a.sql", "SELECT 1;\n");

		// printf 'SELECT 1;\n' | sha256sum
		assertThat(read("one").migrations().get(0).checksum())
			.hasToString("sha256:b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd");
	}

	@Test
	void aSurrogatePairAcrossTheBufferKeepsTheChecksum() throws IOException {
		String text = "x".repeat(8191) + "😀" + "\r".repeat(8192) + "\n";
		write("one/V1__a.sql", text);
		write("two/V1__a.sql", text.replace("\r\n", "\n").replace('\r', '\n'));

		assertThat(read("one").migrations().get(0).checksum()).isEqualTo(read("two").migrations().get(0).checksum());
	}

	@Test
	void aMissingLocationIsAnErrorUnlessItMayBeMissing() {
		Location location = Location.of("filesystem:" + this.root.resolve("nowhere"));

		assertThat(new MigrationSource(settings(location)).read().problems())
			.extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.LOCATION_MISSING, true));
		assertThat(new MigrationSource(
				new SourceSettings(List.of(location), false, StandardCharsets.UTF_8, Naming.DEFAULT))
			.read()
			.problems()).extracting(Problem::isError).containsExactly(false);
	}

	@Test
	void anEmptyLocationIsAWarning() throws IOException {
		Files.createDirectory(this.root.resolve("one"));

		assertThat(read("one").problems()).extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.LOCATION_MISSING, false));
	}

	@Test
	void aLinkThatLeadsNowhereIsUnreadable() throws IOException {
		Path link = this.root.resolve("one/V1__a.sql");
		Files.createDirectory(link.getParent());
		Files.createSymbolicLink(link, this.root.resolve("gone"));

		assertThat(read("one").problems()).extracting(Problem::code).containsExactly(ErrorCode.FILE_UNREADABLE);
	}

	@Test
	void aLinkThatLeadsInACircleIsNamed() throws IOException {
		write("one/V1__a.sql", "");
		Path link = this.root.resolve("one/self");
		Files.createSymbolicLink(link, this.root.resolve("one"));

		List<Problem> problems = read("one").problems();

		assertThat(problems).extracting(Problem::code).containsExactly(ErrorCode.FILE_UNREADABLE);
		assertThat(problems.get(0).what()).contains("FileSystemLoopException");
		assertThat(problems.get(0).place()).hasToString(link.toString());
	}

	@Test
	void aFileThatChangesAfterTheCheckIsNotRun() throws IOException {
		write("one/V1__a.sql", "SELECT 1");
		Migration migration = read("one").migrations().get(0);
		write("one/V1__a.sql", "SELECT 2");

		assertThat(catchThrowableOfType(TidemarkException.class, migration::load).code())
			.isEqualTo(ErrorCode.FILE_CHANGED);
	}

	@Test
	void aScriptThatCannotBeSplitNamesItsPlace() throws IOException {
		write("one/V1__a.sql", "SELECT 1;\n  \\connect other");
		write("one/V2__b.sql", "SELECT 1;\n\nSELECT 'open");

		List<Migration> migrations = read("one").migrations();

		assertThat(catchThrowableOfType(TidemarkException.class, migrations.get(0)::load).problems().get(0).toString())
			.contains("TM-SRC-006")
			.contains("V1__a.sql:2:3")
			.contains("psql");
		assertThat(catchThrowableOfType(TidemarkException.class, migrations.get(1)::load).problems().get(0).toString())
			.contains("V2__b.sql:3:8");
	}

	@Test
	void aStrayParenthesisAtTheEndIsLeftOutWithAWarning() throws IOException {
		write("one/V1__a.sql", "SELECT (1);   )\n");

		Script script = read("one").migrations().get(0).load();

		assertThat(script.statements()).hasSize(1);
		assertThat(script.warnings()).extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.STRAY_PARENTHESIS, false));
		assertThat(script.warnings().get(0).place().toString()).endsWith("V1__a.sql:1:15");
	}

	@Test
	void aConfigurationBesideAScriptIsHonouredAndNotPartOfTheChecksum() throws IOException {
		write("one/V1__a.sql", "SELECT 'ø'".getBytes(StandardCharsets.ISO_8859_1));
		write("one/V1__a.sql.conf", "executeInTransaction=false\nencoding=ISO-8859-1\nplaceholderReplacement=false\n");
		write("two/V1__a.sql", "SELECT 'ø'");

		Sources sources = read("one");

		assertThat(sources.problems()).isEmpty();
		Migration migration = sources.migrations().get(0);
		assertThat(migration.checksum()).isEqualTo(read("two").migrations().get(0).checksum());
		assertThat(migration.load().statements().get(0).text()).isEqualTo("SELECT 'ø'");
		assertThat(migration.load().directives())
			.isEqualTo(new Directives(false, null, PlaceholderReplacement.OFF, List.of(), Set.of(), null, null));
	}

	@Test
	void aConfigurationIsForTheScriptOfItsNameOnly() throws IOException {
		write("one/V1__a.sql", "");
		write("one/V1__a.sql.conf", "executeInTransaction=false");
		write("one/V2__b.sql", "");
		write("one/deep/V3__a.sql", "");

		assertThat(read("one").migrations()).extracting((migration) -> migration.load().directives().transaction())
			.containsExactly(false, true, true);
	}

	@Test
	void aByteThatDoesNotBelongToTheConfiguredEncodingNamesTheConfiguration() throws IOException {
		write("one/V1__a.sql", "SELECT 'ø'");
		write("one/V1__a.sql.conf", "encoding=US-ASCII");

		Problem problem = read("one").problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.FILE_ENCODING);
		assertThat(problem.remedy()).contains("V1__a.sql.conf").doesNotContain("tidemark.files.encoding");
	}

	@Test
	void aConfigurationThatCannotBeReadAsTextIsNamed() throws IOException {
		write("one/V1__a.sql", "");
		write("one/V1__a.sql.conf", new byte[] { '#', (byte) 0xF8 });

		assertThat(read("one").problems()).extracting((problem) -> problem.place().toString())
			.containsExactly(this.root.resolve("one") + "/V1__a.sql.conf:1:2");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "V2__a.sql.conf", "v1__a.sql.conf", "V1__a.sql.CONF", "deep/V1__a.sql.conf", "U1__a.sql.conf" })
	void aConfigurationWithoutItsScriptIsAnError(String name) throws IOException {
		write("one/V1__a.sql", "");
		write("one/" + name, "executeInTransaction=false");

		List<Problem> problems = read("one").problems();

		assertThat(problems).extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.SCRIPT_CONFIGURATION, true));
		assertThat(problems.get(0).place()).hasToString(this.root.resolve("one") + "/" + name);
	}

	@Test
	void undoFilesAreReadAsOthersAre() throws IOException {
		write("one/V1__a.sql", "SELECT 1");
		write("one/U1__a.sql", "SELECT 1");
		write("one/U1__a.sql.conf", "executeInTransaction=false");

		Sources sources = read("one");

		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations()).hasSize(1);
		Migration undo = sources.undo(Identity.of("1")).orElseThrow();
		assertThat(undo.inWords()).isEqualTo("the undo of version 1");
		assertThat(undo.checksum()).isEqualTo(sources.migrations().get(0).checksum());
		assertThat(undo.load().directives().transaction()).isFalse();
	}

	@Test
	void twoUndoFilesOfOneVersionAreAProblem() throws IOException {
		write("one/V1__a.sql", "");
		write("one/U1__a.sql", "SELECT 1");
		write("one/U1__b.sql", "SELECT 2");

		Sources sources = read("one");

		assertThat(sources.problems()).extracting(Problem::code).containsExactly(ErrorCode.DUPLICATE);
		assertThat(sources.problems().get(0).what()).contains("the undo of version 1");
	}

	@Test
	void anUndoFileWithoutItsMigrationIsToldOfButStopsNothing() throws IOException {
		write("one/V1__a.sql", "");
		write("one/U11__a.sql", "");

		assertThat(read("one").problems()).extracting(Problem::code, Problem::isError)
			.containsExactly(org.assertj.core.groups.Tuple.tuple(ErrorCode.UNDO_WITHOUT_MIGRATION, false));
	}

	@Test
	void aConfigurationInALocationWithinAnotherCountsOnce() throws IOException {
		write("one/two/V1__a.sql", "");
		write("one/two/V1__a.sql.conf", "executeInTransaction=false");

		Sources sources = read("one", "one/two");

		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations().get(0).load().directives().transaction()).isFalse();
	}

	@Test
	void copiesOfOneTextThatAreConfiguredDifferentlyAreAProblem() throws IOException {
		write("one/V1__a.sql", "SELECT 1");
		write("two/V1__a.sql", "SELECT 1");
		write("two/V1__a.sql.conf", "executeInTransaction=false");

		List<Problem> problems = read("one", "two").problems();

		assertThat(problems).extracting(Problem::code).containsExactly(ErrorCode.DUPLICATE);
		assertThat(problems.get(0).what()).contains("configured");
	}

}
