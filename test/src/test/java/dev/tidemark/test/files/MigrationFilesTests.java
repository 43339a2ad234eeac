package dev.tidemark.test.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class MigrationFilesTests {

	@TempDir
	private Path folder;

	private void write(String name, String text) throws IOException {
		Files.writeString(this.folder.resolve(name), text);
	}

	private MigrationFiles files() {
		return MigrationFiles.in(this.folder.toString());
	}

	@Test
	void filesInOrderPass() throws IOException {
		write("V1__a.sql", "CREATE TABLE a (x text DEFAULT '${owner}')");
		write("notes.sql", "SELECT 'a warning is no reason to fail'");

		assertThatNoException().isThrownBy(() -> files().verify());
		assertThat(files().problems()).extracting(Problem::code).containsExactly(ErrorCode.FILE_NAME);
	}

	@Test
	void allProblemsAreToldAtOnceWithWhatToDo() throws IOException {
		write("V1__a.sql", "SELECT 1");
		write("V1__b.sql", "SELECT 2");
		write("V2_c.sql", "SELECT 3");
		write("V3__d.sql", "SELECT 'open");

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> files().verify())
			.withMessageStartingWith("The migrations cannot be released as they are:")
			.withMessageContainingAll("TM-SRC-005", "TM-SRC-004", "TM-SRC-006", "V2_c.sql", "the next free one is 4");
	}

	@Test
	void whatIsReleasedAsAListSaysMayNotChange() throws IOException {
		write("V1__a.sql", "SELECT 1");
		Path list = Files.writeString(this.folder.resolve("released.txt"), "1 sha256:0\n");

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> files().releasedAsListed(list).verify())
			.withMessageContaining("TM-VAL-001");
	}

	@Test
	void whereGitCannotBeAskedTheCheckDoesNotPass() throws IOException {
		write("V1__a.sql", "SELECT 1");

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> files().releasedAt("main").verify())
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.RELEASE_UNKNOWN);
	}

	@Test
	void severalFoldersAreComparedWithABranch() throws Exception {
		Path one = Files.createDirectories(this.folder.resolve("one"));
		Path two = Files.createDirectories(this.folder.resolve("two"));
		Files.writeString(one.resolve("V1__a.sql"), "SELECT 1");
		Files.writeString(two.resolve("V2__b.sql"), "SELECT 2");
		git("init", "-q", "-b", "main");
		git("add", "-A");
		git("commit", "-q", "-m", "Begin");
		Files.move(two.resolve("V2__b.sql"), one.resolve("V2__b.sql"));
		Files.writeString(two.resolve("V3__c.sql"), "SELECT 3");
		MigrationFiles files = MigrationFiles.in(one.toString(), two.toString()).releasedAt("main");

		assertThat(files.problems()).isEmpty();

		Files.writeString(one.resolve("V2__b.sql"), "SELECT 'edited'");

		assertThat(files.problems()).extracting(Problem::code).containsExactly(ErrorCode.CHANGED);
	}

	private void git(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("git", "-C", this.folder.toString(), "-c", "user.name=Test",
				"-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
	}

	@Test
	void filesAreReadAsTheApplicationReadsThem() throws IOException {
		Files.write(this.folder.resolve("M1-a.psql"), "SELECT 'ü'".getBytes(StandardCharsets.ISO_8859_1));

		MigrationFiles files = files().named(new Naming("M", "R", "U", "B", "-", List.of(".psql")))
			.encodedIn(StandardCharsets.ISO_8859_1);

		assertThat(files.problems()).isEmpty();
	}

	@Test
	void aFolderThatIsMissingFails() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> MigrationFiles.in(this.folder.resolve("nowhere").toString()).verify())
			.withMessageContaining("TM-SRC-001");
	}

	@Test
	void whatTheApplicationExcludesIsNotChecked() throws IOException {
		write("V1__a.sql", "SELECT 1");
		Files.createDirectories(this.folder.resolve("rollback"));
		write("rollback/7__a.sql", "SELECT 'open");

		assertThat(files().problems()).extracting(Problem::code).containsExactly(ErrorCode.FILE_NAME);
		assertThat(files().excluding("rollback/**").problems()).isEmpty();
		assertThat(files().excluding("rollback/**").named(Naming.DEFAULT).problems()).isEmpty();
	}

	@Test
	void eachNewVersionCanBeRequiredToHaveAWayBack() throws IOException {
		write("V1__a.sql", "SELECT 1");
		write("V2__b.sql", "SELECT 2");
		Path list = Files.writeString(this.folder.resolve("released.txt"), "1 -\n");

		assertThatNoException().isThrownBy(() -> files().releasedAsListed(list).verify());
		assertThat(files().requireUndo().releasedAsListed(list).problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_MISSING);
			assertThat(problem.place()).asString().endsWith("V2__b.sql");
		});
	}

}
