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
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Versions that say that they have no way back, and undo files that say that nothing has
 * to be taken back.
 */
@ExtendWith(PostgresExtension.class)
class IrreversibleTests {

	private static final String IRREVERSIBLE = "-- tidemark: irreversible reason=\"the old numbers are gone\"\n";

	private static final String NOTHING = "-- tidemark: nothing-to-undo reason=\"only a typing error\"\n";

	private final TestDatabase database;

	private MigrationFolder folder;

	IrreversibleTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void prepare(@TempDir Path directory) {
		this.folder = new MigrationFolder(directory);
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("U1__a.sql", "DROP TABLE a")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("U2__b.sql", "DROP TABLE b");
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private List<String> undo(String version) {
		return tidemark().undo(UndoRequest.of(UndoSelection.to(MigrationVersion.of(version))))
			.undone()
			.stream()
			.map(MigrationResult::identity)
			.map(Object::toString)
			.toList();
	}

	private List<String> history() {
		return this.database.rows("SELECT kind, version, state FROM tidemark_history ORDER BY rank");
	}

	@Test
	void anUndoThatMeetsAnIrreversibleVersionIsRefusedAsAWholeWithItsReason() {
		this.folder.remove("U1__a.sql").add("V1__a.sql", IRREVERSIBLE + "CREATE TABLE a ()");
		tidemark().migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> undo("0"));

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_IRREVERSIBLE);
			assertThat(problem.what())
				.isEqualTo("Version 1 has no way back, as its file says: the old numbers are gone");
			assertThat(problem.state()).isEqualTo("Nothing was changed.");
			assertThat(problem.remedy()).contains("with version 1 as the one that stays");
			assertThat(problem.place()).asString().endsWith("V1__a.sql");
		});
		assertThat(history()).containsExactly("versioned|1|applied", "versioned|2|applied");
		assertThat(undo("1")).containsExactly("2");
	}

	@Test
	void aPlanSuggestsNoUndoFileForIt() {
		this.folder.remove("U2__b.sql").add("V2__b.sql", IRREVERSIBLE + "CREATE TABLE b ()");

		assertThat(tidemark().plan().suggestions()).isEmpty();
	}

	@Test
	void anUndoFileBesideAnIrreversibleVersionIsRefusedBeforeTheVersionRuns() {
		this.folder.add("V2__b.sql", IRREVERSIBLE + "CREATE TABLE b ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_IRREVERSIBLE);
			assertThat(problem.place()).asString().endsWith("U2__b.sql");
			assertThat(problem.what()).contains("V2__b.sql says: the old numbers are gone");
		});
		assertThat(this.database.rows("SELECT to_regclass('a') IS NULL")).containsExactly("t");
	}

	@Test
	void anUndoFileThatIsEmptyOnPurposeDoesNothingButRecord() {
		this.folder.add("U2__b.sql", NOTHING + "-- nothing else\n");
		tidemark().migrate();

		assertThat(undo("1")).containsExactly("2");
		assertThat(history()).containsExactly("versioned|1|applied", "versioned|2|applied", "undo|2|undone");
		assertThat(this.database.rows("SELECT to_regclass('b') IS NULL")).containsExactly("f");
		assertThat(undo("1")).isEmpty();
	}

	@Test
	void itTakesPartInAnUndoOfSeveralInOneTransactionAndInSegments() {
		this.folder.add("U2__b.sql", NOTHING)
			.add("V3__c.sql", "CREATE INDEX i ON a ((1))")
			.add("U3__c.sql", "DROP INDEX CONCURRENTLY i");
		tidemark().migrate();

		assertThat(undo("0")).containsExactly("3", "2", "1");
		assertThat(history()).endsWith("undo|3|undone", "undo|2|undone", "undo|1|undone");
	}

	@Test
	void anEmptyUndoFileWithoutTheDirectiveIsToldOfIt() {
		this.folder.add("U2__b.sql", "-- nothing\n");
		tidemark().migrate();
		Problem problem = catchThrowableOfType(TidemarkException.class, () -> undo("1")).problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_MISSING);
		assertThat(problem.remedy()).contains("-- tidemark: nothing-to-undo reason=");
	}

	@Test
	void anUndoFileWithStatementsCannotSayThatThereAreNone() {
		this.folder.add("U2__b.sql", NOTHING + "DROP TABLE b");
		tidemark().migrate();
		Problem problem = catchThrowableOfType(TidemarkException.class, () -> undo("1")).problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.DIRECTIVE);
		assertThat(problem.what()).contains("has statements all the same");
	}

}
