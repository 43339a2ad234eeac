package dev.tidemark.phase;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.MigrationState;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What backfills and contracts of a new schema do to tables that others live on.
 */
@ExtendWith(PostgresExtension.class)
class StrangeTablesTests {

	private final TestDatabase database;

	private final MigrationFolder folder;

	StrangeTablesTests(TestDatabase database, @TempDir Path path) {
		this.database = database;
		this.folder = new MigrationFolder(path).add("V1__own.sql", "CREATE TABLE own (id int PRIMARY KEY, x int)");
		database.execute("CREATE SCHEMA other; CREATE TABLE other.users (id int PRIMARY KEY, x int, y int);"
				+ " INSERT INTO other.users VALUES (1, 1, 1); CREATE FUNCTION other.f() RETURNS int LANGUAGE sql"
				+ " AS 'SELECT 1'; CREATE TYPE other.t AS ENUM ('a'); CREATE SEQUENCE other.s");
	}

	private RunResult migrate() {
		return this.folder.tidemark(this.database).build().migrate();
	}

	/** Adds a file for each statement, and returns their versions. */
	private static List<String> addAll(MigrationFolder folder, String ending, List<String> statements) {
		List<String> versions = new ArrayList<>();
		for (String sql : statements) {
			versions.add(String.valueOf(versions.size() + 10));
			folder.add("V" + versions.get(versions.size() - 1) + "__x" + ending, sql);
		}
		return versions;
	}

	@Test
	void contractsThatWouldChangeThemWait() {
		List<String> versions = addAll(this.folder, ".contract.sql",
				List.of("DROP TABLE other.users", "ALTER TABLE other.users DROP COLUMN y", "TRUNCATE other.users",
						"DROP SCHEMA other CASCADE", "DROP FUNCTION other.f()", "DROP TYPE other.t",
						"DROP SEQUENCE other.s", "DELETE FROM other.users", "UPDATE other.users SET x = 2",
						"DROP TABLE own; DROP TABLE Other.\"users\"",
						"WITH gone AS (DELETE FROM other.users RETURNING *) INSERT INTO own SELECT id, x FROM gone",
						"ALTER TABLE other.users RENAME TO people", "DROP TABLE IF EXISTS nothing, other.users",
						"DO $$ BEGIN DELETE FROM other.users; END $$", "CREATE INDEX ON other.users (x)"));
		this.folder.add("V9__more.sql", "CREATE TABLE more (x int)");

		assertThat(this.folder.tidemark(this.database).build().plan().migrations())
			.filteredOn((migration) -> migration.state() == MigrationState.WAITING)
			.extracting(MigrationInfo::reason)
			.hasSize(versions.size())
			.allMatch((reason) -> reason.startsWith("waits for the contract gate, which this version does not have yet")
					&& reason.contains(", as it changes ") && reason.endsWith(", which no migration has made"));
		assertThat(PhaseFixture.waiting(migrate().migrations()).keySet()).hasSameElementsAs(versions);
		assertThat(this.database.rows("SELECT * FROM other.users")).containsExactly("1|1|1");
		assertThat(PhaseFixture.waiting(migrate().migrations()).keySet()).hasSameElementsAs(versions);
	}

	@Test
	void aBackfillThatWalksOneWaitsAndSoDoesTheContractBehindIt() {
		this.folder
			.add("V2__copy.backfill.sql",
					"-- tidemark: batch table=other.users by=id\nUPDATE other.users SET x = y WHERE {batch}")
			.add("V3__less.contract.sql", "ALTER TABLE own DROP COLUMN x");

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("2", "3");
	}

	@Test
	void oneThatTheSearchPathLeadsToIsNoOtherOne() {
		this.folder.add("V2__less.contract.sql", "ALTER TABLE users DROP COLUMN y");

		RunResult result = this.folder.tidemark(this.database)
			.initSql("SET search_path = public, other")
			.build()
			.migrate();

		assertThat(PhaseFixture.waiting(result.migrations())).containsOnlyKeys("2");
	}

	@Test
	void anOwnTableOfItsNameIsOwn() {
		this.folder.add("V2__users.sql", "CREATE TABLE users (id int, y int)")
			.add("V3__less.contract.sql", "ALTER TABLE users DROP COLUMN y");

		RunResult result = this.folder.tidemark(this.database)
			.initSql("SET search_path = public, other")
			.build()
			.migrate();

		assertThat(PhaseFixture.waiting(result.migrations())).isEmpty();
		assertThat(this.database.rows("SELECT * FROM other.users")).containsExactly("1|1|1");
	}

	@Test
	void whoOnlyReadsOrNamesThemRunsAtOnce() {
		addAll(this.folder, ".contract.sql", List.of("INSERT INTO own SELECT id, x FROM other.users",
				"UPDATE own SET x = (SELECT max(x) FROM other.users)", "ALTER TABLE own DROP COLUMN x -- other.users",
				"COMMENT ON TABLE own IS 'DROP TABLE other.users'"));

		assertThat(PhaseFixture.waiting(migrate().migrations())).isEmpty();
	}

	@Test
	void schemasAndTablesThatItsOwnFilesMakeAreItsOwnAlsoAfterAFailure() {
		this.folder.add("V2__sales.sql", "CREATE SCHEMA sales; CREATE TABLE sales.orders (id int PRIMARY KEY, x int)")
			.add("V3__fill.backfill.sql",
					"-- tidemark: batch table=sales.orders by=id\nUPDATE sales.orders SET x = 1 WHERE {batch}")
			.add("V4__fails.sql", "SELECT 1 / 0")
			.add("V5__less.contract.sql", "ALTER TABLE sales.orders DROP COLUMN x")
			.add("V6__none.contract.sql", "DROP SCHEMA sales CASCADE");
		catchThrowableOfType(TidemarkException.class, this::migrate);
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied", "2|applied", "3|applied", "4|failed");
		this.folder.add("V4__fails.sql", "SELECT 1");

		RunResult result = migrate();

		assertThat(PhaseFixture.waiting(result.migrations())).isEmpty();
		assertThat(this.database.value("SELECT to_regnamespace('sales')")).isNull();
	}

	@Test
	void aTableThatIsOnlyMadeIfItIsNotThereMayBeOfOthers() {
		this.folder.add("V2__users.sql", "CREATE TABLE IF NOT EXISTS other.users (id int, y int)")
			.add("V3__less.contract.sql", "ALTER TABLE other.users DROP COLUMN y");

		assertThat(PhaseFixture.waiting(migrate().migrations())).containsOnlyKeys("3");
	}

	@Test
	void schemasThatAreConfiguredAreItsOwn() {
		this.database.execute("DROP SCHEMA other CASCADE");
		this.folder.add("V2__sales.sql", "CREATE TABLE sales.orders (id int, x int)")
			.add("V3__less.contract.sql", "ALTER TABLE sales.orders DROP COLUMN x");

		RunResult result = this.folder.tidemark(this.database).schemas(List.of("sales")).build().migrate();

		assertThat(PhaseFixture.waiting(result.migrations())).isEmpty();
	}

	private PhaseFixture grown(Path path) {
		PhaseFixture given = new PhaseFixture(this.database, path);
		this.database.execute("DROP SCHEMA other CASCADE");
		given.folder().add("V1__users.sql", """
				CREATE TABLE users (id int, year int, email text, PRIMARY KEY (id, year)) PARTITION BY RANGE (year);
				CREATE TABLE users_2020 PARTITION OF users FOR VALUES FROM (2020) TO (2021);
				CREATE TABLE users_old PARTITION OF users FOR VALUES FROM (0) TO (2000) PARTITION BY RANGE (id);
				CREATE TABLE users_old_1 PARTITION OF users_old FOR VALUES FROM (0) TO (1000);
				CREATE TABLE emails (email text PRIMARY KEY)""");
		given.migrate();
		given.folder()
			.add("V2__email_new.sql", "ALTER TABLE users ADD COLUMN email_new text")
			.add("V3__copy.backfill.sql",
					"-- tidemark: batch table=users\nUPDATE users SET email_new = lower(email) WHERE {batch}");
		given.migrate();
		return given;
	}

	@Test
	void whatIsDemandedOfAPartitionIsDemandedOfItsTable(@TempDir Path path) {
		PhaseFixture given = grown(path);
		List<String> versions = addAll(given.folder(), ".sql",
				List.of("ALTER TABLE users_2020 ALTER COLUMN email_new SET NOT NULL",
						"ALTER TABLE users_2020 ADD CHECK (email_new IS NOT NULL)",
						"ALTER TABLE users_old_1 ADD FOREIGN KEY (email_new) REFERENCES emails",
						"ALTER TABLE public.users_old_1 ADD CONSTRAINT c CHECK (email_new <> '')",
						"CREATE UNIQUE INDEX ON users_2020 (email_new)", "TRUNCATE users_old", "VACUUM FULL users_2020",
						"ALTER TABLE users_2020 SET UNLOGGED", "ALTER TABLE users_2020 DROP CONSTRAINT users_2020_pkey",
						"ALTER TABLE users_old DETACH PARTITION users_old_1", "DROP TABLE users_2020",
						"DO $$ BEGIN ALTER TABLE users_2020 ALTER COLUMN email_new SET NOT NULL; END $$"));

		TidemarkException failure = given.failure();

		assertThat(failure.problems()).hasSize(versions.size())
			.allMatch((problem) -> problem.code() == ErrorCode.PHASE_CONFLICT);
		assertThat(given.tidemark().build().plan().problems()).hasSize(versions.size());
	}

	@Test
	void whatDemandsNothingOfItIsNotRefused(@TempDir Path path) {
		PhaseFixture given = grown(path);
		List<String> versions = addAll(given.folder(), ".sql",
				List.of("ALTER TABLE users_2020 ADD CHECK (email <> '')",
						"ALTER TABLE users_2020 ADD CONSTRAINT c CHECK (email_new IS NOT NULL) NOT VALID",
						"CREATE TABLE users_2021 PARTITION OF users FOR VALUES FROM (2021) TO (2022);"
								+ " ALTER TABLE users_2021 ADD CHECK (email_new <> '')",
						"CREATE TABLE p (email_new text CHECK (email_new <> '')); DROP TABLE p",
						"CREATE INDEX ON users_2020 (email_new)"));

		assertThat(given.migrate().applied()).hasSize(versions.size());
	}

	@Test
	void aBackfillOfATableThatNobodyMakesIsRefusedBeforeAnythingRuns(@TempDir Path path) {
		PhaseFixture given = new PhaseFixture(this.database, path).users();
		given.migrate();
		given.folder()
			.add("V2__more.sql", "ALTER TABLE users ADD COLUMN more int")
			.add("V3__copy.backfill.sql",
					"-- tidemark: batch table=usres by=id\nUPDATE usres SET more = 1 WHERE {batch}");

		TidemarkException failure = given.failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(failure).hasMessageContaining("V3__copy.backfill.sql")
			.hasMessageContaining("walks the table \"usres\", which does not exist");
		assertThat(given.hasColumn("more")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE TABLE usres (id int PRIMARY KEY)", "ALTER TABLE users RENAME TO usres",
			"DO $$ BEGIN EXECUTE 'CREATE TABLE ' || 'usres (id int PRIMARY KEY)'; END $$",
			"CREATE VIEW v AS SELECT 1; CREATE TABLE public.usres AS SELECT 1 AS id" })
	void oneThatAFileOfTheSameRunMakesIsNot(String sql, @TempDir Path path) {
		PhaseFixture given = new PhaseFixture(this.database, path).users();
		given.migrate();
		given.folder()
			.add("V2__more.sql", sql)
			.add("V3__copy.backfill.sql",
					"-- tidemark: batch table=usres by=id\nUPDATE usres SET more = 1 WHERE {batch}");

		assertThat(PhaseFixture.waiting(given.migrate().migrations())).isEqualTo(Map.of("3", "runs after the start"));
	}

}
