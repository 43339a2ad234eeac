package dev.tidemark.author;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.Identity;
import dev.tidemark.source.Location;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.format.Naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What CI has to say before a branch is merged.
 */
class FileCheckTests {

	private static final String MAIN = "main";

	private Path repository;

	private Path folder;

	@BeforeEach
	void repository(@TempDir Path directory) throws Exception {
		this.repository = directory.resolve("repository");
		this.folder = this.repository.resolve("src/db");
		Files.createDirectories(this.folder);
		git("init", "-q", "-b", MAIN);
		write("V1__a.sql", "CREATE TABLE a (x int)");
		write("V2__b.sql", "CREATE TABLE b (x int)");
		commit();
		git("checkout", "-q", "-b", "feature");
	}

	private void write(String name, String text) throws IOException {
		Path file = this.folder.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	private void commit() throws Exception {
		git("add", "-A");
		git("commit", "-q", "-m", "Change");
	}

	private void git(String... arguments) throws Exception {
		git(this.repository, arguments);
	}

	private static void git(Path directory, String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString(), "-c", "user.name=Test", "-c",
				"user.email=test@example.org", "-c", "commit.gpgsign=false"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor()).as(output).isZero();
	}

	/** Somebody else's work is merged meanwhile. */
	private void onMain(String name, String text) throws Exception {
		git("checkout", "-q", MAIN);
		write(name, text);
		commit();
		git("checkout", "-q", "feature");
	}

	private SourceSettings settings(Path path) {
		return new SourceSettings(List.of(Location.of("filesystem:" + path)), true, SourceSettings.DEFAULT.encoding(),
				Naming.DEFAULT);
	}

	private List<Problem> problems(ReleasedMigrations release) {
		return new FileCheck(settings(this.folder)).check(release);
	}

	private List<Problem> problems() {
		return problems(ReleasedMigrations.atGitRef(MAIN, settings(this.folder)));
	}

	private Problem onlyProblem() {
		List<Problem> problems = problems();
		assertThat(problems).hasSize(1);
		return problems.get(0);
	}

	@Test
	void aBranchThatAddsTheNextVersionIsFine() throws Exception {
		write("V3__c.sql", "CREATE TABLE c (x int)");
		write("R__d.sql", "CREATE VIEW d AS SELECT 1");
		write("afterMigrate.sql", "SELECT 1");

		assertThat(problems()).isEmpty();
	}

	@Test
	void aReleasedFileThatWasEditedIsFound() throws Exception {
		write("V2__b.sql", "CREATE TABLE b (x bigint)");

		Problem problem = onlyProblem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(problem).asString().contains("released at main", "src/db/V2__b.sql", "into a new migration");
	}

	@Test
	void lineEndsAndMovesAreNoEdits() throws Exception {
		Files.delete(this.folder.resolve("V2__b.sql"));
		write("deep/V2__b_moved.sql", "CREATE TABLE b (x int)");
		onMain("V1__a.sql", "CREATE TABLE a (x int)\n");
		write("V1__a.sql", "CREATE TABLE a (x int)\r\n");

		assertThat(problems()).isEmpty();
	}

	@Test
	void aReleasedFileThatWasRemovedIsFound() throws Exception {
		Files.delete(this.folder.resolve("V1__a.sql"));

		Problem problem = onlyProblem();

		assertThat(problem.code()).isEqualTo(ErrorCode.MISSING);
		assertThat(problem).asString().contains("version 1 is released at main", "src/db/V1__a.sql", "Restore it");
	}

	@Test
	void releasedFilesThatABaselineFileStandsForMayGo() throws Exception {
		Files.delete(this.folder.resolve("V1__a.sql"));
		Files.delete(this.folder.resolve("V2__b.sql"));
		write("B2__a_and_b.sql", "CREATE TABLE a (x int); CREATE TABLE b (x int)");

		assertThat(problems()).isEmpty();
	}

	@Test
	void aReleasedFileAboveTheBaselineFileMayNotGo() throws Exception {
		Files.delete(this.folder.resolve("V1__a.sql"));
		Files.delete(this.folder.resolve("V2__b.sql"));
		write("B1__a.sql", "CREATE TABLE a (x int)");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.MISSING);
	}

	@Test
	void aReleasedBaselineFileThatWasEditedIsFound() throws Exception {
		onMain("B2__a_and_b.sql", "CREATE TABLE a (x int); CREATE TABLE b (x int)");
		git("merge", "-q", MAIN);
		write("B2__a_and_b.sql", "CREATE TABLE a (x bigint)");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void aVersionThatAReleasedBaselineFileReachesComesTooLate() throws Exception {
		onMain("B3__all.sql", "CREATE TABLE a (x int)");
		write("V3__ours.sql", "SELECT 3");

		Problem problem = onlyProblem();

		assertThat(problem.code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(problem.remedy()).isEqualTo("Rename it to V4__ours.sql, the next free version.");
	}

	@Test
	void undoFilesAreReadToo() throws Exception {
		write("U2__b.sql", "DROP TABLE 'b");
		write("U3__c.sql", "DROP TABLE c");

		assertThat(problems()).extracting(Problem::code)
			.containsExactlyInAnyOrder(ErrorCode.UNDO_WITHOUT_MIGRATION, ErrorCode.SYNTAX);
	}

	@Test
	void aReleasedUndoFileMayBeEdited() throws Exception {
		onMain("U2__b.sql", "DROP TABLE b");
		write("U2__b.sql", "DROP TABLE IF EXISTS b");

		assertThat(problems()).isEmpty();
	}

	@Test
	void whatWasMergedMeanwhileIsNotMissing() throws Exception {
		onMain("V3__theirs.sql", "SELECT 3");
		write("V4__ours.sql", "SELECT 4");

		assertThat(problems()).isEmpty();
	}

	@Test
	void aVersionThatComesTooLateIsToldWithTheNextFreeOne() throws Exception {
		onMain("V5__theirs.sql", "SELECT 5");
		write("V3__ours.sql", "SELECT 3");
		write("V4__ours_too.sql", "SELECT 4");

		assertThat(problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.OUT_OF_ORDER, ErrorCode.OUT_OF_ORDER);
		assertThat(problems()).extracting(Problem::remedy)
			.containsExactly("Rename it to V6__ours.sql, the next free version.",
					"Rename it to V7__ours_too.sql, the next free version.");
	}

	@Test
	void aVersionThatWasTakenMeanwhileIsFound() throws Exception {
		onMain("V3__theirs.sql", "SELECT 3");
		write("V3__ours.sql", "SELECT 'ours'");

		Problem problem = onlyProblem();

		assertThat(problem.code()).isEqualTo(ErrorCode.DUPLICATE);
		assertThat(problem).asString().contains("V3__ours.sql", "V3__theirs.sql of main", "Rename it to V4__ours.sql");
	}

	@Test
	void whatIsTheSameInBothBranchesIsFine() throws Exception {
		onMain("V3__both.sql", "SELECT 3");
		write("V3__both.sql", "SELECT 3");

		assertThat(problems()).isEmpty();
	}

	@Test
	void timestampsAreVersionsLikeOthers() throws Exception {
		onMain("V20261120103000__theirs.sql", "SELECT 1");
		write("V20261120102959__ours.sql", "SELECT 2");

		assertThat(onlyProblem().remedy()).isEqualTo("Rename it to V20261120103001__ours.sql, the next free version.");
	}

	@Test
	void aTagIsAReleaseToo() throws Exception {
		git("tag", "v1.0");
		write("V2__b.sql", "SELECT 'edited'");

		assertThat(problems(ReleasedMigrations.atGitRef("v1.0", settings(this.folder)))).extracting(Problem::code)
			.containsExactly(ErrorCode.CHANGED);
	}

	@Test
	void aFolderThatIsNewHasNothingReleased() throws Exception {
		this.folder = this.repository.resolve("other");
		write("V1__new.sql", "SELECT 1");

		assertThat(problems()).isEmpty();
	}

	private void move(String from, String to) throws Exception {
		Files.createDirectories(this.repository.resolve(to).getParent());
		Files.move(this.repository.resolve(from), this.repository.resolve(to));
		this.folder = this.repository.resolve(to);
	}

	@Test
	void aFolderThatWasMovedIsComparedWithWhereItWas() throws Exception {
		move("src/db", "lib/sql/migration");

		assertThat(problems()).isEmpty();

		write("V2__b.sql", "SELECT 'edited'");
		Files.delete(this.folder.resolve("V1__a.sql"));

		assertThat(problems()).extracting(Problem::code).containsExactly(ErrorCode.MISSING, ErrorCode.CHANGED);
		assertThat(problems().get(0)).asString().contains("src/db/V1__a.sql");
	}

	@Test
	void ofTwoFoldersThatWereMovedEachIsComparedWithItsOwn() throws Exception {
		git("checkout", "-q", MAIN);
		Path other = Files.createDirectories(this.repository.resolve("other/db"));
		Files.writeString(other.resolve("V1__a.sql"), "SELECT 'other'");
		commit();
		git("checkout", "-q", "-B", "feature");
		move("other", "moved/other");
		move("src", "moved/src");
		this.folder = this.folder.resolve("db");

		assertThat(problems()).isEmpty();
	}

	@Test
	void aFolderThatMovedOnTheOtherBranchIsFoundThere() throws Exception {
		git("checkout", "-q", MAIN);
		move("src/db", "sql");
		write("V3__theirs.sql", "SELECT 3");
		commit();
		git("checkout", "-q", "feature");
		this.folder = this.repository.resolve("src/db");
		write("V3__ours.sql", "SELECT 'ours'");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.DUPLICATE);
	}

	@Test
	void aFolderThatIsNotOnThisBranchIsAskedForAllTheSame() throws Exception {
		Files.delete(this.folder.resolve("V1__a.sql"));
		Files.delete(this.folder.resolve("V2__b.sql"));
		Files.delete(this.folder);

		assertThat(ReleasedMigrations.atGitRef(MAIN, settings(this.folder)).versions()).hasSize(2);
		assertThat(failure("mian", this.folder)).hasMessageContaining("does not know 'mian'");
	}

	@Test
	void attributesForArchivesChangeNothing() throws Exception {
		git("checkout", "-q", MAIN);
		Files.writeString(this.repository.resolve(".gitattributes"), "V1* export-ignore\nV3* export-subst\n");
		write("V3__c.sql", "SELECT '$Format:%H$'");
		commit();
		git("checkout", "-q", "-B", "feature");

		assertThat(problems()).isEmpty();

		write("V1__a.sql", "SELECT 'edited'");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void linksAreFollowedInACommitAsInTheWorkingTree() throws Exception {
		git("checkout", "-q", MAIN);
		Path shared = Files.createDirectories(this.repository.resolve("shared/deep"));
		Files.writeString(shared.resolve("V3__c.sql"), "SELECT 3");
		Files.writeString(shared.resolve("V4__d.sql"), "SELECT 4");
		Files.createSymbolicLink(this.folder.resolve("V3__c.sql"), Path.of("../../shared/deep/V3__c.sql"));
		Files.createDirectory(this.folder.resolve("more"));
		Files.createSymbolicLink(this.folder.resolve("more/all"), Path.of("../../../shared"));
		commit();
		git("checkout", "-q", "-B", "feature");

		assertThat(problems()).isEmpty();

		Files.writeString(shared.resolve("V4__d.sql"), "SELECT 'edited'");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void aLinkThatLeavesTheRepositoryIsTold() throws Exception {
		git("checkout", "-q", MAIN);
		Files.createSymbolicLink(this.folder.resolve("V3__c.sql"), Path.of("../../../outside.sql"));
		commit();
		git("checkout", "-q", "-B", "feature");

		assertThat(failure(MAIN, this.folder))
			.hasMessageContaining("The link 'src/db/V3__c.sql' leads out of the repository");
	}

	@Test
	void namesMayHaveAnyLetters() throws Exception {
		git("checkout", "-q", MAIN);
		move("src/db", "größe/数据 \"x\"");
		write("V3__größe.sql", "SELECT 3");
		commit();
		git("checkout", "-q", "-B", "feature");

		assertThat(problems()).isEmpty();

		write("V3__größe.sql", "SELECT 'edited'");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void aWorktreeIsComparedTooAsIsAFolderBehindALink(@TempDir Path directory) throws Exception {
		Path worktree = directory.resolve("worktree");
		git("worktree", "add", "-q", "-b", "other", worktree.toString(), MAIN);
		this.folder = Files.createSymbolicLink(directory.resolve("link"), worktree.resolve("src/db"));
		write("V2__b.sql", "SELECT 'edited'");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void theRootOfARepositoryMayHoldTheFiles() throws Exception {
		this.folder = this.repository;
		write("src/db/V2__b.sql", "SELECT 'edited'");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "V7_add.sql", "v7__add.sql", "V7__add.SQL", "V7,1__add.sql" })
	void aNameThatNearlyMatchesIsFound(String name) throws Exception {
		write(name, "SELECT 7");

		assertThat(onlyProblem().code()).isEqualTo(ErrorCode.FILE_NAME);
	}

	@Test
	void everyFileIsRead() throws Exception {
		write("V3__c.sql", "SELECT 'open");
		write("V4__d.sql", "-- tidemark: speed=warp\nSELECT 1");
		write("afterEachMigrate.sql", "VACUUM");
		write("V5__e.sql", "SELECT 1)");

		assertThat(problems(ReleasedMigrations.NONE)).extracting(Problem::code)
			.contains(ErrorCode.SYNTAX, ErrorCode.DIRECTIVE, ErrorCode.CALLBACK_TRANSACTION);
	}

	@Test
	void severalFoldersAreOneRelease() throws Exception {
		Path more = Files.createDirectories(this.repository.resolve("src/more"));
		Files.move(this.folder.resolve("V2__b.sql"), more.resolve("V2__b.sql"));
		SourceSettings both = new SourceSettings(
				List.of(Location.of("filesystem:" + this.folder), Location.of("filesystem:" + more)), true,
				SourceSettings.DEFAULT.encoding(), Naming.DEFAULT);

		assertThat(new FileCheck(both).check(ReleasedMigrations.atGitRef(MAIN, both))).isEmpty();

		Files.writeString(more.resolve("V2__b.sql"), "SELECT 'edited'");

		assertThat(new FileCheck(both).check(ReleasedMigrations.atGitRef(MAIN, both))).extracting(Problem::code)
			.containsExactly(ErrorCode.CHANGED);
	}

	@Test
	void duplicatesAreFound() throws Exception {
		write("V2__other.sql", "SELECT 2");

		assertThat(problems(ReleasedMigrations.NONE)).extracting(Problem::code).containsExactly(ErrorCode.DUPLICATE);
	}

	@Test
	void aListSaysWhatIsReleased(@TempDir Path directory) throws Exception {
		String checksum = ReleasedMigrations.atGitRef(MAIN, settings(this.folder))
			.newest()
			.get(Identity.of("1"))
			.checksum();
		Path list = Files.writeString(directory.resolve("released"),
				"# production\n\n1 " + checksum + "\n4.0\tsha256:0\n");
		write("V3__c.sql", "SELECT 3");

		assertThat(problems(ReleasedMigrations.listed(list))).extracting(Problem::code)
			.containsExactly(ErrorCode.MISSING, ErrorCode.OUT_OF_ORDER, ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void aListedBaselineStandsForAllUpToIt(@TempDir Path directory) throws Exception {
		Path list = Files.writeString(directory.resolve("released"), "B3 -\n5 -\n7 -\n");
		write("V3__c.sql", "SELECT 3");
		write("V4__d.sql", "SELECT 4");
		write("V5__e.sql", "SELECT 5");

		List<Problem> problems = problems(ReleasedMigrations.listed(list));

		assertThat(problems).extracting(Problem::code).containsExactly(ErrorCode.OUT_OF_ORDER);
		assertThat(problems.get(0)).asString().contains("Version 4 is new", "Rename it to V8__d.sql");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "one sha256:0", "1 0", "1 sha256:0 applied", "Bx -" })
	void aListThatIsNoneIsToldWithItsLine(String line, @TempDir Path directory) throws Exception {
		Path list = Files.writeString(directory.resolve("released"), "2 sha256:0\n" + line);

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> ReleasedMigrations.listed(list))
			.withMessageContaining("TM-REL-001")
			.withMessageContaining("released:2");
	}

	@Test
	void aListThatIsNotThereIsTold(@TempDir Path directory) {
		assertThatExceptionOfType(TidemarkException.class)
			.isThrownBy(() -> ReleasedMigrations.listed(directory.resolve("nowhere")))
			.withMessageContaining("NoSuchFileException");
	}

	@Test
	void aBranchThatIsNotThereIsToldWithWhatToDo() {
		TidemarkException failure = failure("origin/nowhere", this.folder);

		assertThat(failure).hasMessageContaining("Git does not know 'origin/nowhere'")
			.hasMessageContaining("git fetch origin main");
	}

	@Test
	void aShallowCloneIsToldWithWhatToDo(@TempDir Path directory) throws Exception {
		write("V3__c.sql", "SELECT 3");
		commit();
		onMain("V4__d.sql", "SELECT 4");
		Path clone = directory.resolve("clone");
		git(directory, "clone", "-q", "--depth=1", "--no-single-branch", "--branch=feature",
				"file://" + this.repository, clone.toString());

		TidemarkException failure = failure("origin/main", clone.resolve("src/db"));

		assertThat(failure).hasMessageContaining("the clone is shallow").hasMessageContaining("fetch-depth: 0");
	}

	@Test
	void aFolderOutsideOfGitIsToldInTheWordsOfGit(@TempDir Path directory) throws Exception {
		Path outside = Files.createDirectory(directory.resolve("outside"));

		assertThat(failure(MAIN, outside)).hasMessageContaining("not a git repository");
	}

	@Test
	void aRefCannotBeAnOptionOfGit() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ReleasedMigrations.atGitRef("--all", settings(this.folder)));
	}

	@Test
	void theClassPathIsNothingThatGitKnows() {
		assertThatIllegalArgumentException().isThrownBy(() -> ReleasedMigrations.atGitRef(MAIN, SourceSettings.DEFAULT))
			.withMessageContaining("classpath:db/migration");
	}

	private TidemarkException failure(String ref, Path path) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> ReleasedMigrations.atGitRef(ref, settings(path)));
		assertThat(failure.code()).isEqualTo(ErrorCode.RELEASE_UNKNOWN);
		return failure;
	}

	@Test
	void repeatablesMayBeEditedAnyTime() throws Exception {
		onMain("R__view.sql", "CREATE VIEW v AS SELECT 1");

		Map<Identity, ReleasedFile> released = ReleasedMigrations.atGitRef(MAIN, settings(this.folder)).newest();

		assertThat(released).containsOnlyKeys(Stream.of("1", "2").map(Identity::of).toList());
	}

	private List<Problem> problemsWithUndo() {
		return new FileCheck(settings(this.folder), true)
			.check(ReleasedMigrations.atGitRef(MAIN, settings(this.folder)));
	}

	@Test
	void aNewVersionWithoutAWayBackIsFoundWhereOneIsRequired() throws Exception {
		write("V3__c.sql", "CREATE TABLE c (x int)");

		assertThat(problems()).isEmpty();
		assertThat(problemsWithUndo()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_MISSING);
			assertThat(problem.place()).asString().endsWith("V3__c.sql");
			assertThat(problem.remedy()).contains("U3__c.sql", "-- tidemark: irreversible reason=");
		});
	}

	@Test
	void anUndoFileTheWordIrreversibleOrOneThatHasNothingToUndoIsAWayOut() throws Exception {
		write("V3__c.sql", "CREATE TABLE c (x int)");
		write("U3__c.sql", "DROP TABLE c");
		write("V4__d.sql", "-- tidemark: irreversible reason=\"rows are merged\"\nDELETE FROM a");
		write("V5__e.sql", "UPDATE a SET x = x");
		write("U5__e.sql", "-- tidemark: nothing-to-undo reason=\"only rows\"\n");
		write("R__f.sql", "CREATE VIEW f AS SELECT 1");
		write("B5__g.sql", "CREATE TABLE a (x int)");

		assertThat(problemsWithUndo()).isEmpty();
	}

	@Test
	void anEmptyUndoFileIsNoWayBackUnlessItSaysSo() throws Exception {
		write("V3__c.sql", "CREATE TABLE c (x int)");
		write("U3__c.sql", "-- later\n");

		assertThat(problemsWithUndo()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_MISSING);
			assertThat(problem.place()).asString().endsWith("U3__c.sql");
			assertThat(problem.remedy()).contains("nothing-to-undo");
		});
	}

	@Test
	void anUndoFileOfAnIrreversibleVersionIsFoundAlways() throws Exception {
		write("V3__c.sql", "-- tidemark: irreversible reason=\"rows are merged\"\nDELETE FROM a");
		write("U3__c.sql", "SELECT 1");

		assertThat(problems()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_IRREVERSIBLE);
		assertThat(problemsWithUndo()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_IRREVERSIBLE);
	}

	@Test
	void versionsUpToAReleasedBaselineNeedNoWayBack() throws Exception {
		Path list = Files.writeString(this.repository.resolve("released.txt"), "B2 -\n");

		assertThat(new FileCheck(settings(this.folder), true).check(ReleasedMigrations.listed(list))).isEmpty();
		assertThat(new FileCheck(settings(this.folder), true).check(ReleasedMigrations.NONE)).hasSize(2);
	}

}
