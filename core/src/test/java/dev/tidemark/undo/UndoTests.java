package dev.tidemark.undo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.run.preview.UndoPreview;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an undo does to a database.
 */
@ExtendWith(PostgresExtension.class)
class UndoTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	UndoTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("U1__a.sql", "DROP TABLE a")
			.add("V2__b.sql", "ALTER TABLE a ADD COLUMN y int; CREATE TABLE b ()")
			.add("U2__b.sql", "DROP TABLE b; ALTER TABLE a DROP COLUMN y")
			.add("V3__c.sql", "CREATE TABLE c (z int)")
			.add("U3__c.sql", "DROP TABLE c");
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private RunResult migrate() {
		return tidemark().migrate();
	}

	private UndoResult undo(UndoSelection selection) {
		return tidemark().undo(UndoRequest.of(selection));
	}

	private TidemarkException failure(UndoSelection selection) {
		return catchThrowableOfType(TidemarkException.class, () -> undo(selection));
	}

	private static UndoSelection to(String version) {
		return UndoSelection.to(MigrationVersion.of(version));
	}

	private static List<String> undone(UndoResult result) {
		return result.undone().stream().map((undone) -> undone.identity().toString()).toList();
	}

	private List<String> history() {
		return this.database.rows("SELECT rank, kind, version, state FROM tidemark_history ORDER BY rank");
	}

	private List<String> tables() {
		return this.database.rows("""
				SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
				  AND relname <> 'tidemark_history' ORDER BY 1""");
	}

	@Test
	void undoesTheLastMigration() {
		migrate();

		UndoResult result = undo(UndoSelection.last());

		assertThat(undone(result)).containsExactly("3");
		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("2"));
		assertThat(tables()).containsExactly("a", "b");
		assertThat(history()).containsExactly("1|versioned|1|applied", "2|versioned|2|applied", "3|versioned|3|applied",
				"4|undo|3|undone");
	}

	@Test
	void undoesDownToAVersionNewestFirst() {
		migrate();

		assertThat(undone(undo(to("1")))).containsExactly("3", "2");
		assertThat(tables()).containsExactly("a");
	}

	@Test
	void undoesEverythingDownToZero() {
		migrate();

		assertThat(undone(undo(to("0")))).containsExactly("3", "2", "1");
		assertThat(tables()).isEmpty();
	}

	@Test
	void undoesTheReverseOfTheOrderInWhichMigrationsWereApplied() {
		this.folder.remove("V2__b.sql").remove("U2__b.sql");
		migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE late ()").add("U2__b.sql", "DROP TABLE late");
		this.folder.tidemark(this.database).outOfOrder(OutOfOrder.APPLY).build().migrate();

		assertThat(undone(undo(UndoSelection.last(2)))).containsExactly("2", "3");
	}

	@Test
	void undoesWhatOneDeploymentHasApplied() {
		this.folder.remove("V3__c.sql").remove("U3__c.sql");
		migrate();
		this.folder.add("V3__c.sql", "CREATE TABLE c ()").add("U3__c.sql", "DROP TABLE c");
		this.folder.add("V4__d.sql", "CREATE TABLE d ()").add("U4__d.sql", "DROP TABLE d");
		RunResult second = migrate();

		assertThat(undone(undo(UndoSelection.deployment(second.deploymentId())))).containsExactly("4", "3");
		assertThat(undone(undo(UndoSelection.deployment(second.deploymentId())))).isEmpty();
	}

	@Test
	void aSecondUndoToTheSameVersionHasNothingToDo() {
		migrate();
		undo(to("1"));

		assertThat(undone(undo(to("1")))).isEmpty();
		assertThat(history()).hasSize(5);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void undosThatStartAtOnceUndoEachMigrationOnce(boolean together) throws Exception {
		if (!together) {
			this.folder.add("U3__c.sql", "-- tidemark: transaction=none\nDROP TABLE c");
		}
		migrate();
		List<CompletableFuture<UndoResult>> undos = Stream
			.of(to("1"), to("1"), UndoSelection.last(2, MigrationVersion.of("3")))
			.map((selection) -> OwnThread.supply(() -> undo(selection)))
			.toList();

		List<String> undone = new ArrayList<>();
		for (CompletableFuture<UndoResult> undo : undos) {
			undone.addAll(undone(undo.get(60, TimeUnit.SECONDS)));
		}

		assertThat(undone).containsExactly("3", "2");
		assertThat(tables()).containsExactly("a");
		assertThat(history()).hasSize(5);
	}

	@Test
	void aCountFromAVersionUndoesNothingWhenAnotherOneWasAppliedLast() {
		migrate();
		UndoSelection selection = UndoSelection.last(1, MigrationVersion.of("3"));

		assertThat(undone(undo(selection))).containsExactly("3");
		UndoResult again = undo(selection);
		assertThat(again.undone()).isEmpty();
		assertThat(again.warnings()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_UNCLEAR);
	}

	@Test
	void anUnknownVersionAnUnknownDeploymentAndTooManyAreRefused() {
		migrate();

		assertThat(failure(to("17")).code()).isEqualTo(ErrorCode.UNDO_UNCLEAR);
		assertThat(failure(UndoSelection.deployment("none")).code()).isEqualTo(ErrorCode.UNDO_UNCLEAR);
		assertThat(failure(UndoSelection.last(4)).code()).isEqualTo(ErrorCode.UNDO_UNCLEAR);
		assertThat(history()).hasSize(3);
	}

	@Test
	void theNextRunAppliesAgainWhatWasUndone() {
		migrate();
		undo(to("1"));

		assertThat(migrate().applied()).hasSize(2);
		assertThat(tables()).containsExactly("a", "b", "c");
		assertThat(undone(undo(to("1")))).containsExactly("3", "2");
	}

	@Test
	void aBuildWithoutTheFilesStartsAfterTheUndo() {
		migrate();
		undo(to("1"));
		this.folder.remove("V2__b.sql").remove("V3__c.sql").remove("U2__b.sql").remove("U3__c.sql");

		RunResult result = migrate();

		assertThat(result.applied()).isEmpty();
		assertThat(result.warnings()).isEmpty();
		assertThat(result.migrations()).extracting(MigrationInfo::state)
			.containsExactly(MigrationState.APPLIED, MigrationState.UNDONE, MigrationState.UNDONE);
	}

	@Test
	void recordsWhoUndidWhatByWhichFileAndWhy() {
		migrate();

		this.folder.tidemark(this.database)
			.application("orders", "1.2.3", "host:42")
			.installedBy("release team")
			.build()
			.undo(UndoRequest.of(UndoSelection.last(2)).because("INC-4711").allowingDataLoss("only test data"));

		assertThat(this.database.rows("""
				SELECT version, script LIKE '%/U_\\_\\__.sql', checksum LIKE 'sha256:%', statements_total,
				  statements_done, finished_at >= started_at, installed_by, application, instance, note
				FROM tidemark_history WHERE kind = 'undo' ORDER BY rank""")).containsExactly(
				"3|t|t|1|1|t|release team|orders|host:42|INC-4711; data loss allowed: only test data",
				"2|t|t|2|2|t|release team|orders|host:42|INC-4711; data loss allowed: only test data");
		assertThat(
				this.database.value("SELECT count(DISTINCT deployment_id) FROM tidemark_history WHERE kind = 'undo'"))
			.isEqualTo("1");
	}

	@Test
	void migrationsWithoutUndoFileAreRefusedAllAtOnceWithWhatCouldBeDerived() {
		this.folder.remove("U1__a.sql").remove("U2__b.sql");
		migrate();

		TidemarkException failure = failure(to("0"));

		assertThat(failure.problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.UNDO_MISSING, ErrorCode.UNDO_MISSING);
		assertThat(failure.problems().get(0).remedy()).contains("/U2__b.sql", "DROP TABLE \"b\";",
				"ALTER TABLE \"a\" DROP COLUMN \"y\";");
		assertThat(failure.problems().get(1).remedy()).contains("DROP TABLE \"a\";");
		assertThat(tables()).hasSize(3);
		assertThat(history()).hasSize(3);
	}

	@Test
	void anUndoFileWithoutAStatementIsRefused() {
		this.folder.add("U3__c.sql", "-- line 1 has no inverse that could be derived\n");
		migrate();

		Problem problem = failure(UndoSelection.last()).problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_MISSING);
		assertThat(problem.what()).contains("holds no statement");
		assertThat(history()).hasSize(3);
	}

	@Test
	void aMigrationWhoseFilesThisBuildLacksIsLeftToTheBuildThatHasThem() {
		migrate();
		this.folder.remove("V3__c.sql").remove("U3__c.sql");

		Problem problem = failure(UndoSelection.last()).problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.UNDO_MISSING);
		assertThat(problem.remedy()).contains("with a build that has its files", "U3__undo.sql");
	}

	@Test
	void allFilesAreOneTransactionWhereTheirStatementsAllowIt() {
		this.folder.add("U2__b.sql", "DROP TABLE b; ALTER TABLE a DROP COLUMN nonsense");
		migrate();

		TidemarkException failure = failure(to("1"));

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(failure.problems().get(0).what()).contains("the undo of version 2");
		assertThat(failure.problems().get(0).state()).contains("as it was before the undo");
		assertThat(failure.problems().get(0).place()).hasToString(this.folder.location().substring(11)
				+ "/U2__b.sql:1:15 (statement 2: ALTER TABLE a DROP COLUMN nonsense)");
		assertThat(tables()).containsExactly("a", "b", "c");
		assertThat(history()).containsExactly("1|versioned|1|applied", "2|versioned|2|applied", "3|versioned|3|applied",
				"4|undo|2|failed");
	}

	@Test
	void anUndoThatFailedAsAWholeLeavesTheMigrationApplied() {
		this.folder.add("U3__c.sql", "DROP TABLE c; SELECT 1/0");
		migrate();
		failure(UndoSelection.last());

		RunResult run = migrate();

		assertThat(run.applied()).isEmpty();
		assertThat(run.currentVersion()).isEqualTo(MigrationVersion.of("3"));
		this.folder.add("U3__c.sql", "DROP TABLE c");
		assertThat(undone(undo(UndoSelection.last()))).containsExactly("3");
	}

	@Test
	void whatOneFileSetsDoesNotReachTheNextOneOfTheSameTransaction() {
		this.folder.add("U3__c.sql", "CREATE SCHEMA other; SET search_path = other; SET ROLE pg_monitor; RESET ROLE;"
				+ " CREATE TEMP TABLE b (); SET ROLE pg_monitor");
		this.folder.add("U2__b.sql", "DROP TABLE b; ALTER TABLE a DROP COLUMN y");
		migrate();

		assertThat(undone(undo(to("1")))).containsExactly("3", "2");
		assertThat(tables()).containsExactly("a", "c");
	}

	@Test
	void sqlThatBeginsEverySessionRunsBeforeEachFile() {
		this.database.execute("CREATE SCHEMA told; CREATE TABLE told.log (x text)");
		this.folder.add("U3__c.sql", "SET app.x = 'changed'")
			.add("U2__b.sql", "INSERT INTO told.log SELECT current_setting('app.x')");
		migrate();

		this.folder.tidemark(this.database)
			.initSql("SET app.x = 'at first'")
			.build()
			.undo(UndoRequest.of(UndoSelection.last(2)));

		assertThat(this.database.value("SELECT x FROM told.log")).isEqualTo("at first");
	}

	@Test
	void aFileThatCommitsInBetweenMakesTheUndoGoFileByFile() {
		this.folder.add("V4__i.sql", "CREATE INDEX CONCURRENTLY i ON a (x)")
			.add("U4__i.sql", "DROP INDEX CONCURRENTLY i")
			.add("U2__b.sql", "SELECT 1/0");
		migrate();

		assertThat(failure(to("1")).code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(history().subList(4, 7)).containsExactly("5|undo|4|undone", "6|undo|3|undone", "7|undo|2|failed");
		assertThat(tables()).containsExactly("a", "b");
	}

	@Test
	void aHalfDoneUndoGoesOnWhereItStopped() {
		halfDone();
		this.database.execute("DELETE FROM a");

		assertThat(undone(undo(UndoSelection.last()))).containsExactly("4");
		assertThat(this.database.rows("SELECT x FROM told.log")).containsExactly("one");
		assertThat(history().subList(4, 6)).containsExactly("5|undo|4|failed", "6|undo|4|undone");
	}

	/** Leaves an undo of version 4 whose first statement is done, and its third not. */
	private void halfDone() {
		this.database.execute("CREATE SCHEMA told; CREATE TABLE told.log (x text)");
		this.folder.add("V4__i.sql", "SELECT 1")
			.add("U4__i.sql",
					"INSERT INTO told.log VALUES ('one'); CREATE UNIQUE INDEX CONCURRENTLY i ON a (x); SELECT 2");
		migrate();
		this.database.execute("INSERT INTO a VALUES (1), (1)");
		assertThat(failure(UndoSelection.last()).code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(history().get(4)).isEqualTo("5|undo|4|failed");
	}

	@Test
	void noRunStartsWhileAnUndoIsHalfDone() {
		halfDone();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, this::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.FAILED);
		assertThat(failure.problems().get(0).what()).contains("The undo of version 4 failed half-way");
		assertThat(failure.problems().get(0).remedy()).contains("tidemark.mode=undo and tidemark.undo.from=4.",
				"tidemark.resolve.rank=5");
		assertThat(tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(10))).state())
			.isEqualTo(Inspection.State.BLOCKED);
	}

	@Test
	void anUndoWhoseInstanceDiedGoesOnAfterALookAtTheCatalogue() {
		halfDone();
		this.database.execute("DELETE FROM a; UPDATE tidemark_history SET state = 'running' WHERE rank = 5");
		assertThat(tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(10)))
			.in(MigrationState.INTERRUPTED)).hasSize(1);

		assertThat(undone(undo(UndoSelection.last()))).containsExactly("4");
		assertThat(this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
			.isEqualTo("t");
		assertThat(history().subList(4, 6)).containsExactly("5|undo|4|interrupted", "6|undo|4|undone");
	}

	@Test
	void aConnectionThatIsLostInTheTransactionOfAllFilesLeavesNothing() {
		this.folder.add("U2__b.sql", "DROP TABLE b; SELECT pg_terminate_backend(pg_backend_pid())");
		migrate();

		TidemarkException failure = failure(to("1"));

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(failure.problems().get(0).state()).contains("as it was before the undo");
		assertThat(tables()).containsExactly("a", "b", "c");
		assertThat(history()).hasSize(4).last().isEqualTo("4|undo|2|failed");
	}

	@Test
	void anOlderBuildStartsWhileANewerOneIsUndoing() {
		halfDone();
		this.folder.remove("V4__i.sql").remove("U4__i.sql");

		assertThat(migrate().warnings()).extracting(Problem::what)
			.containsExactly("A newer build has begun to undo version 4, which this build does not know.");
	}

	@Test
	void theAdviceForAHalfDoneUndoContinuesThatOneAlone() {
		this.folder.remove("V2__b.sql").remove("U2__b.sql");
		migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("U2__b.sql", "-- tidemark: transaction=none\nSELECT 1/0");
		this.folder.tidemark(this.database).outOfOrder(OutOfOrder.APPLY).build().migrate();
		failure(UndoSelection.last());
		this.folder.add("U2__b.sql", "-- tidemark: transaction=none\nDROP TABLE b");

		TidemarkException advice = catchThrowableOfType(TidemarkException.class, this::migrate);

		assertThat(advice).hasMessageContaining("tidemark.undo.from=2.");
		assertThat(undone(undo(UndoSelection.last(1, MigrationVersion.of("2"))))).containsExactly("2");
		assertThat(tables()).containsExactly("a", "c");
	}

	@Test
	void anUndoThatLeavesOutAHalfDoneOneIsRefused() {
		halfDone();

		assertThat(failure(to("4")).code()).isEqualTo(ErrorCode.FAILED);
	}

	@Test
	void aHalfDoneUndoWhoseDoneStatementsWereEditedIsRefused() {
		halfDone();
		this.folder.add("U4__i.sql", "INSERT INTO told.log VALUES ('other'); SELECT 2");

		assertThat(failure(UndoSelection.last()).problems().get(0).what()).contains("were edited since");
	}

	@Test
	void aPersonDecidesThatTheMigrationIsThereAgain() {
		halfDone();

		tidemark().resolve(ResolveRequest.of(Identity.of("4"), 5, Resolution.APPLIED, "took the row out of the log"));

		assertThat(migrate().applied()).isEmpty();
		assertThat(history().get(5)).isEqualTo("6|versioned|4|applied");
	}

	@Test
	void aMigrationThatIsThereAgainBelongsToTheDeploymentThatAppliedIt() {
		halfDone();
		tidemark().resolve(ResolveRequest.of(Identity.of("4"), 5, Resolution.APPLIED, "took the row out of the log"));
		this.folder.add("U4__i.sql", "SELECT 2");
		this.database.execute("DELETE FROM a");

		assertThat(undone(undo(UndoSelection.deployment(deployment(4))))).containsExactly("4", "3", "2", "1");
	}

	@Test
	void aMigrationThatIsThereAgainKeepsItsPlaceInTheOrder() {
		migrate();
		this.folder.add("V4__d.sql", "CREATE TABLE d ()").add("U4__d.sql", "DROP TABLE d");
		migrate();
		this.folder.add("U3__c.sql", "-- tidemark: transaction=none\nCREATE TABLE x (); SELECT 1/0");
		failure(UndoSelection.deployment(deployment(3)));
		tidemark().resolve(ResolveRequest.of(Identity.of("3"), 5, Resolution.APPLIED, "dropped x"));

		assertThat(undone(undo(UndoSelection.last()))).containsExactly("4");
	}

	@Test
	void aMigrationThatAPersonCompletedBelongsToTheDeploymentThatBeganIt() {
		this.folder.add("V4__half.sql", "CREATE INDEX CONCURRENTLY i ON a (x); SELECT 1/0")
			.add("U4__half.sql", "DROP INDEX i");
		catchThrowableOfType(TidemarkException.class, this::migrate);
		tidemark().resolve(ResolveRequest.of(Identity.of("4"), 4, Resolution.APPLIED, "the rest is not needed"));

		assertThat(undone(undo(UndoSelection.deployment(deployment(4))))).containsExactly("4", "3", "2", "1");
	}

	private String deployment(int rank) {
		return this.database.value("SELECT deployment_id FROM tidemark_history WHERE rank = " + rank);
	}

	@Test
	void aPersonDecidesThatTheMigrationIsGone() {
		halfDone();

		tidemark().resolve(ResolveRequest.of(Identity.of("4"), 5, Resolution.UNDONE, "did the rest by hand"));

		assertThat(history().get(5)).isEqualTo("6|undo|4|undone");
		assertThat(migrate().applied()).hasSize(1);
	}

	@Test
	void aHalfDoneMigrationHasToBeDecidedAboutBeforeAnythingIsUndone() {
		this.folder.add("V4__half.sql", "CREATE INDEX CONCURRENTLY ON a (x); SELECT 1/0");
		catchThrowableOfType(TidemarkException.class, this::migrate);

		assertThat(failure(UndoSelection.last()).code()).isEqualTo(ErrorCode.FAILED);
		assertThat(tables()).hasSize(3);
	}

	@Test
	void aRepeatableThatRanLaterIsToldAndLeftAlone() {
		this.folder.add("R__v.sql", "CREATE VIEW v AS SELECT 1 AS one");
		migrate();

		UndoResult result = undo(UndoSelection.last());

		assertThat(result.warnings()).extracting(Problem::what)
			.containsExactly(
					"The repeatable 'v' ran after a migration that is undone; it runs again with the next run.");
		assertThat(this.database.value("SELECT one FROM v")).isEqualTo("1");
	}

	@Test
	void aRunAfterAnUndoMakesAgainTheViewsThatTheUndoDropped() {
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT z FROM c")
			.add("U3__c.sql", "DROP VIEW v; DROP TABLE c");
		migrate();
		undo(UndoSelection.last());

		assertThat(migrate().applied()).extracting(MigrationResult::identity)
			.containsExactly(Identity.of("3"), Identity.of("v"));
		assertThat(this.database.rows("SELECT z FROM v")).isEmpty();
		assertThat(migrate().applied()).isEmpty();
	}

	@Test
	void aRepeatableDoesNotRunAgainAfterAnUndoThatWasRolledBack() {
		this.folder.add("R__v.sql", "CREATE VIEW v AS SELECT 1 AS one").add("U3__c.sql", "SELECT 1/0");
		migrate();
		failure(UndoSelection.last());

		assertThat(migrate().applied()).isEmpty();
	}

	@Test
	void thePlanSaysWhyARepeatableRunsAgainAfterAnUndo() {
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one");
		migrate();
		undo(UndoSelection.last());

		Preview preview = tidemark().plan();

		assertThat(preview.passedOver()).isEmpty();
		assertThat(preview).asString().contains("repeatable 'v', ", "(again, as an undo came after its last run)");
	}

	@Test
	void aPreviewTellsAllOfItAndChangesNothing() {
		this.folder.remove("U2__b.sql");
		migrate();
		this.database.execute("INSERT INTO c VALUES (1)");

		UndoPreview preview = tidemark().plan(UndoRequest.of(to("1")));

		assertThat(preview.steps()).extracting((step) -> step.migration().inWords())
			.containsExactly("the undo of version 3");
		assertThat(preview.suggestions()).extracting((suggestion) -> suggestion.migration().toString())
			.containsExactly("2");
		assertThat(preview.problems()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_MISSING);
		assertThat(preview.dataLoss()).hasSize(1);
		assertThat(history()).hasSize(3);
	}

	@Test
	void aLockThatIsNotGrantedRollsAllFilesBackAndIsTriedAgain() throws Exception {
		// Nobody looks before a lock in which nobody reads or writes has to wait.
		this.folder.add("U2__b.sql", "COMMENT ON TABLE b IS 'undone'");
		migrate();
		List<String> events = new ArrayList<>();
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("LOCK TABLE b IN SHARE UPDATE EXCLUSIVE MODE");
			Tidemark tidemark = this.folder.tidemark(this.database)
				.lockTimeout(Duration.ofMillis(100))
				.lockRetry(new LockRetry(Duration.ofSeconds(60)))
				.listener(new Events(events) {

					@Override
					public void lockNotGranted(LockWait wait) {
						super.lockNotGranted(wait);
						rollBack(other);
					}

				})
				.build();

			assertThat(undone(tidemark.undo(UndoRequest.of(to("1"))))).containsExactly("3", "2");
		}
		assertThat(events).containsExactly("run", "started 3", "started 2", "not granted 2", "undone 2", "undone 3",
				"finished");
	}

	private static void rollBack(Connection connection) {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void listenersHearThatAllFilesOfATransactionFailedTogether() {
		this.folder.add("U2__b.sql", "SELECT 1/0");
		migrate();
		List<String> events = new ArrayList<>();
		Tidemark tidemark = this.folder.tidemark(this.database).listener(new Events(events)).build();

		catchThrowableOfType(TidemarkException.class, () -> tidemark.undo(UndoRequest.of(to("1"))));

		assertThat(events).containsExactly("run", "started 3", "started 2", "failed 2", "failed 3", "run failed");
	}

	@Test
	void aBlockThatCommitsMakesTheUndoGoFileByFile() {
		this.folder.add("U3__c.sql", "DROP TABLE c; DO $$ BEGIN COMMIT; END $$");
		migrate();

		UndoResult result = tidemark()
			.undo(UndoRequest.of(UndoSelection.last(2)).allowingDataLoss("the block deletes nothing"));

		assertThat(undone(result)).containsExactly("3", "2");
		assertThat(tables()).containsExactly("a");
	}

	@Test
	void listenersHearOnceThatAFileBeginsWhenTheUndoGoesFileByFile() {
		this.folder.add("U2__b.sql", "DROP TABLE b; DO $$ BEGIN COMMIT; END $$; SELECT 1/0");
		migrate();
		List<String> events = new ArrayList<>();
		Tidemark tidemark = this.folder.tidemark(this.database).listener(new Events(events)).build();

		catchThrowableOfType(TidemarkException.class,
				() -> tidemark.undo(UndoRequest.of(to("0")).allowingDataLoss("the block deletes nothing")));

		assertThat(events).containsExactly("run", "started 3", "started 2", "undone 3", "failed 2", "run failed");
	}

	@Test
	void aMigrationInJavaIsUndoneByAFile() {
		CodeMigration code = new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("4");
			}

			@Override
			public void migrate(JdbcContext jdbc) {
				jdbc.operations().execute("CREATE TABLE d ()");
			}

		};
		Tidemark tidemark = this.folder.tidemark(this.database).migration(code).build();
		tidemark.migrate();
		UndoRequest request = UndoRequest.of(UndoSelection.last());

		TidemarkException missing = catchThrowableOfType(TidemarkException.class, () -> tidemark.undo(request));
		assertThat(missing.code()).isEqualTo(ErrorCode.UNDO_MISSING);
		this.folder.add("U4__d.sql", "DROP TABLE d");
		assertThat(undone(tidemark.undo(request))).containsExactly("4");
		assertThat(tables()).containsExactly("a", "b", "c");
	}

	@Test
	void placeholdersAreReplacedInUndoFilesToo() {
		this.folder.add("V3__c.sql", "CREATE TABLE ${name} ()").add("U3__c.sql", "DROP TABLE ${name}");
		Tidemark tidemark = this.folder.tidemark(this.database).placeholders(Map.of("name", "c")).build();
		tidemark.migrate();

		assertThat(undone(tidemark.undo(UndoRequest.of(UndoSelection.last())))).containsExactly("3");
		assertThat(tables()).containsExactly("a", "b");
	}

	@Test
	void whatDependsOnSomethingIsSaidInTheWordsOfAnUndo() {
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT z FROM c");
		migrate();

		Problem problem = failure(UndoSelection.last()).problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.DEPENDENT_OBJECTS);
		assertThat(problem.remedy()).contains("repeatables run again with the next run after an undo", "R__v.sql")
			.doesNotContain("only if its text changes");
	}

	@Test
	void aSuggestionShowsPlaceholdersAndNotTheirValues() {
		this.folder.add("V3__c.sql", "CREATE TABLE ${name} ()").remove("U3__c.sql");
		Tidemark tidemark = this.folder.tidemark(this.database).placeholders(Map.of("name", "c")).build();
		tidemark.migrate();

		assertThat(tidemark.plan(UndoRequest.of(UndoSelection.last())).suggestions().get(0).sql())
			.endsWith("-- line 1 has no inverse that could be derived: CREATE TABLE ${name} ()\n");
	}

	@Test
	void callbacksOfMigrationsDoNotRun() {
		migrate();
		for (String event : List.of("beforeMigrate", "beforeEachMigrate", "afterEachMigrateStatement", "afterMigrate",
				"afterValidate")) {
			this.folder.add(event + ".sql", "SELECT 1/0");
		}

		assertThat(undone(undo(UndoSelection.last(2)))).containsExactly("3", "2");
	}

	@Test
	void anUndoOfAnEmptyDatabaseHasNothingToDo() {
		assertThat(undo(to("0")).undone()).isEmpty();
		assertThat(tables()).isEmpty();
	}

	/** Writes down what a listener hears. */
	private static class Events implements RunListener {

		private final List<String> events;

		Events(List<String> events) {
			this.events = events;
		}

		@Override
		public void runStarted() {
			this.events.add("run");
		}

		@Override
		public void migrationStarted(MigrationInfo migration) {
			this.events.add("started " + migration.identity());
		}

		@Override
		public void lockNotGranted(LockWait wait) {
			this.events.add("not granted " + wait.migration());
		}

		@Override
		public void migrationUndone(MigrationInfo migration, MigrationResult result) {
			this.events.add("undone " + migration.identity());
		}

		@Override
		public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
			this.events.add("failed " + migration.identity());
		}

		@Override
		public void undoFinished(UndoResult result) {
			this.events.add("finished");
		}

		@Override
		public void runFailed(TidemarkException failure) {
			this.events.add("run failed");
		}

	}

}
