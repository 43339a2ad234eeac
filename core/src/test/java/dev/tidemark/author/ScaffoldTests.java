package dev.tidemark.author;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Migration;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.source.Location;
import dev.tidemark.source.MigrationSource;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.Sources;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScaffoldTests {

	@TempDir
	private Path folder;

	private Scaffold scaffold() {
		return scaffold(Naming.DEFAULT);
	}

	private Scaffold scaffold(Naming naming) {
		return scaffold(naming, StandardCharsets.UTF_8);
	}

	private Scaffold scaffold(Naming naming, Charset encoding) {
		return new Scaffold(this.folder, naming, encoding,
				Clock.fixed(Instant.parse("2026-11-20T10:30:00Z"), ZoneOffset.UTC));
	}

	private void write(String name) throws IOException {
		Files.createDirectories(this.folder.resolve(name).getParent());
		Files.writeString(this.folder.resolve(name), "SELECT 1");
	}

	private String next(VersionScheme scheme) throws IOException {
		return scaffold().versioned("x", scheme, null).getFileName().toString();
	}

	@Test
	void theFirstFileOfAFolderThatIsNewIsVersionOne() throws IOException {
		this.folder = this.folder.resolve("db/migration");

		Path file = scaffold().versioned("Add e-mail (of customers)", null, null);

		assertThat(file).isEqualTo(this.folder.resolve("V1__Add_e-mail_of_customers.sql"))
			.hasContent("-- Add e-mail (of customers)\n");
	}

	@ParameterizedTest
	@CsvSource({ "V7__a.sql, V8__x.sql", "V1.9__a.sql, V1.10__x.sql", "deep/V7__a.sql, V8__x.sql",
			"V007__a.sql, V008__x.sql", "V099__a.sql, V100__x.sql", "V999__a.sql, V1000__x.sql",
			"V1.0__init.sql, V1.1__x.sql", "V1.2.0__a.sql, V1.2.1__x.sql",
			"V2026_11_20_01__a.sql, V2026_11_20_02__x.sql", "B020__a.sql, V021__x.sql",
			"V20261119080000__a.sql, V20261120103000__x.sql", "V20991231235959__a.sql, V20991231235960__x.sql",
			"V20261399000000__a.sql, V20261399000001__x.sql", "R__a.sql, V1__x.sql" })
	void theNextFileGoesOnAsTheNewestBegan(String newest, String expected) throws IOException {
		write(newest);

		assertThat(next(null)).isEqualTo(expected);
	}

	@Test
	void theSchemeCanBeChosen() throws IOException {
		write("V7__a.sql");

		assertThat(next(VersionScheme.TIMESTAMP)).isEqualTo("V20261120103000__x.sql");
		assertThat(next(VersionScheme.SEQUENCE)).isEqualTo("V20261120103001__x.sql");
	}

	@Test
	void whatIsMadeIsReadAsItIsMeant() throws IOException {
		scaffold().versioned("drop x.contract", null, null);
		scaffold().repeatable("active users");

		Sources sources = new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)),
				true, StandardCharsets.UTF_8, Naming.DEFAULT))
			.read();

		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations()).extracting((migration) -> migration.identity().toString())
			.containsExactly("1", "active users");
	}

	@Test
	void aPhaseBeginsWithAnExampleThatIsReadAsItIsMeant() throws IOException {
		Path backfill = NewMigration.make(scaffold(), "backfill", "copy email", null, null, null);
		Path contract = NewMigration.make(scaffold(), "contract", "drop email", null, null, null);

		Sources sources = new MigrationSource(new SourceSettings(List.of(Location.of("filesystem:" + this.folder)),
				true, StandardCharsets.UTF_8, Naming.DEFAULT))
			.read();

		assertThat(backfill).hasFileName("V1__copy_email.backfill.sql");
		assertThat(contract).hasFileName("V2__drop_email.contract.sql");
		assertThat(sources.problems()).isEmpty();
		assertThat(sources.migrations()).extracting(Migration::phase).containsExactly(Phase.BACKFILL, Phase.CONTRACT);
		assertThat(sources.migrations().get(0).load().backfill().table()).containsExactly("users");
		assertThat(sources.migrations().get(1).load().statements()).isEmpty();
	}

	@Test
	void namesAreAsTheyAreConfigured() throws IOException {
		Naming naming = new Naming("", "again", "undo", "all", "-", List.of(".psql", ".sql"));
		write("4-a.sql");

		assertThat(scaffold(naming).versioned("add x", null, null)).hasFileName("5-add_x.psql");
		assertThat(scaffold(naming).repeatable("view")).hasFileName("again-view.psql");
		assertThat(scaffold(naming).undo(null)).hasFileName("undo5-add_x.psql");
		assertThat(scaffold(naming).baseline("state", null)).hasFileName("all5-state.psql");
	}

	@Test
	void anUndoLiesBesideItsVersion() throws IOException {
		write("V6__before.sql");
		write("deep/V007__add_email.sql");

		assertThat(scaffold().undo(null)).isEqualTo(this.folder.resolve("deep/U007__add_email.sql"))
			.hasContent("-- Undoes version 7: add email\n");
		assertThat(scaffold().undo(MigrationVersion.of("6"))).hasFileName("U6__before.sql");
		assertThatIllegalArgumentException().isThrownBy(() -> scaffold().undo(MigrationVersion.of("5")))
			.withMessageContaining("no file of version 5");
	}

	@Test
	void anUndoHoldsWhatTheStatementsOfItsVersionTellOfTheirInverse() throws IOException {
		Files.writeString(this.folder.resolve("V7__add_email.sql"), """
				ALTER TABLE customer ADD COLUMN email text;
				CREATE TABLE ${prefix}_log (id int);
				CREATE INDEX customer_email ON customer (email);
				""");

		assertThat(scaffold().undo(null)).hasContent("""
				-- Undoes version 7: add email. Derived from V7__add_email.sql: read and correct it.
				DROP INDEX "customer_email";
				-- line 2 has no inverse that could be derived: CREATE TABLE ${prefix}_log (id int)
				ALTER TABLE "customer" DROP COLUMN "email";
				""");
	}

	@Test
	void aVersionThatABaselineFileReachesIsTaken() throws IOException {
		write("B20__all.sql");

		assertThat(next(null)).isEqualTo("V21__x.sql");
	}

	@Test
	void aBaselineFileIsMadeForAVersion() throws IOException {
		write("V6__a.sql");
		write("V007__b.sql");

		assertThat(scaffold().baseline("all tables", null)).hasFileName("B007__all_tables.sql")
			.hasContent("-- all tables: the state up to version 7, for new databases\n");
		assertThat(scaffold().baseline("a", MigrationVersion.of("6"))).hasFileName("B6__a.sql");
		assertThatIllegalArgumentException().isThrownBy(() -> scaffold().baseline("b", MigrationVersion.of("5")))
			.withMessageContaining("no file of version 5");
	}

	@Test
	void nothingIsOverwritten() throws IOException {
		write("R__view.sql");

		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> scaffold().repeatable("view"));
		assertThat(this.folder.resolve("R__view.sql")).hasContent("SELECT 1");
	}

	@Test
	void whatWouldBeADuplicateIsNotMade() throws IOException {
		write("deep/R__active_users.sql");
		write("V7__a.sql");
		write("deep/U7__other.sql");
		write("B7__x.sql");

		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> scaffold().repeatable("active users"))
			.withMessageContaining("deep/R__active_users.sql");
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> scaffold().undo(null))
			.withMessageContaining("deep/U7__other.sql");
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> scaffold().baseline("all", null))
			.withMessageContaining("B7__x.sql");
	}

	@Test
	void filesAreReadAndWrittenInTheirEncoding() throws IOException {
		Files.write(this.folder.resolve("V7__größe.sql"), "SELECT 'größe'".getBytes(StandardCharsets.ISO_8859_1));
		Scaffold scaffold = scaffold(Naming.DEFAULT, StandardCharsets.ISO_8859_1);

		Path file = scaffold.versioned("Größe ändern", null, null);

		assertThat(file).hasFileName("V8__Größe_ändern.sql");
		assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).isEqualTo("-- Größe ändern\n");
		assertThatIllegalArgumentException().isThrownBy(() -> scaffold.versioned("размер", null, null))
			.withMessageContaining("cannot be written in ISO-8859-1");
	}

	@ParameterizedTest
	@CsvSource({ "'tidemark: faster start', V1__tidemark_faster_start.sql, -- tidemark faster start",
			"'Tidemark :x', V1__Tidemark_x.sql, -- Tidemark x", "cafe\u0301, V1__caf\u00E9.sql, -- caf\u00E9",
			"\u0928\u092E\u0938\u094D\u0924\u0947, V1__\u0928\u092E\u0938\u094D\u0924\u0947.sql, -- \u0928\u092E\u0938\u094D\u0924\u0947" })
	void aDescriptionIsNeitherADirectiveNorLosesItsMarks(String description, String name, String comment)
			throws IOException {
		Path file = scaffold().versioned(description, null, null);

		assertThat(file).hasFileName(name).hasContent(comment + "\n");
		assertThat(next(null)).isEqualTo("V2__x.sql");
	}

	@Test
	void versionsThatABranchHasAreTakenToo() throws Exception {
		write("db/V0001__a.sql");
		git("init", "-q", "-b", "main");
		git("add", "-A");
		git("commit", "-q", "-m", "Begin");
		git("checkout", "-q", "-b", "feature");
		git("checkout", "-q", "main");
		write("db/V0002__theirs.sql");
		git("add", "-A");
		git("commit", "-q", "-m", "Go on");
		git("checkout", "-q", "feature");
		this.folder = this.folder.resolve("db");

		assertThat(scaffold().versioned("ours", null, "main")).hasFileName("V0003__ours.sql");
		assertThat(scaffold().versioned("more", null, null)).hasFileName("V0004__more.sql");

		this.folder = this.folder.resolveSibling("none");
		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> scaffold().versioned("x", null, "mian"))
			.withMessageContaining("does not know 'mian'");
		assertThat(this.folder).doesNotExist();
	}

	private void git(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("git", "-C", this.folder.toString(), "-c", "user.name=Test",
				"-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
	}

	@Test
	void aFileThatNearlyHasTheNextVersionIsPutRightFirst() throws IOException {
		write("V1__a.sql");
		write("V2_b.sql");

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> next(null))
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.FILE_NAME);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "../..", "!" })
	void aDescriptionHasToSaySomething(String description) {
		assertThatIllegalArgumentException().isThrownBy(() -> scaffold().versioned(description, null, null));
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void aDescriptionCannotLeaveTheFolder() throws IOException {
		assertThat(scaffold().versioned("../../etc/x", null, null)).hasParent(this.folder);
	}

	@Test
	void fromTheCommandLineThePathIsPrinted() throws IOException {
		write("V7__a.sql");

		assertThat(run(this.folder.toString(), "add", "email")).isEqualTo(this.folder + "/V8__add_email.sql\n");
		assertThat(run("--kind=repeatable", this.folder.toString(), "view")).isEqualTo(this.folder + "/R__view.sql\n");
		assertThat(run(this.folder.toString(), "--kind=undo", "--version=7")).isEqualTo(this.folder + "/U7__a.sql\n");
		assertThat(run(this.folder.toString(), "--kind=baseline", "--version=7", "all"))
			.isEqualTo(this.folder + "/B7__all.sql\n");
	}

	@Test
	void fromTheCommandLineFilesAreNamedAndReadAsInTheApplication() throws IOException {
		Files.write(this.folder.resolve("M7-größe.psql"), "SELECT 'größe'".getBytes(StandardCharsets.ISO_8859_1));

		assertThat(run(this.folder.toString(), "add", "--versioned-prefix=M", "--repeatable-prefix=again",
				"--separator=-", "--suffixes=.psql,.sql", "--encoding=ISO-8859-1"))
			.isEqualTo(this.folder + "/M8-add.psql\n");
		assertThatIllegalArgumentException().isThrownBy(() -> run(this.folder.toString(), "add", "--encoding=none"))
			.withMessageContaining("'none' is no encoding");
	}

	@ParameterizedTest
	@ValueSource(strings = { "versioned", "repeatable" })
	void aVersionIsForUndosAndBaselines(String kind) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> run(this.folder.toString(), "x", "--kind=" + kind, "--version=9"))
			.withMessageContaining("A version cannot be chosen for a new " + kind);
	}

	private static String run(String... arguments) throws IOException {
		PrintStream before = System.out;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			NewMigration.main(arguments);
		}
		finally {
			System.setOut(before);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@CsvSource({ "--kind=view, there are versioned", "--scheme=random, there are sequence",
			"--version, there are --kind=", "--speed=9, there are --kind=" })
	void whatIsNoOptionIsToldWithThoseThatAre(String option, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> run(this.folder.toString(), "x", option))
			.withMessageContaining(message);
	}

	@Test
	void withoutAFolderThereIsNoFile() {
		assertThatIllegalArgumentException().isThrownBy(() -> run()).withMessageContaining("Name the folder");
	}

}
