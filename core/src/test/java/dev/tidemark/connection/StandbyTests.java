package dev.tidemark.connection;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.testkit.HotStandby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A replica takes no writes, so a start on one only looks.
 */
class StandbyTests {

	private static final String A = "CREATE TABLE a (x int)";

	private static HotStandby standby;

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeAll
	static void start(@TempDir Path data, @TempDir Path files) {
		standby = HotStandby.start(data,
				(primary) -> new MigrationFolder(files).add("V1__a.sql", A).tidemark(primary).build().migrate());
	}

	@AfterAll
	static void stop() {
		standby.close();
	}

	@BeforeEach
	void folder() {
		this.folder = new MigrationFolder(this.path).add("V1__a.sql", A);
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(standby.database()).build();
	}

	@Test
	void theServerIsAStandby() {
		assertThat(standby.database().value("SELECT pg_is_in_recovery()")).isEqualTo("t");
	}

	@Test
	void ofAnUpToDateStandbyNothingIsWanted() {
		RunResult result = tidemark().migrate();

		assertThat(result.applied()).isEmpty();
		assertThat(result.currentVersion()).hasToString("1");
		assertThat(tidemark().verify().database().name()).isEqualTo("replicated");
	}

	@Test
	void whatAStandbyLacksIsToldAndNothingIsTried() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)").add("V3__c.sql", "CREATE TABLE c (x int)");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.problems()).extracting(Problem::code).containsExactly(ErrorCode.PENDING, ErrorCode.PENDING);
		assertThat(failure).hasMessageContaining("version 2, and its server is a standby")
			.hasMessageContaining("run it first; replication brings it here")
			.hasMessageContaining("V3__c.sql");
	}

	@Test
	void aSkipThatAStandbyCannotRecordIsTold() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)");
		Tidemark skipping = this.folder.tidemark(standby.database()).skip(Map.of(Identity.of("2"), "INC-1")).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, skipping::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.PENDING);
		assertThat(failure).hasMessageContaining("version 2 as skipped");
	}

	@Test
	void whatAPersonAsksForIsRefusedBeforeItIsTried() {
		this.folder.add("U1__a.sql", "DROP TABLE a");

		TidemarkException undo = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().undo(UndoRequest.of(UndoSelection.last())));
		TidemarkException baseline = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().baseline(new Baseline(MigrationVersion.of("1"), "INC-1")));

		assertThat(undo.code()).isEqualTo(ErrorCode.STANDBY);
		assertThat(undo).hasMessageContaining("An undo writes, and the server is a standby");
		assertThat(baseline.code()).isEqualTo(ErrorCode.STANDBY);
	}

	@Test
	void whatIsWrongIsToldOnAStandbyToo() {
		this.folder.add("V1__a.sql", "CREATE TABLE other (x int)");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void callbacksOfEveryRunAreNotCalled() {
		this.folder.add("afterMigrate.sql", "CREATE TABLE d (x int)");

		assertThat(tidemark().migrate().applied()).isEmpty();
	}

	@Test
	void aPlanCanBeMadeOfAStandby() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)");

		Preview plan = tidemark().plan();

		assertThat(plan.isBlocked()).isFalse();
		assertThat(plan.steps()).hasSize(1);
		assertThat(tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(20))).state())
			.isEqualTo(Inspection.State.PENDING);
	}

}
