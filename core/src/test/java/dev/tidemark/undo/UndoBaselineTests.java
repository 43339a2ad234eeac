package dev.tidemark.undo;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What can be undone in a database that began with a baseline file, or whose baseline was
 * recorded.
 */
@ExtendWith(PostgresExtension.class)
class UndoBaselineTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	UndoBaselineTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
		for (int version = 1; version <= 4; version++) {
			this.folder.add("V" + version + "__t.sql", "CREATE TABLE t" + version + " ()")
				.add("U" + version + "__t.sql", "DROP TABLE t" + version);
		}
	}

	private MigrationFolder squashed() {
		return this.folder.add("B2__t.sql", "CREATE TABLE t1 (); CREATE TABLE t2 ()");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private Tidemark baselined(String version) {
		return tidemark().baseline(version(version), "INC-1").build();
	}

	private RunResult migrate() {
		return tidemark().build().migrate();
	}

	private UndoResult undo(UndoSelection selection) {
		return tidemark().build().undo(UndoRequest.of(selection));
	}

	private TidemarkException failure(UndoSelection selection) {
		return catchThrowableOfType(TidemarkException.class, () -> undo(selection));
	}

	private static MigrationVersion version(String version) {
		return MigrationVersion.of(version);
	}

	private static List<String> undone(UndoResult result) {
		return result.undone().stream().map((undone) -> undone.identity().toString()).toList();
	}

	private static List<String> applied(RunResult result) {
		return result.applied().stream().map((applied) -> applied.identity().toString()).toList();
	}

	private List<String> history() {
		return this.database.rows("SELECT kind, version, state FROM tidemark_history ORDER BY rank");
	}

	private List<String> tables() {
		return this.database.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
				+ " AND relname ~ '^t\\d' ORDER BY 1");
	}

	@Test
	void whatCameAfterABaselineFileIsUndone() {
		squashed();
		migrate();

		assertThat(undone(undo(UndoSelection.to(version("2"))))).containsExactly("4", "3");
		assertThat(history()).containsExactly("baseline|2|applied", "versioned|3|applied", "versioned|4|applied",
				"undo|4|undone", "undo|3|undone");
		assertThat(tables()).containsExactly("t1", "t2");
		assertThat(applied(migrate())).containsExactly("3", "4");
	}

	@Test
	void aBaselineFileIsNotUndoneAndNothingElseIsThen() {
		squashed();
		migrate();

		TidemarkException failure = failure(UndoSelection.to(version("0")));

		assertThat(failure.problems()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_BASELINE);
		assertThat(failure).hasMessageContaining("The database begins with baseline 2");
		assertThat(tables()).containsExactly("t1", "t2", "t3", "t4");
	}

	@Test
	void aVersionWithinTheBaselineIsNoneToGoBackTo() {
		squashed();
		migrate();
		this.folder.remove("V1__t.sql").remove("U1__t.sql");

		assertThat(failure(UndoSelection.to(version("1"))).problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.UNDO_BASELINE);
	}

	@Test
	void theVersionOfABaselineFileIsOneToGoBackToWhereItsVersionsAreGone() {
		squashed().remove("V1__t.sql").remove("U1__t.sql").remove("V2__t.sql").remove("U2__t.sql");
		migrate();

		assertThat(undone(undo(UndoSelection.to(version("2"))))).containsExactly("4", "3");
	}

	@Test
	void theLastMigrationsDoNotReachIntoTheBaseline() {
		squashed();
		migrate();

		assertThat(failure(UndoSelection.last(3)).code()).isEqualTo(ErrorCode.UNDO_BASELINE);
		assertThat(undone(undo(UndoSelection.last(2)))).containsExactly("4", "3");
	}

	@Test
	void theRunThatMadeADatabaseWithABaselineFileCannotBeUndone() {
		squashed();
		String deployment = migrate().deploymentId();

		assertThat(failure(UndoSelection.deployment(deployment)).code()).isEqualTo(ErrorCode.UNDO_BASELINE);
		assertThat(tables()).containsExactly("t1", "t2", "t3", "t4");
	}

	@Test
	void theRunThatRecordedABaselineIsUndoneAndTheBaselineStays() {
		this.database.execute("CREATE TABLE t1 (); CREATE TABLE t2 ()");
		String deployment = baselined("2").migrate().deploymentId();

		assertThat(undone(undo(UndoSelection.deployment(deployment)))).containsExactly("4", "3");
		assertThat(history()).startsWith("baseline|2|baseline");
		assertThat(applied(migrate())).containsExactly("3", "4");
	}

	@Test
	void aDatabaseIsNotBroughtBelowItsBaseline() {
		this.database.execute("CREATE TABLE t1 (); CREATE TABLE t2 ()");
		baselined("2").migrate();

		assertThat(failure(UndoSelection.to(version("1"))).code()).isEqualTo(ErrorCode.UNDO_BASELINE);
		assertThat(undone(undo(UndoSelection.to(version("2"))))).containsExactly("4", "3");
	}

	@Test
	void allIsUndoneInADatabaseWithABaselineOfNoVersion() {
		this.database.execute("CREATE TABLE foreign_to_us ()");
		baselined("0").migrate();

		assertThat(undone(undo(UndoSelection.to(version("0"))))).containsExactly("4", "3", "2", "1");
		assertThat(failure(UndoSelection.last()).code()).isEqualTo(ErrorCode.UNDO_UNCLEAR);
		assertThat(applied(migrate())).containsExactly("1", "2", "3", "4");
	}

	@Test
	void whatAnUndoLeavesDoesNotMakeTheDatabaseSomebodyElses() {
		this.folder.add("V1__t.sql", "CREATE TABLE t1 (); CREATE TABLE t1_too ()");
		migrate();
		undo(UndoSelection.to(version("0")));
		assertThat(tables()).containsExactly("t1_too");
		this.folder.add("V1__t.sql", "CREATE TABLE t1 ()");

		assertThat(applied(baselined("3").migrate())).containsExactly("1", "2", "3", "4");
	}

	@Test
	void aDatabaseWhoseVersionsAreAllUndoneBeginsWithTheBaselineFileAgain() {
		migrate();
		undo(UndoSelection.to(version("0")));
		squashed();

		assertThat(applied(migrate())).containsExactly("B2", "3", "4");
	}

}
