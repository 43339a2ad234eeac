package dev.tidemark.advice;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What to do next about errors of statements that say by their SQLSTATE what they are.
 */
@ExtendWith(PostgresExtension.class)
class NextStepTests {

	private static final String CORRECT = "Correct the file, which is not applied yet, and start again.";

	private static final String ROLLED_BACK = "The transaction was rolled back: the database is as it was before this"
			+ " migration.";

	private static final String OUTSIDE = """
			CREATE FUNCTION cagg_like() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
			  RAISE EXCEPTION 'CREATE MATERIALIZED VIEW ... WITH DATA cannot run inside a transaction block'
			    USING ERRCODE = '25001'; END $$;
			SELECT cagg_like();
			""";

	private final TestDatabase database;

	private MigrationFolder folder;

	NextStepTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql",
				"CREATE TYPE mood AS ENUM ('calm'); CREATE TABLE a (x int, m mood); INSERT INTO a VALUES (1)");
		tidemark().build().migrate();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private static Problem problem(Tidemark.Builder tidemark) {
		return catchThrowableOfType(TidemarkException.class, () -> tidemark.build().migrate()).problems().get(0);
	}

	private Problem problemOf(String sql) {
		this.folder.add("V2__b.sql", sql);
		return problem(tidemark());
	}

	private static String sqlState(Problem problem) {
		assertThat(problem.server()).isNotNull();
		return problem.server().sqlState();
	}

	/** What the message offers has to be taken. */
	private void assertPassedOver() {
		tidemark().skip(Map.of(Identity.of("2"), "it is there")).build().migrate();
		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE version = '2' ORDER BY rank"))
			.containsExactly("failed", "skipped");
	}

	@ParameterizedTest
	@ValueSource(strings = { OUTSIDE, "DO $$ BEGIN EXECUTE 'VACUUM a'; END $$" })
	void whatNeedsNoTransactionGetsAFileOfItsOwn(String sql) {
		Problem problem = problemOf(sql);

		assertThat(sqlState(problem)).isEqualTo("25001");
		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(problem.state()).isEqualTo(ROLLED_BACK);
		assertThat(problem.remedy())
			.startsWith("The server runs it outside of a transaction only: move it into a file of its own"
					+ " with -- tidemark: transaction=none at its head")
			.contains("a function or a DO block");
	}

	@Test
	void anUndoFileSaysItAtItsOwnHead() {
		this.folder.add("V2__b.sql", "SELECT 1").add("U2__b.sql", OUTSIDE);
		tidemark().build().migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().build().undo(UndoRequest.of(UndoSelection.last()).allowingDataLoss("none is lost")));

		assertThat(failure.problems().get(0).remedy())
			.contains("-- tidemark: transaction=none at the head of the undo file");
	}

	@Test
	void aCallbackNamesAnotherEvent() {
		this.folder.add("V2__b.sql", "SELECT 1").add("beforeEachMigrate.sql", OUTSIDE);

		assertThat(problem(tidemark()).remedy()).contains("Let the callback name an event", "afterMigrate");
	}

	@Test
	void whatSetsUpATransactionComesFirstInIt() {
		Problem problem = problemOf("SELECT 1; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");

		assertThat(sqlState(problem)).isEqualTo("25001");
		assertThat(problem.remedy()).startsWith("Put the statement before all others of its transaction")
			.doesNotContain("transaction=none");
		this.folder.add("V2__b.sql", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1");
		assertThat(tidemark().build().migrate().applied()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TYPE mood ADD VALUE 'busy';\nCOMMIT;\nINSERT INTO a VALUES (2, 'busy')",
			"-- tidemark: transaction=none\nALTER TYPE mood ADD VALUE 'busy';INSERT INTO a VALUES (2, 'busy')" })
	void aNewValueOfAnEnumIsUsedAfterItsCommitAndEachWayOutIsOne(String mended) {
		Problem problem = problemOf("ALTER TYPE mood ADD VALUE 'busy'; INSERT INTO a VALUES (2, 'busy')");

		assertThat(sqlState(problem)).isEqualTo("55P04");
		assertThat(problem.state()).isEqualTo(ROLLED_BACK);
		assertThat(problem.remedy()).contains("COMMIT;", "a file of its own", "-- tidemark: transaction=none")
			.doesNotContain("Correct the file");
		this.folder.add("V2__b.sql", mended);
		assertThat(tidemark().build().migrate().applied()).hasSize(1);
	}

	@Test
	void aSchemaThatTidemarkHasCreatedIsSaidToBeItsOwn() {
		this.folder.add("V1__a.sql", "CREATE SCHEMA app; CREATE TABLE app.a (id int)");
		Problem first = problem(tidemark().schema("app"));
		Problem second = problem(tidemark().schema("app"));

		assertThat(sqlState(first)).isEqualTo("42P06");
		assertThat(first.remedy()).startsWith("Tidemark has created the schema app before the first migration")
			.contains("tidemark.schema", "CREATE SCHEMA IF NOT EXISTS \"app\"", "leave the statement out");
		assertThat(second.remedy())
			.startsWith("Tidemark creates the schema app where it is missing before the first migration");
		this.folder.add("V1__a.sql", "CREATE SCHEMA IF NOT EXISTS \"app\"; CREATE TABLE app.a (id int)");
		assertThat(tidemark().schema("app").build().migrate().applied()).hasSize(1);
	}

	@Test
	void aSchemaThatTidemarkMayNotCreateIsSaidToBeNeeded() {
		this.database.execute("CREATE SCHEMA app");
		this.folder.add("V1__a.sql", "CREATE SCHEMA app");

		assertThat(problem(tidemark().schema("app").createSchemas(false)).remedy())
			.startsWith("Tidemark needs the schema app before the first migration");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					CREATE TABLE a (x int)                                                                      | 42P07
					ALTER TABLE a ADD x int                                                                     | 42701
					CREATE TYPE mood AS ENUM ('wild')                                                           | 42710
					CREATE SCHEMA public                                                                        | 42P06
					CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1; CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 2 | 42723
					""")
	void whatIsThereAlreadyMayBeTheWholeFileThatIsPassedOverThen(String sql, String sqlState) {
		Problem problem = problemOf(sql);

		assertThat(sqlState(problem)).isEqualTo(sqlState);
		assertThat(problem.state()).isEqualTo(ROLLED_BACK);
		assertThat(problem.remedy()).startsWith("Find out where it comes from.")
			.contains("baseline", "tidemark.run.skip.2=<reason>")
			.doesNotContain(CORRECT);
		assertPassedOver();
	}

	@Test
	void aRepeatableMeetsWhatItMadeBefore() {
		this.folder.add("R__view.sql", "CREATE VIEW v AS SELECT 1");
		tidemark().build().migrate();
		this.folder.add("R__view.sql", "CREATE VIEW v AS SELECT 2");

		assertThat(problem(tidemark()).remedy()).startsWith("A repeatable runs again").contains("CREATE OR REPLACE");
	}

	@Test
	void ofAFileThatIsDoneInPartTheRestIsCorrected() {
		Problem problem = problemOf("INSERT INTO a VALUES (2); COMMIT; CREATE TABLE a (x int)");

		assertThat(problem.remedy())
			.isEqualTo("Leave what is done (statement 1) as it is, correct the rest of the file, and start again.");
	}

	@Test
	void whatIsDoneOfAFileStaysWhereTheNextStepIsKnown() {
		Problem problem = problemOf("INSERT INTO a VALUES (2); COMMIT; ALTER TYPE mood ADD VALUE 'busy';"
				+ " INSERT INTO a VALUES (2, 'busy')");

		assertThat(problem.remedy()).contains("COMMIT;").endsWith("Leave what is done (statement 1) as it is.");
	}

	@ParameterizedTest
	@CsvSource({ "flyway_schema_history, Flyway", "public.flyway_schema_history, Flyway",
			"databasechangelog, Liquibase", "\"__EFMigrationsHistory\", Entity Framework" })
	void theHistoryOfAnotherToolIsToldAsSuchAndItsFileCanBePassedOver(String table, String tool) {
		Problem problem = problemOf("DELETE FROM " + table);

		assertThat(sqlState(problem)).isEqualTo("42P01");
		assertThat(problem.state()).isEqualTo(ROLLED_BACK);
		assertThat(problem.remedy()).contains(tool, "tidemark.run.skip.2=<reason>").doesNotContain(CORRECT);
		assertPassedOver();
	}

	@Test
	void anyOtherTableThatIsMissingIsAMatterOfTheFile() {
		assertThat(problemOf("DELETE FROM my_flyway_schema_history_2").remedy()).isEqualTo(CORRECT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO owned.t VALUES (1)", "UPDATE owned.t SET x = 2 WHERE x = 1",
			"CREATE TABLE owned.u (x int)", "SELECT nextval('owned.s')", "DELETE FROM owned.t WHERE x = 1",
			"CREATE TABLE mine (x int REFERENCES owned.t)" })
	void aMissingRightIsNamedWithTheGrantThatGivesIt(String sql) {
		String role = "next_" + UUID.randomUUID().toString().substring(0, 8);
		this.database.execute("CREATE SCHEMA owned; CREATE TABLE owned.t (x int PRIMARY KEY); CREATE SEQUENCE owned.s;"
				+ "CREATE ROLE " + role + " LOGIN PASSWORD 'p'; GRANT USAGE, CREATE ON SCHEMA public TO " + role
				+ "; GRANT SELECT, INSERT, UPDATE ON tidemark_history TO " + role);
		this.folder.add("V2__b.sql", sql);
		Tidemark tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "p"))
			.locations(this.folder.location())
			.build();
		try {
			int grants = 0;
			TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);
			while (failure != null && grants < 3) {
				assertThat(failure.code()).isEqualTo(ErrorCode.PRIVILEGE);
				String remedy = failure.problems().get(0).remedy();
				String grant = remedy.substring(remedy.indexOf("GRANT "), remedy.indexOf(';'));
				this.database.execute("SET search_path = owned; " + grant);
				grants++;
				failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);
			}
			assertThat(failure).isNull();
			assertThat(grants).isPositive();
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@Test
	void whatOnlyAnOwnerMayDoIsDoneAsTheOwner() {
		String role = "next_" + UUID.randomUUID().toString().substring(0, 8);
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p';"
				+ " GRANT SELECT, INSERT, UPDATE ON tidemark_history TO " + role);
		this.folder.add("V2__b.sql", "ALTER TABLE a ADD y int");
		try {
			Problem problem = problem(Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "p"))
				.locations(this.folder.location()));

			assertThat(problem.remedy())
				.startsWith("Only the owner of table a may do that: set tidemark.connection.role");
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SELECT * FROM owned."Order Item"           | ON TABLE "Order Item" TO
			SELECT nextval('owned."S"')                | ON SEQUENCE "S" TO
			SELECT owned."F"()                         | ON FUNCTION "F" TO
			CREATE TABLE "Wei ""rd".z (x int)          | ON SCHEMA "Wei ""rd" TO
			CREATE TABLE mine (x owned."T y")          | ON TYPE owned."T y" TO
			""")
	void aGrantCanBeRunAsItIsWhateverTheNameIsMadeOf(String sql, String named) {
		String role = "next_" + UUID.randomUUID().toString().substring(0, 8);
		this.database
			.execute("CREATE SCHEMA owned; CREATE SCHEMA \"Wei \"\"rd\"; CREATE TABLE owned.\"Order Item\" (x int);"
					+ " CREATE SEQUENCE owned.\"S\"; CREATE TYPE owned.\"T y\" AS (x int);"
					+ " CREATE FUNCTION owned.\"F\"() RETURNS int LANGUAGE sql AS 'SELECT 1';"
					+ " REVOKE ALL ON FUNCTION owned.\"F\"() FROM PUBLIC; REVOKE ALL ON TYPE owned.\"T y\" FROM PUBLIC;"
					+ " CREATE ROLE " + role + " LOGIN PASSWORD 'p'; GRANT USAGE, CREATE ON SCHEMA public, owned TO "
					+ role + "; GRANT SELECT, INSERT, UPDATE ON tidemark_history TO " + role);
		this.folder.add("V2__b.sql", sql);
		Tidemark.Builder tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "p"))
			.locations(this.folder.location());
		try {
			String remedy = problem(tidemark).remedy();

			assertThat(remedy).contains(named);
			this.database
				.execute("SET search_path = owned; " + remedy.substring(remedy.indexOf("GRANT "), remedy.indexOf(';')));
			assertThat(tidemark.build().migrate().applied()).hasSize(1);
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@Test
	void theRightToRebuildATableIsTheOneThatIsNamed() {
		// Before that only the owner may do it.
		assumeThat(Integer.parseInt(this.database.value("SHOW server_version_num"))).isGreaterThanOrEqualTo(170000);
		String role = "next_" + UUID.randomUUID().toString().substring(0, 8);
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p';"
				+ " GRANT SELECT, INSERT, UPDATE ON tidemark_history TO " + role);
		this.folder.add("V2__b.sql", "REINDEX TABLE a");
		Tidemark.Builder tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "p"))
			.locations(this.folder.location());
		try {
			String remedy = problem(tidemark).remedy();

			assertThat(remedy).contains("GRANT MAINTAIN ON TABLE \"a\" TO");
			this.database.execute(remedy.substring(remedy.indexOf("GRANT "), remedy.indexOf(';')));
			assertThat(tidemark.build().migrate().applied()).hasSize(1);
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			42704 | GRANT SELECT ON a TO nobody_at_all             | CREATE ROLE ...;
			42704 | ALTER TABLE a OWNER TO nobody_at_all           | CREATE ROLE ...;
			22023 | SET ROLE nobody_at_all                         | CREATE ROLE ...;
			42704 | CREATE TABLE b (x int) TABLESPACE nowhere      | CREATE TABLESPACE ...;
			""")
	void whatTheServerLacksIsCreatedThere(String sqlState, String sql, String create) {
		Problem problem = problemOf(sql);

		assertThat(sqlState(problem)).isEqualTo(sqlState);
		assertThat(problem.state()).isEqualTo(ROLLED_BACK);
		assertThat(problem.remedy()).startsWith("This server lacks it").contains(create).doesNotContain(CORRECT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE b (x no_such_type)", "SET work_mem = 'x'" })
	void anythingElseThatIsUnknownIsAMatterOfTheFile(String sql) {
		assertThat(problemOf(sql).remedy()).isEqualTo(CORRECT);
	}

	@Test
	void anExtensionThatIsNotInstalledIsInstalledOnTheServer() {
		assertThat(problemOf("CREATE EXTENSION nothing_of_that_name").remedy())
			.contains("install its package there", "pg_available_extensions")
			.doesNotContain(CORRECT);
	}

	@Test
	void aSchemaThatIsMissingCanBeCreatedBeforeTheMigrations() {
		Problem problem = problemOf("CREATE TABLE other.b (x int)");

		assertThat(sqlState(problem)).isEqualTo("3F000");
		assertThat(problem.remedy()).contains("name it in tidemark.schemas");
		assertThat(tidemark().schemas(List.of("public", "other")).build().migrate().applied()).hasSize(1);
	}

	@Test
	@Timeout(60)
	void aConflictWithAnotherSessionNeedsNoOtherFile() throws Exception {
		this.folder.add("V2__b.sql",
				"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM a;" + " UPDATE a SET x = 3");
		CompletableFuture<Problem> run;
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("UPDATE a SET x = 2");
			run = OwnThread.supply(() -> problem(tidemark().lockTimeout(Duration.ofSeconds(50))));
			await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(this.database.value("""
					SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
					AND datname = current_database() AND wait_event_type = 'Lock'""")));
			other.commit();
		}
		Problem problem = run.get(30, TimeUnit.SECONDS);

		assertThat(sqlState(problem)).isEqualTo("40001");
		assertThat(problem.code()).isEqualTo(ErrorCode.SESSION_CONFLICT);
		assertThat(problem.state()).isEqualTo(ROLLED_BACK);
		assertThat(problem.remedy()).startsWith("Start again: nothing has to be corrected.");
		assertThat(tidemark().build().migrate().applied()).hasSize(1);
	}

	@Test
	void whatTheServerRunsOutOfIsNoFaultOfTheFile() {
		Problem problem = problemOf("SET temp_file_limit = 0; SET work_mem = '64kB';"
				+ " SELECT count(*) FROM (SELECT i FROM generate_series(1, 100000) AS s (i) ORDER BY i DESC) AS x");

		assertThat(sqlState(problem)).isEqualTo("53400");
		assertThat(problem.code()).isEqualTo(ErrorCode.RESOURCES);
		assertThat(problem.remedy()).contains("Raise the limit that the server names");
	}

	@ParameterizedTest
	@CsvSource({ "23505, CREATE UNIQUE INDEX u ON a (x)", "23505, ALTER TABLE a ADD UNIQUE (x)",
			"23502, ALTER TABLE a ALTER m SET NOT NULL", "23514, ALTER TABLE a ADD CHECK (x > 1)" })
	void whereRowsAreInTheWayTheyArePutRight(String sqlState, String sql) {
		this.database.execute("INSERT INTO a VALUES (1)");
		Problem problem = problemOf(sql);

		assertThat(sqlState(problem)).isEqualTo(sqlState);
		assertThat(problem.remedy()).startsWith("Rows of this database are in the way").contains("by hand");
	}

	@Test
	void theRightToMakeTheHistoryIsNamedWithItsGrantWhichIsEnough() {
		String role = "next_" + UUID.randomUUID().toString().substring(0, 8);
		this.database.execute(
				"CREATE SCHEMA app; CREATE ROLE " + role + " LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA app TO " + role);
		Tidemark.Builder tidemark = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "p"))
			.schema("app")
			.locations(this.folder.location());
		try {
			Problem problem = problem(tidemark);

			assertThat(problem.code()).isEqualTo(ErrorCode.PRIVILEGE);
			assertThat(problem.remedy()).contains("GRANT USAGE, CREATE ON SCHEMA \"app\" TO \"" + role + "\";");
			this.database.execute("GRANT USAGE, CREATE ON SCHEMA app TO " + role);
			assertThat(tidemark.build().migrate().applied()).hasSize(1);
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@Test
	void constraintsThatWaitAreCheckedBeforeTheTableChanges() {
		String insert = "CREATE TABLE c (id int PRIMARY KEY, parent int REFERENCES c DEFERRABLE INITIALLY DEFERRED);"
				+ " INSERT INTO c VALUES (1, 1);";
		Problem problem = problemOf(insert + " ALTER TABLE c ADD y int");

		assertThat(sqlState(problem)).isEqualTo("55006");
		assertThat(problem.remedy()).contains("SET CONSTRAINTS ALL IMMEDIATE;");
		this.folder.add("V2__b.sql", insert + " SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE c ADD y int");
		assertThat(tidemark().build().migrate().applied()).hasSize(1);
	}

	@Test
	void everyRemedyOfARefusalIsWrittenForPeople() {
		assertThat(List.of(problemOf(OUTSIDE), problemOf("CREATE TABLE a (x int)"),
				problemOf("DELETE FROM flyway_schema_history")))
			.allSatisfy((problem) -> assertThat(problem.remedy()).endsWith(".").doesNotContain("null"));
	}

}
