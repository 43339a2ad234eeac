package dev.tidemark.undo;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
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
 * How an undo meets the settings that say which migrations run.
 */
@ExtendWith(PostgresExtension.class)
class UndoSelectionTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	UndoSelectionTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
		for (int version = 1; version <= 3; version++) {
			this.folder.add("V" + version + "__t.sql", "CREATE TABLE t" + version + " ()")
				.add("U" + version + "__t.sql", "DROP TABLE t" + version);
		}
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private RunResult migrate() {
		return tidemark().build().migrate();
	}

	private Tidemark skipping(String version) {
		return tidemark().skip(Map.of(Identity.of(version), "INC-1")).build();
	}

	private Tidemark picking(String... versions) {
		return tidemark().cherryPick(Stream.of(versions).map(Identity::of).toList()).build();
	}

	private UndoResult undo(String to) {
		return undo(tidemark().build(), UndoSelection.to(MigrationVersion.of(to)));
	}

	private static UndoResult undo(Tidemark tidemark, UndoSelection selection) {
		return tidemark.undo(UndoRequest.of(selection));
	}

	private static List<String> undone(UndoResult result) {
		return result.undone().stream().map((undone) -> undone.identity().toString()).toList();
	}

	private static List<String> applied(RunResult result) {
		return result.applied().stream().map((applied) -> applied.identity().toString()).toList();
	}

	private static MigrationState state(RunResult result, String version) {
		return result.migrations()
			.stream()
			.filter((entry) -> entry.identity().equals(Identity.of(version)))
			.findFirst()
			.orElseThrow()
			.state();
	}

	@Test
	void whatWasSkippedIsNotUndoneAndStaysSkipped() {
		skipping("2").migrate();

		assertThat(undone(undo("0"))).containsExactly("3", "1");
		assertThat(applied(migrate())).containsExactly("1", "3");
	}

	@Test
	void whatIsUndoneCanBeKeptFromRunningAgainByASkip() {
		migrate();
		undo("2");

		RunResult skipped = skipping("3").migrate();

		assertThat(applied(skipped)).isEmpty();
		assertThat(state(skipped, "3")).isEqualTo(MigrationState.SKIPPED);
		assertThat(applied(migrate())).isEmpty();
		assertThat(undone(undo("2"))).isEmpty();
		assertThat(applied(picking("3").migrate())).containsExactly("3");
	}

	@Test
	void aTargetHoldsBackWhatIsUndone() {
		migrate();
		undo("1");

		RunResult result = tidemark().target(MigrationVersion.of("2")).build().migrate();

		assertThat(applied(result)).containsExactly("2");
		assertThat(state(result, "3")).isEqualTo(MigrationState.PENDING);
		assertThat(applied(migrate())).containsExactly("3");
	}

	@Test
	void anUndoneVersionIsATargetEvenIfItsFileIsGone() {
		migrate();
		undo("1");
		this.folder.remove("V3__t.sql").remove("U3__t.sql");

		assertThat(applied(tidemark().target(MigrationVersion.of("3")).build().migrate())).containsExactly("2");
	}

	@Test
	void whatIsUndoneCanBePickedBeforeWhatLiesBelowIt() {
		migrate();
		undo("1");

		RunResult result = picking("3").migrate();

		assertThat(applied(result)).containsExactly("3");
		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.LEFT_BEHIND);
		assertThat(applied(picking("2").migrate())).containsExactly("2");
		assertThat(undone(undo(tidemark().build(), UndoSelection.last()))).containsExactly("2");
	}

	@Test
	void anUndoneVersionWhoseFileIsGoneCannotBePicked() {
		migrate();
		undo("2");
		this.folder.remove("V3__t.sql").remove("U3__t.sql");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> picking("3").migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.NOT_PICKABLE);
		assertThat(failure).hasMessageContaining("it is undone, and its file is gone");
	}

	@Test
	void anUndoTakesNoNoticeOfWhatRunsWouldPick() {
		migrate();

		assertThat(undone(undo(picking("1"), UndoSelection.last()))).containsExactly("3");
	}

	@Test
	void aMigrationOfAnotherEnvironmentHasNothingToUndo() {
		this.folder.add("V4__t.sql", "-- tidemark: only=test\nCREATE TABLE t4 ()").add("U4__t.sql", "DROP TABLE t4");
		migrate();

		assertThat(undone(undo(tidemark().build(), UndoSelection.last()))).containsExactly("3");
	}

	@Test
	void whatWasAppliedIsUndoneWhereverItWouldRunNow() {
		this.folder.add("V4__t.sql", "-- tidemark: only=test\nCREATE TABLE t4 ()").add("U4__t.sql", "DROP TABLE t4");
		tidemark().environments(List.of("test")).build().migrate();

		assertThat(undone(undo("3"))).containsExactly("4");
		RunResult result = migrate();
		assertThat(applied(result)).isEmpty();
		assertThat(state(result, "4")).isEqualTo(MigrationState.SKIPPED);
	}

	@Test
	void anUndoFileForOtherEnvironmentsIsNone() {
		this.folder.add("U3__t.sql", "-- tidemark: only=test\nDROP TABLE t3");
		migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> undo("2"));

		assertThat(failure.code()).isEqualTo(ErrorCode.UNDO_MISSING);
		assertThat(failure).hasMessageContaining("is for other environments");
		Tidemark test = tidemark().environments(List.of("test")).build();
		assertThat(undone(undo(test, UndoSelection.last()))).containsExactly("3");
	}

	@Test
	void theRowsOfAnUndoHaveTheTagOfItsDeployment() {
		tidemark().tag("1.4").build().migrate();

		undo(tidemark().tag("back to 1.3").build(), UndoSelection.last(2));

		assertThat(this.database.rows("SELECT version, state, tag FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied|1.4", "2|applied|1.4", "3|applied|1.4", "3|undone|back to 1.3",
					"2|undone|back to 1.3");
	}

}
