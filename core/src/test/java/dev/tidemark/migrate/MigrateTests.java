package dev.tidemark.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.OutOfOrder;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a run does to a database.
 */
@ExtendWith(PostgresExtension.class)
class MigrateTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	MigrateTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private RunResult migrate() {
		return this.folder.tidemark(this.database).build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private List<String> history() {
		return this.database.rows(
				"SELECT rank, kind, version, description, state, statements_done FROM tidemark_history ORDER BY rank");
	}

	@Test
	void runsVersionsInOrderAndRepeatablesAfterThem() {
		this.folder.add("R__totals.sql", "CREATE VIEW totals AS SELECT count(*) FROM a")
			.add("V10__second.sql", "ALTER TABLE a ADD COLUMN x int; INSERT INTO a VALUES (1)")
			.add("sub/V9__first.sql", "CREATE TABLE a ();");

		RunResult result = migrate();

		assertThat(result.applied()).extracting((applied) -> applied.identity().toString())
			.containsExactly("9", "10", "totals");
		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("10"));
		assertThat(history()).containsExactly("1|versioned|9|first|applied|1", "2|versioned|10|second|applied|2",
				"3|repeatable||totals|applied|1");
		assertThat(this.database.value("SELECT count FROM totals")).isEqualTo("1");
	}

	@ParameterizedTest
	@CsvSource({ "V1__a.sql, SELECT 1 / 0, STATEMENT", "V1_a.sql, SELECT 1, FILE_NAME" })
	void warningsAreLoggedWhereTheRunFailsToo(String name, String sql, ErrorCode code) {
		this.folder.add(name, sql).add("notes.sql", "SELECT 1");
		Logger logger = (Logger) LoggerFactory.getLogger("dev.tidemark");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			assertThat(failure().code()).isEqualTo(code);
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
			.anySatisfy((event) -> assertThat(event.getFormattedMessage()).contains("notes.sql"));
	}

	@Test
	void appliesNothingTheSecondTime() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("R__b.sql", "CREATE VIEW b AS SELECT 1");
		migrate();

		assertThat(migrate().applied()).isEmpty();
		assertThat(history()).hasSize(2);
	}

	@Test
	void runsARepeatableAgainWhenItsTextChanges() {
		this.folder.add("R__b.sql", "CREATE OR REPLACE VIEW b AS SELECT 1 AS x");
		migrate();
		this.folder.add("R__b.sql", "CREATE OR REPLACE VIEW b AS SELECT 2 AS x");

		assertThat(migrate().applied()).hasSize(1);
		assertThat(this.database.value("SELECT x FROM b")).isEqualTo("2");
	}

	@Test
	void lineEndsAndByteOrderMarkDoNotChangeTheChecksum() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (\n x int\n);\n");
		migrate();
		this.folder.add("V1__a.sql", "\uFEFFCREATE TABLE a (\r\n x int\r\n);\r\n");

		assertThat(migrate().applied()).isEmpty();
	}

	@Test
	void recordsWhoRanWhatAndWhen() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		this.folder.tidemark(this.database)
			.application("orders", "1.2.3", "host:42")
			.installedBy("release team")
			.clock(Clock.fixed(Instant.parse("2026-11-20T03:00:00Z"), ZoneOffset.UTC))
			.build()
			.migrate();

		assertThat(this.database
			.rows("""
					SELECT phase, checksum, statements_total, started_at AT TIME ZONE 'UTC',
					  finished_at BETWEEN started_at AND started_at + interval '1 minute', installed_by, database_user, application, application_version, instance, tool_version, error_code
					FROM tidemark_history"""))
			.containsExactly("expand|sha256:ba7711987df3a9e6735016fe894f4400b3af5159cb4525de4f608072d6b47e72|1"
					+ "|2026-11-20 03:00:00|t|release team|postgres|orders|1.2.3|host:42|unpackaged|");
	}

	@Test
	void sharesADeploymentIdBetweenTheRowsOfARun() {
		this.folder.add("V1__a.sql", "SELECT 1").add("V2__b.sql", "SELECT 1");
		RunResult first = migrate();
		this.folder.add("V3__c.sql", "SELECT 1");
		RunResult second = migrate();

		assertThat(this.database.rows("SELECT deployment_id FROM tidemark_history ORDER BY rank"))
			.containsExactly(first.deploymentId(), first.deploymentId(), second.deploymentId());
	}

	@Test
	void aFailedMigrationIsRolledBackAsAWholeAndRecorded() {
		this.folder.add("V1__good.sql", "CREATE TABLE good ()")
			.add("V2__bad.sql", "CREATE TABLE bad ();\n\nINSERT INTO good\n  SELECT nothing FROM nowhere;")
			.add("V3__later.sql", "CREATE TABLE later ()");

		MigrationFailedException failure = (MigrationFailedException) failure();

		assertThat(failure.migration()).hasToString("2");
		assertThat(failure.applied()).hasSize(1);
		assertThat(this.database.rows("SELECT relname FROM pg_class WHERE relname IN ('good', 'bad', 'later')"))
			.containsExactly("good");
		assertThat(this.database.rows("""
				SELECT version, state, statements_total, statements_done, error_code, error_message, error_sqlstate,
				  error_line, error_statement FROM tidemark_history WHERE rank = 2""")).containsExactly(
				"2|failed|2|0|TM-RUN-001|relation \"nowhere\" does not exist|42P01|4|INSERT INTO good SELECT nothing FROM nowhere");
	}

	@Test
	void tellsOfAFailureWhatWhereAndWhatNext() {
		this.folder.add("V1__bad.sql", "SELECT 1;\nSELECT 'æ😀',\n  oops;");

		Problem problem = failure().problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(problem.place()).hasToString(this.folder.location().substring("filesystem:".length())
				+ "/V1__bad.sql:3:3 (statement 2: SELECT 'æ😀', oops)");
		assertThat(problem.server().sqlState()).isEqualTo("42703");
		assertThat(problem.server().message()).isEqualTo("column \"oops\" does not exist");
		assertThat(problem.state()).contains("rolled back");
		assertThat(problem.remedy()).isNotBlank();
	}

	@Test
	void runsACorrectedMigrationAfterItsFailure() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x nothing)");
		failure();
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");

		assertThat(migrate().applied()).hasSize(1);
		assertThat(history()).containsExactly("1|versioned|1|a|failed|0", "2|versioned|1|a|applied|1");
	}

	@Test
	void aViolationThatShowsAtCommitOnlyIsAFailureToo() {
		this.folder.add("V1__a.sql", """
				CREATE TABLE a (x int UNIQUE DEFERRABLE INITIALLY DEFERRED);
				INSERT INTO a VALUES (1), (1)""");

		Problem problem = failure().problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.COMMIT);
		assertThat(problem.server().sqlState()).isEqualTo("23505");
		assertThat(history()).containsExactly("1|versioned|1|a|failed|0");
	}

	@Test
	void emptyAndCommentOnlyFilesAreAppliedToo() {
		this.folder.add("V1__empty.sql", "").add("V2__comment.sql", "-- nothing\n/* at all */");

		assertThat(migrate().applied()).hasSize(2);
	}

	@Test
	void runsStatementsThatCannotRunInATransaction() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); INSERT INTO a SELECT generate_series(1, 100)")
			.add("V2__index.sql", """
					ALTER TABLE a ADD COLUMN y int;
					CREATE INDEX CONCURRENTLY a_x ON a (x);
					VACUUM a;
					INSERT INTO a VALUES (0)""");
		migrate();

		assertThat(this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_x'::regclass"))
			.isEqualTo("t");
		assertThat(history()).containsExactly("1|versioned|1|a|applied|2", "2|versioned|2|index|applied|4");
	}

	@Test
	void aFailureBetweenSegmentsSaysHowFarItCame() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); CREATE INDEX CONCURRENTLY a_x ON a (x); SELECT oops");

		Problem problem = failure().problems().get(0);

		assertThat(problem.state()).contains("2 of 3");
		assertThat(history()).containsExactly("1|versioned|1|a|failed|2");
	}

	@Test
	void goesOnWhereItFailedHalfwayOnceTheRestIsCorrected() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); CREATE INDEX CONCURRENTLY a_x ON a (x); SELECT oops");
		failure();
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); CREATE INDEX CONCURRENTLY a_x ON a (x); SELECT 1");

		assertThat(migrate().applied()).hasSize(1);
		assertThat(history()).containsExactly("1|versioned|1|a|failed|2", "2|versioned|1|a|applied|3");
	}

	@Test
	void refusesToGoOnIfWhatIsDoneWasEdited() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); VACUUM a; SELECT oops");
		failure();
		this.folder.add("V1__a.sql", "CREATE TABLE a (x text); VACUUM a; SELECT 1");

		assertThat(failure().code()).isEqualTo(ErrorCode.FAILED);
		assertThat(history()).hasSize(1);
	}

	@Test
	void anIndexThatFailedIsBuiltAgain() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); INSERT INTO a VALUES (1), (1)")
			.add("V2__b.sql", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_x ON a (x)");
		failure();
		this.database.execute("DELETE FROM a WHERE ctid = (SELECT min(ctid) FROM a)");

		assertThat(migrate().applied()).hasSize(1);
		assertThat(this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_x'::regclass"))
			.isEqualTo("t");
	}

	@Test
	void aProcedureThatCommitsRunsByItself() {
		this.folder.add("V1__a.sql", """
				CREATE TABLE a (x int);
				CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
				BEGIN
				  FOR i IN 1..3 LOOP INSERT INTO a VALUES (i); COMMIT; END LOOP;
				END $$;
				CALL fill();
				INSERT INTO a VALUES (4)""");
		migrate();

		assertThat(this.database.rows("SELECT x FROM a ORDER BY x")).containsExactly("1", "2", "3", "4");
		assertThat(history()).containsExactly("1|versioned|1|a|applied|4");
	}

	@Test
	void whatAFileSetsHoldsToItsEnd() {
		this.folder.add("V1__a.sql", "CREATE SCHEMA app; CREATE TABLE app.t (x int); CREATE TABLE t (x int)")
			.add("V2__b.sql", "SET search_path = app; CREATE INDEX CONCURRENTLY t_x ON t (x);")
			.add("V3__c.sql", "-- tidemark: transaction=none\nSET search_path = app; CREATE TABLE made ()")
			.add("V4__d.sql", "SET search_path = app; BEGIN ISOLATION LEVEL SERIALIZABLE; CREATE TABLE own (); COMMIT");
		migrate();

		assertThat(this.database
			.rows("SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace ORDER BY relname"))
			.containsExactly("made", "own", "t", "t_x");
	}

	@Test
	void theDirectiveLeavesTransactionsOfTheFileAlone() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("V2__b.sql", """
				-- tidemark: transaction=none
				BEGIN; LOCK TABLE a; INSERT INTO a VALUES (1); INSERT INTO a VALUES (1 / 0); COMMIT""");
		failure();

		assertThat(this.database.rows("SELECT x FROM a")).isEmpty();
	}

	@Test
	void theScriptConfigurationDoesToo() {
		this.folder
			.add("V1__a.sql", "CREATE TABLE a (x text); INSERT INTO a VALUES ('ø'); SELECT 1 / 0".getBytes(ISO_8859_1))
			.add("V1__a.sql.conf", "executeInTransaction=false\nencoding=ISO-8859-1");

		assertThat(failure().code()).isEqualTo(ErrorCode.STATEMENT);

		assertThat(this.database.rows("SELECT x FROM a")).containsExactly("ø");
		assertThat(history()).containsExactly("1|versioned|1|a|failed|2");
	}

	@Test
	void aScriptConfigurationThatAppearsLaterChangesNoChecksum() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		migrate();
		this.folder.add("V1__a.sql.conf", "executeInTransaction=false");

		assertThat(migrate().applied()).isEmpty();
	}

	@Test
	void aScriptConfigurationThatContradictsTheScriptStopsTheRunBeforeItsFirstChange() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "-- tidemark: transaction=none\nCREATE TABLE b ()")
			.add("V2__b.sql.conf", "executeInTransaction=true");

		assertThat(failure().code()).isEqualTo(ErrorCode.DIRECTIVE);

		assertThat(this.database.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEmpty();
	}

	@Test
	void aRowOfTheHistoryThatAMigrationRemovesIsAnError() {
		this.folder.add("V1__a.sql",
				"CREATE TABLE a (x int); VACUUM a; TRUNCATE tidemark_history; INSERT INTO a VALUES (1)");

		assertThat(failure().code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
		assertThat(this.database.rows("SELECT x FROM a")).isEmpty();
	}

	@Test
	void aListenerThatThrowsNeitherStopsAMigrationNorHidesItsFailure() {
		this.folder.add("V1__a.sql", "SELECT 1").add("V2__b.sql", "SELECT oops");
		RunListener broken = new RunListener() {

			@Override
			public void migrationApplied(MigrationInfo migration, MigrationResult result) {
				throw new IllegalStateException("listener");
			}

			@Override
			public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
				throw new IllegalStateException("listener");
			}

		};

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).listener(broken).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(history()).containsExactly("1|versioned|1|a|applied|1", "2|versioned|2|b|failed|0");
	}

	@Test
	void runsAFileThatBringsItsOwnTransaction() {
		this.folder.add("V1__a.sql", "BEGIN; CREATE TABLE a (x int); INSERT INTO a VALUES (1); COMMIT;")
			.add("V2__b.sql", "INSERT INTO a VALUES (2); COMMIT; INSERT INTO a VALUES (3)");
		migrate();

		assertThat(this.database.rows("SELECT x FROM a ORDER BY x")).containsExactly("1", "2", "3");
		assertThat(history()).containsExactly("1|versioned|1|a|applied|2", "2|versioned|2|b|applied|2");
	}

	@Test
	void aTransactionLeftOpenIsAnErrorAndRolledBack() {
		this.folder.add("V1__a.sql", "SELECT 1; BEGIN; CREATE TABLE a (x int);");

		assertThat(failure().code()).isEqualTo(ErrorCode.OPEN_TRANSACTION);
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'a'")).isEmpty();
	}

	@Test
	void loadsCopyDataWithEverythingThatIsInIt() {
		this.folder.add("V1__a.sql", """
				CREATE TABLE a (x int, y text);
				COPY a (x, y) FROM stdin;
				1	semi;colon 'quote' $$
				2	\\N
				3	æøå 😀 \\\\ back
				\\.

				COPY a FROM STDIN WITH (FORMAT csv);
				4,"a ""b"", c"
				\\.
				CREATE INDEX ON a (x);""");
		migrate();

		assertThat(this.database.rows("SELECT * FROM a ORDER BY x")).containsExactly("1|semi;colon 'quote' $$", "2|",
				"3|æøå 😀 \\ back", "4|a \"b\", c");
	}

	@Test
	void aWrongCopyRowIsNamed() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int);\nCOPY a FROM stdin;\n1\nx\n\\.\n");

		Problem problem = failure().problems().get(0);

		assertThat(problem.place().line()).isEqualTo(2);
		assertThat(problem.server().context()).contains("line 2");
		assertThat(history()).containsExactly("1|versioned|1|a|failed|0");
	}

	@Test
	void aMigrationSeesTheSessionAsIfItWereTheFirst() {
		this.folder.add("V1__a.sql", "CREATE ROLE tidemark_leak; CREATE TABLE a (x text)").add("V2__b.sql", """
				SELECT pg_catalog.set_config('search_path', '', false);
				SET lock_timeout = '1h';
				SET ROLE tidemark_leak""").add("V3__c.sql", """
				INSERT INTO a VALUES (current_setting('lock_timeout'));
				INSERT INTO a VALUES (current_setting('search_path'));
				INSERT INTO a VALUES (current_user)""");
		migrate();
		this.database.execute("DROP ROLE tidemark_leak");

		assertThat(this.database.rows("SELECT x FROM a")).containsExactly("300ms", "\"$user\", public", "postgres");
	}

	@Test
	void takesConfiguredTimeoutsAndName() {
		this.folder.add("V1__a.sql",
				"""
						CREATE TABLE a AS SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s,
						  current_setting('application_name') AS n""");
		this.folder.tidemark(this.database)
			.lockTimeout(java.time.Duration.ofMillis(1500))
			.statementTimeout(java.time.Duration.ofMinutes(3))
			.application("orders", null, "x")
			.build()
			.migrate();

		assertThat(this.database.rows("SELECT * FROM a")).containsExactly("1500ms|3min|tidemark (orders)");
	}

	@Test
	void aStatementThatDoesNotGetItsLockFailsInTime() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		migrate();
		this.folder.add("V2__b.sql", "ALTER TABLE a ADD COLUMN x int");
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("LOCK TABLE a IN ACCESS SHARE MODE");

			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> this.folder.tidemark(this.database)
						.lockTimeout(java.time.Duration.ofMillis(50))
						.lockRetry(new LockRetry(java.time.Duration.ZERO))
						.build()
						.migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
		}
	}

	@Test
	void createsSchemasAndPutsTheFirstInFront() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); CREATE TABLE \"second \"\"one\".b ()");
		this.folder.tidemark(this.database).schemas(List.of("fi\"rst; --", "second \"one")).build().migrate();

		assertThat(this.database.rows("SELECT relnamespace::regnamespace, relname FROM pg_class WHERE relname IN "
				+ "('a', 'b', 'tidemark_history') ORDER BY relname"))
			.containsExactly("\"fi\"\"rst; --\"|a", "\"second \"\"one\"|b", "\"fi\"\"rst; --\"|tidemark_history");
	}

	@Test
	void aHostileTableNameIsOnlyAName() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");
		String name = "h'\"; DROP TABLE a; -- ?";
		this.folder.tidemark(this.database).historyTable(name).build().migrate();

		assertThat(this.folder.tidemark(this.database).historyTable(name).build().migrate().applied()).isEmpty();
		assertThat(this.database.rows("SELECT 1 FROM a")).isEmpty();
	}

	@Test
	void stopsAtTheTarget() {
		this.folder.add("V1__a.sql", "SELECT 1").add("V2__b.sql", "SELECT 1").add("R__c.sql", "SELECT 1");
		Tidemark limited = this.folder.tidemark(this.database).target(MigrationVersion.of("1")).build();

		assertThat(limited.migrate().applied()).extracting((applied) -> applied.identity().toString())
			.containsExactly("1");
		assertThat(migrate().applied()).hasSize(2);
	}

	@Test
	void runsInitSqlFirst() {
		this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT current_setting('work_mem') AS x")
			.add("V2__b.sql", "RESET ALL")
			.add("V3__c.sql", "INSERT INTO a VALUES (current_setting('work_mem'))");
		this.folder.tidemark(this.database).initSql("SET work_mem = '7MB'; SELECT 1").build().migrate();

		assertThat(this.database.rows("SELECT x FROM a")).containsExactly("7MB", "7MB");
	}

	@Test
	void aSecretInAFailingStatementIsNowhere() {
		this.folder.add("V1__a.sql", "SELECT 1;\nCREATE ROLE postgres LOGIN PASSWORD 'hunter2'");

		TidemarkException failure = failure();

		assertThat(failure).hasMessageContaining("CREATE ROLE");
		assertThat(org.assertj.core.util.Throwables.getStackTrace(failure)).doesNotContain("hunter2");
		assertThat(String.join("\n", this.database.rows("SELECT h::text FROM tidemark_history h")))
			.contains("CREATE ROLE")
			.doesNotContain("hunter2");
	}

	@Test
	void aLateVersionThatRanLeavesItsWarning() {
		this.folder.add("V2__b.sql", "SELECT 1");
		migrate();
		this.folder.add("V1__a.sql", "SELECT 1");

		RunResult result = this.folder.tidemark(this.database).outOfOrder(OutOfOrder.WARN).build().migrate();

		assertThat(result.applied()).hasSize(1);
		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.OUT_OF_ORDER);
	}

	@Test
	void whatAFileRollsBackByFailingInItsOwnTransactionIsNotDone() {
		this.folder.add("V1__a.sql", "SELECT 1; BEGIN; CREATE TABLE a (); SELECT oops; COMMIT");

		assertThat(failure().problems().get(0).state()).contains("1 of 3");
		assertThat(history()).containsExactly("1|versioned|1|a|failed|1");
	}

	@Test
	void aFileWhoseOwnTransactionFailedFirstRunsAgain() {
		this.folder.add("V1__a.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT oops; COMMIT");
		failure();
		this.folder.add("V1__a.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT");

		assertThat(migrate().applied()).hasSize(1);
	}

	@Test
	void onlyConcurrentCommandsWaitWithoutATimeout() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("V2__b.sql", """
				CREATE INDEX CONCURRENTLY a_x ON a (x);
				CREATE TABLE b AS SELECT current_setting('lock_timeout') AS x;
				VACUUM a;
				INSERT INTO b VALUES (current_setting('lock_timeout'))""");
		migrate();

		assertThat(this.database.rows("SELECT x FROM b")).containsExactly("300ms", "300ms");
	}

	@Test
	void initSqlMayTakeTheRoleThatOwnsTheHistory() {
		String owner = "owner_" + this.database.name();
		String login = "login_" + this.database.name();
		this.database.execute("CREATE ROLE " + owner + "; GRANT ALL ON SCHEMA public TO " + owner + "; CREATE ROLE "
				+ login + " LOGIN NOINHERIT PASSWORD 'pw'; GRANT " + owner + " TO " + login);
		try {
			this.folder.add("V1__a.sql", "CREATE TABLE a ()");
			Tidemark.Builder tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), login, "pw"))
				.locations(this.folder.location())
				.initSql("SET ROLE " + owner);

			assertThat(tidemark.build().migrate().applied()).hasSize(1);
			assertThat(tidemark.build().migrate().applied()).isEmpty();
			assertThat(tidemark.build().verify().database().schema()).isEqualTo("public");
			assertThat(tidemark.build()
				.inspect(InspectRequest.everything().within(java.time.Duration.ofSeconds(20)))
				.state()).isEqualTo(Inspection.State.UP_TO_DATE);
		}
		finally {
			this.database.execute("DROP OWNED BY " + owner + "; DROP ROLE " + owner + "; DROP OWNED BY " + login
					+ "; DROP ROLE " + login);
		}
	}

	@Test
	void objectsOfAScriptDoNotStandInForThoseOfTheServer() {
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET search_path = public, pg_catalog");
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "CREATE DOMAIN public.text AS varchar(3); CREATE DOMAIN public.int4 AS bool");
		migrate();

		assertThat(this.database.rows("SELECT version FROM tidemark_history ORDER BY rank")).containsExactly("1", "2");
	}

	@Test
	void aChainedTransactionIsRefusedBeforeAnythingRuns() {
		this.folder.add("V1__a.sql", "BEGIN; CREATE TABLE a (); COMMIT AND CHAIN; SELECT 1; COMMIT");

		assertThat(failure().code()).isEqualTo(ErrorCode.SYNTAX);
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'a'")).isEmpty();
	}

	@Test
	void whatAChainWouldRollBackIsNotAdvisedToBeCommitted() {
		this.folder.add("V1__a.sql", "BEGIN; CREATE TABLE a (); ROLLBACK AND CHAIN; SELECT 1; COMMIT");

		assertThat(failure().problems().get(0).remedy()).contains("Leave AND CHAIN away").doesNotContain("COMMIT");
	}

}
