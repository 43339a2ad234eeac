package dev.tidemark.baseline;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.Replicas;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Databases that do not begin with their first migration.
 */
@ExtendWith(PostgresExtension.class)
class BaselineTests {

	private static final MigrationVersion TWO = MigrationVersion.of("2");

	private static final String EXISTING = "CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (y text)";

	private final TestDatabase database;

	private MigrationFolder folder;

	BaselineTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int PRIMARY KEY)")
			.add("V2__b.sql", "CREATE TABLE b (y text)")
			.add("V3__c.sql", "ALTER TABLE b ADD COLUMN z int");
	}

	private MigrationFolder squashed() {
		return this.folder.add("B2__a_and_b.sql", EXISTING);
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private Tidemark baselined(String version) {
		return this.folder.tidemark(this.database).baseline(MigrationVersion.of(version), "INC-1").build();
	}

	private static TidemarkException failure(Tidemark tidemark) {
		return catchThrowableOfType(TidemarkException.class, tidemark::migrate);
	}

	private static List<String> applied(RunResult result) {
		return result.applied().stream().map((applied) -> applied.identity().toString()).toList();
	}

	private List<String> history() {
		return this.database
			.rows("SELECT rank, kind, version, state, statements_total, note FROM tidemark_history ORDER BY rank");
	}

	@Test
	void aSchemaThatHoldsSomethingWithoutAHistoryIsRefusedAndStaysAsItIs() {
		this.database.execute(EXISTING + "; CREATE VIEW v AS SELECT * FROM a");

		TidemarkException failure = failure(tidemark());

		assertThat(failure.code()).isEqualTo(ErrorCode.NOT_EMPTY);
		assertThat(failure).hasMessageContaining("The schema public has no history")
			.hasMessageContaining("2 tables (public.a, public.b)")
			.hasMessageContaining("1 view (public.v)")
			.hasMessageContaining("Decide what this database is, and start again with one of these settings:")
			.hasMessageContaining("version 3 would mark 1 (a), 2 (b), 3 (c)")
			.hasMessageContaining("Nothing was changed.");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			CREATE TABLE t (id serial, x int GENERATED ALWAYS AS IDENTITY) | 1 table (public.t)
			CREATE TABLE p (x int) PARTITION BY RANGE (x); CREATE TABLE q PARTITION OF p DEFAULT | 1 table (public.p)
			CREATE SEQUENCE s                                    | 1 sequence (public.s)
			CREATE MATERIALIZED VIEW m AS SELECT 1               | 1 materialized view (public.m)
			CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1' | 1 function (public.f)
			CREATE TYPE e AS ENUM ('x')                          | 1 type (public.e)
			CREATE TYPE c AS (x int)                             | 1 type (public.c)
			CREATE TYPE r AS RANGE (subtype = int)               | 1 type (public.r)
			CREATE DOMAIN d AS int                               | 1 type (public.d)
			CREATE TABLE "Odd name" ()                           | 1 table (public."Odd name")
			""")
	void thisCountsAsOneObject(String sql, String told) {
		this.database.execute(sql);

		assertThat(failure(tidemark())).hasMessageContaining("has no history, but " + told + ".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE EXTENSION hstore", "CREATE SCHEMA other; CREATE TABLE other.t ()",
			"CREATE TEMPORARY TABLE t ()", "CREATE SCHEMA s" })
	void thisDoesNotCount(String sql) {
		this.database.execute(sql);

		assertThat(tidemark().migrate().applied()).hasSize(3);
	}

	@Test
	void theConfiguredSchemasCountToo() {
		this.database.execute("CREATE SCHEMA shop; CREATE SCHEMA audit; CREATE TABLE audit.log ()");

		TidemarkException failure = failure(
				this.folder.tidemark(this.database).schemas(List.of("shop", "audit")).build());

		assertThat(failure).hasMessageContaining("The schemas shop, audit have no history, but 1 table (audit.log).");
	}

	@Test
	void anEmptySchemaInADatabaseThatIsNotMayBeUsed() {
		this.database.execute("CREATE TABLE somebody_elses ()");

		assertThat(this.folder.tidemark(this.database).schema("shop").build().migrate().applied()).hasSize(3);
	}

	@Test
	void whatCallbacksMakeBeforeTheFirstMigrationDoesNotCount() {
		this.folder.add("beforeValidate.sql", "CREATE TABLE IF NOT EXISTS of_validation ()")
			.add("beforeMigrate.sql", "CREATE TABLE IF NOT EXISTS of_migration ()");

		assertThat(applied(baselined("2").migrate())).containsExactly("1", "2", "3");
	}

	@Test
	void aFirstMigrationThatFailedMayBeCorrectedWhateverCallbacksHaveMade() {
		this.folder.add("beforeMigrate.sql", "CREATE TABLE IF NOT EXISTS of_migration ()")
			.add("V1__a.sql", "CREATE TABLE a (x int PRIMARY KEY); SELECT 1 / 0");
		assertThat(failure(tidemark()).code()).isEqualTo(ErrorCode.STATEMENT);
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int PRIMARY KEY)");

		assertThat(applied(tidemark().migrate())).containsExactly("1", "2", "3");
	}

	@Test
	void aNewDatabaseGetsNoBaselineAfterAFirstMigrationThatFailed() {
		this.folder.add("beforeMigrate.sql", "CREATE TABLE IF NOT EXISTS of_migration ()")
			.add("V1__a.sql", "CREATE TABLE a (x int PRIMARY KEY); SELECT 1 / 0");
		assertThat(failure(baselined("2")).code()).isEqualTo(ErrorCode.STATEMENT);
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int PRIMARY KEY)");

		assertThat(applied(baselined("2").migrate())).containsExactly("1", "2", "3");
	}

	@Test
	void aSchemaOnWhichOnlyRepeatablesRanIsAskedForOnceVersionsCome() {
		this.database.execute(EXISTING);
		this.folder.remove("V1__a.sql").remove("V2__b.sql").remove("V3__c.sql");
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT x FROM a");
		assertThat(applied(tidemark().migrate())).containsExactly("v");
		this.folder.add("V2__b.sql", "CREATE TABLE b (y text)").add("V3__c.sql", "ALTER TABLE b ADD COLUMN z int");

		assertThat(failure(tidemark())).hasMessageContaining("has no history of versions, but 2 tables");
		assertThat(applied(baselined("2").migrate())).containsExactly("3");
	}

	@Test
	void aCallTakesADatabaseOverOnWhichOnlyRepeatablesRan() {
		this.database.execute(EXISTING);
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT x FROM a");
		this.folder.tidemark(this.database).cherryPick(List.of(Identity.of("v"))).build().migrate();

		tidemark().baseline(new Baseline(TWO, "INC-1"));

		assertThat(applied(tidemark().migrate())).containsExactly("3");
	}

	@Test
	void aSkipIsNoAnswerToWhatADatabaseIs() {
		this.database.execute(EXISTING);
		this.folder.remove("V2__b.sql").remove("V3__c.sql");
		this.folder.tidemark(this.database).skip(Map.of(Identity.of("1"), "INC-1")).build().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b (y text)");

		assertThat(failure(tidemark()).code()).isEqualTo(ErrorCode.NOT_EMPTY);
	}

	@Test
	void theInspectionSaysWhatTheRunWouldSay() {
		this.database.execute(EXISTING);

		Inspection inspection = tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(20)));

		assertThat(inspection.state()).isEqualTo(Inspection.State.BLOCKED);
		assertThat(inspection.problems()).extracting(Problem::code).containsExactly(ErrorCode.NOT_EMPTY);
	}

	@Test
	void aBaselineIsRecordedOnceAndTheVersionsUpToItNeverRun() {
		this.database.execute(EXISTING);

		RunResult first = baselined("2").migrate();
		RunResult second = baselined("2").migrate();

		assertThat(applied(first)).containsExactly("3");
		assertThat(second.applied()).isEmpty();
		assertThat(history()).containsExactly("1|baseline|2|baseline|0|INC-1", "2|versioned|3|applied|1|");
		assertThat(second.migrations()).extracting((entry) -> entry.identity() + " " + entry.state())
			.containsExactly("1 baseline", "2 baseline", "B2 baseline", "3 applied");
	}

	@Test
	void aBaselineStaysInForceWithoutTheSetting() {
		this.database.execute(EXISTING);
		baselined("2").migrate();
		this.folder.add("V4__d.sql", "CREATE TABLE d ()");

		assertThat(applied(tidemark().migrate())).containsExactly("4");
	}

	@Test
	void aBaselineIsRecordedEvenIfNothingElseIsToDo() {
		this.database.execute(EXISTING + "; ALTER TABLE b ADD COLUMN z int");

		RunResult result = baselined("3").migrate();

		assertThat(result.applied()).isEmpty();
		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("3"));
		assertThat(history()).containsExactly("1|baseline|3|baseline|0|INC-1");
	}

	@Test
	void theSettingMeansNothingToANewDatabase() {
		assertThat(applied(baselined("2").migrate())).containsExactly("1", "2", "3");
		assertThat(applied(baselined("2").migrate())).isEmpty();
	}

	@Test
	void aBaselineThatNoFileReachesIsRefused() {
		this.database.execute(EXISTING);

		TidemarkException failure = failure(baselined("30"));

		assertThat(failure.code()).isEqualTo(ErrorCode.BASELINE_REFUSED);
		assertThat(failure).hasMessageContaining("says 30, but the newest file has version 3");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
	}

	@Test
	void aBaselineMayBeAboveTheFilesThatDoNotExistYet() {
		this.database.execute(EXISTING);
		this.folder.remove("V1__a.sql").remove("V2__b.sql").remove("V3__c.sql");

		baselined("30").migrate();

		assertThat(history()).hasSize(1);
	}

	@Test
	void whatIsThereMayBeBuiltUpon() {
		this.database.execute("CREATE TABLE spring_session ()");

		assertThat(applied(baselined("0").migrate())).containsExactly("1", "2", "3");
		assertThat(history()).first().isEqualTo("1|baseline|0|baseline|0|INC-1");
		assertThat(tidemark().migrate().applied()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "nothing", textBlock = """
			0 | nothing
			1 | 1 version counts as done and does not run: 1 (a)
			2 | 2 versions count as done and do not run: 1 (a), 2 (b)
			""")
	void whatABaselineMarksIsLogged(String version, @Nullable String told) {
		this.database.execute("CREATE TABLE other ()");
		this.folder.remove("V3__c.sql");
		Logger logger = (Logger) LoggerFactory.getLogger("dev.tidemark");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		logger.setLevel(Level.INFO);
		try {
			baselined(version).migrate();
		}
		finally {
			logger.setLevel(null);
			logger.detachAppender(log);
		}

		assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
			.contains("Recorded baseline " + version + ": INC-1")
			.filteredOn((message) -> message.contains(" as done "))
			.isEqualTo(Stream.ofNullable(told).toList());
	}

	@Test
	void replicasThatStartAtOnceRecordOneBaseline() throws Exception {
		this.database.execute(EXISTING);

		List<RunResult> results = Replicas.startAtOnce(4, () -> baselined("2").migrate());

		assertThat(results).flatExtracting(BaselineTests::applied).containsExactly("3");
		assertThat(history()).containsExactly("1|baseline|2|baseline|0|INC-1", "2|versioned|3|applied|1|");
	}

	@Test
	void aCheckTellsThatTheBaselineIsNotRecordedYet() {
		this.database.execute(EXISTING);

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> baselined("3").verify());

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.PENDING);
			assertThat(problem.what()).contains("baseline 3");
		});
		baselined("3").migrate();
		assertThat(tidemark().verify().database().schema()).isEqualTo("public");
	}

	@Test
	void aCallTakesADatabaseOverAndSaysWhatCountsAsDone() {
		this.database.execute(EXISTING);

		List<MigrationInfo> done = tidemark().baseline(new Baseline(TWO, "INC-1")).migrations();

		assertThat(done).extracting((entry) -> entry.script().replaceAll(".*/", ""))
			.containsExactly("V1__a.sql", "V2__b.sql");
		assertThat(history()).containsExactly("1|baseline|2|baseline|0|INC-1");
		assertThat(applied(tidemark().migrate())).containsExactly("3");
	}

	@Test
	void theSameCallAgainDoesNothing() {
		this.database.execute(EXISTING);
		tidemark().baseline(new Baseline(TWO, "INC-1"));
		tidemark().migrate();

		assertThat(tidemark().baseline(new Baseline(TWO, "INC-2")).migrations()).hasSize(2);
		assertThat(history()).hasSize(2).first().asString().endsWith("INC-1");
	}

	@Test
	void aCallIsRefusedWhereMigrationsHaveRun() {
		tidemark().migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().baseline(new Baseline(TWO, "INC-1")));

		assertThat(failure.code()).isEqualTo(ErrorCode.BASELINE_REFUSED);
		assertThat(history()).hasSize(3);
	}

	@Test
	void aCallIsRefusedWhereAnotherBaselineIs() {
		tidemark().baseline(new Baseline(Baseline.NOTHING, "INC-1"));

		assertThat(catchThrowableOfType(TidemarkException.class, () -> tidemark().baseline(new Baseline(TWO, "INC-2")))
			.code()).isEqualTo(ErrorCode.BASELINE_REFUSED);
	}

	@Test
	void aNewDatabaseIsMadeWithTheBaselineFile() {
		squashed();

		RunResult first = tidemark().migrate();

		assertThat(applied(first)).containsExactly("B2", "3");
		assertThat(first.currentVersion()).isEqualTo(MigrationVersion.of("3"));
		assertThat(tidemark().migrate().applied()).isEmpty();
		assertThat(history()).containsExactly("1|baseline|2|applied|2|", "2|versioned|3|applied|1|");
	}

	@Test
	void newAndOldDatabasesEndAtTheSameSchema() {
		String columns = "SELECT table_name, column_name, data_type FROM information_schema.columns"
				+ " WHERE table_schema = '%s' AND table_name <> 'tidemark_history' ORDER BY 1, 2";
		this.folder.tidemark(this.database).schema("old").build().migrate();
		squashed();
		this.folder.tidemark(this.database).schema("old").build().migrate();
		this.folder.tidemark(this.database).schema("new").build().migrate();

		assertThat(this.database.rows(columns.formatted("new"))).hasSize(3)
			.isEqualTo(this.database.rows(columns.formatted("old")));
		assertThat(this.database.rows("SELECT version FROM old.tidemark_history ORDER BY rank")).containsExactly("1",
				"2", "3");
	}

	@Test
	void squashedFilesMayBeRemovedOnceEveryDatabaseHasThem() {
		tidemark().migrate();
		squashed().remove("V1__a.sql").remove("V2__b.sql").add("V4__d.sql", "CREATE TABLE d ()");

		RunResult result = tidemark().migrate();

		assertThat(applied(result)).containsExactly("4");
		assertThat(result.warnings()).isEmpty();
	}

	@Test
	void aDatabaseThatWouldMissSquashedFilesIsLeftAlone() {
		this.folder.tidemark(this.database).target(MigrationVersion.of("1")).build().migrate();
		squashed().remove("V1__a.sql").remove("V2__b.sql");

		assertThat(failure(tidemark()).code()).isEqualTo(ErrorCode.SQUASHED);
		assertThat(history()).hasSize(1);
	}

	@Test
	void aBaselineFileThatWasEditedIsRefused() {
		squashed();
		tidemark().migrate();
		this.folder.add("B2__a_and_b.sql", EXISTING + "; CREATE TABLE more ()");

		assertThat(failure(tidemark()).code()).isEqualTo(ErrorCode.CHANGED);
	}

	@Test
	void aBaselineFileThatFailedHalfWayGoesOn() {
		this.folder.add("B2__a_and_b.sql",
				EXISTING + "; CREATE INDEX CONCURRENTLY b_y ON b (y); INSERT INTO a VALUES (1), (1)");
		assertThat(failure(tidemark()).code()).isEqualTo(ErrorCode.STATEMENT);
		this.folder.add("B2__a_and_b.sql",
				EXISTING + "; CREATE INDEX CONCURRENTLY b_y ON b (y); INSERT INTO a VALUES (1), (2)");

		assertThat(applied(tidemark().migrate())).containsExactly("B2", "3");
		assertThat(this.database.value("SELECT count(*) FROM a")).isEqualTo("2");
	}

	@Test
	void aBaselineFileThatWasRolledBackRunsAgain() {
		this.folder.add("B2__a_and_b.sql", EXISTING + "; SELECT 1 / 0");
		failure(tidemark());
		squashed();

		assertThat(applied(tidemark().migrate())).containsExactly("B2", "3");
	}

	@Test
	void theInspectionKnowsABaselineByItsName() {
		squashed();
		tidemark().migrate();

		Inspection inspection = tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(20)));

		assertThat(inspection.state()).isEqualTo(Inspection.State.UP_TO_DATE);
		assertThat(inspection.find(Identity.of("B2.0")))
			.hasValueSatisfying((entry) -> assertThat(entry.state()).isEqualTo(MigrationState.APPLIED));
		assertThat(inspection.in(MigrationState.SUPERSEDED)).extracting(MigrationInfo::reason)
			.containsOnly("the database begins with baseline 2")
			.hasSize(2);
	}

}
