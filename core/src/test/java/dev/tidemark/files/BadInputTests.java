package dev.tidemark.files;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Bad input gets its code and its message, changes nothing and gives no secret away.
 */
@ExtendWith(PostgresExtension.class)
class BadInputTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	BadInputTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()");
	}

	/** What was found before the run has changed nothing, as the message says. */
	private TidemarkException failure(Tidemark.Builder tidemark) {
		List<String> before = contents();
		TidemarkException failure = failureHalfway(tidemark);
		assertThat(contents()).isEqualTo(before);
		return failure;
	}

	/** All that a run could change, the history row by row, and what it could leave. */
	private List<String> contents() {
		List<String> contents = new ArrayList<>(this.database.rows("""
				SELECT n.nspname, c.relname, c.relkind, c.relnatts, obj_description(c.oid) FROM pg_class c
				JOIN pg_namespace n ON n.oid = c.relnamespace
				WHERE n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema' ORDER BY 1, 2"""));
		contents
			.addAll(this.database.rows("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%' ORDER BY 1"));
		if (this.database.value("SELECT to_regclass('public.tidemark_history')") != null) {
			contents.addAll(this.database.rows("SELECT h FROM public.tidemark_history h ORDER BY h::text"));
		}
		contents.addAll(this.database.rows("SELECT 'left: ' || objid FROM pg_locks WHERE locktype = 'advisory'"
				+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
		return contents;
	}

	private TidemarkException failureHalfway(Tidemark.Builder tidemark) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark.build().migrate());
		assertThat(failure.problems()).allSatisfy((problem) -> {
			assertThat(problem.what()).endsWith(".");
			assertThat(problem.state()).isNotBlank();
			assertThat(problem.remedy()).isNotBlank();
		});
		assertThat(Throwables.getStackTrace(failure)).doesNotContain(this.database.password(), "wrong-secret");
		return failure;
	}

	private ErrorCode codeFor(String url, String user, String password) {
		return failure(Tidemark.builder(ConnectionSource.of(url, user, password)).locations(this.folder.location()))
			.code();
	}

	private void assertUnchanged() {
		assertThat(this.database.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEmpty();
	}

	@Test
	void aWrongPassword() {
		assertThat(codeFor(this.database.jdbcUrl(), this.database.user(), "wrong-secret"))
			.isEqualTo(ErrorCode.AUTHENTICATION);
	}

	@Test
	void aPasswordInTheUrlIsASecretToo() {
		assertThat(codeFor(this.database.jdbcUrl() + "?user=postgres&password=wrong-secret", null, null))
			.isEqualTo(ErrorCode.AUTHENTICATION);
	}

	@Test
	void anUnknownUser() {
		assertThat(codeFor(this.database.jdbcUrl(), "nobody_here", "wrong-secret")).isEqualTo(ErrorCode.AUTHENTICATION);
	}

	@Test
	void anUnknownDatabase() {
		assertThat(codeFor(this.database.server().jdbcUrl("nowhere"), this.database.user(), this.database.password()))
			.isEqualTo(ErrorCode.DATABASE_MISSING);
	}

	@Test
	void noServer() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		TidemarkException failure = failure(Tidemark
			.builder(ConnectionSource.of("jdbc:postgresql://localhost:" + port + "/orders", "u", "wrong-secret"))
			.locations(this.folder.location()));

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
		assertThat(failure).hasMessageContaining("localhost:" + port + "/orders");
	}

	@Test
	void aDatabaseThatIsNotPostgresql() {
		assertThat(codeFor("jdbc:mysql://localhost/x?password=wrong-secret", "u", "p"))
			.isEqualTo(ErrorCode.NOT_POSTGRESQL);
	}

	@Test
	void aServerThatIsTooOld() throws IOException {
		try (OldServer server = new OldServer("13.22")) {
			TidemarkException failure = failure(Tidemark.builder(ConnectionSource.of(server.jdbcUrl(), "u", "p"))
				.locations(this.folder.location()));

			assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_TOO_OLD);
			assertThat(failure).hasMessageContaining("PostgreSQL 13").hasMessageContaining("14");
		}
	}

	@Test
	void aSchemaThatMayNotBeCreated() {
		assertThat(failure(this.folder.tidemark(this.database).schema("nowhere").createSchemas(false)).code())
			.isEqualTo(ErrorCode.SCHEMA_MISSING);
		assertThat(this.database.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'nowhere'")).isEmpty();
	}

	@Test
	void aSearchPathWithoutASchema() {
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET search_path = 'nowhere'");

		assertThat(failure(this.folder.tidemark(this.database)).code()).isEqualTo(ErrorCode.SCHEMA_MISSING);
	}

	@Test
	void aRoleWithoutRights() {
		String role = "weak_" + this.database.name();
		this.database
			.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'pw'; REVOKE CREATE ON SCHEMA public FROM public");
		try {
			assertThat(codeFor(this.database.jdbcUrl(), role, "pw")).isEqualTo(ErrorCode.PRIVILEGE);
			assertUnchanged();
		}
		finally {
			this.database.execute("DROP ROLE " + role);
		}
	}

	@Test
	void aRoleThatMayNotReadTheHistory() {
		String role = "weak_" + this.database.name();
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'pw'");
		try {
			assertThat(codeFor(this.database.jdbcUrl(), role, "pw")).isEqualTo(ErrorCode.HISTORY_ACCESS);
		}
		finally {
			this.database.execute("DROP ROLE " + role);
		}
	}

	@Test
	void aDatabaseThatAcceptsNoWrites() {
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET default_transaction_read_only = on");

		assertThat(failure(this.folder.tidemark(this.database)).code()).isEqualTo(ErrorCode.READ_ONLY);
		assertUnchanged();
	}

	@Test
	void aHistoryInAnotherSchemaOfTheSearchPath() {
		this.folder.tidemark(this.database).build().migrate();
		this.database
			.execute("CREATE SCHEMA mine; ALTER DATABASE " + this.database.name() + " SET search_path = mine, public");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_ELSEWHERE);
		assertThat(failure).hasMessageContaining("\"mine\"").hasMessageContaining("\"public\"");
	}

	@Test
	void aTableOfAnotherKindInThePlaceOfTheHistory() {
		this.database.execute("CREATE TABLE tidemark_history (id int)");

		assertThat(failure(this.folder.tidemark(this.database)).code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
	}

	@Test
	void aHistoryOfANewerLayout() {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("COMMENT ON TABLE tidemark_history IS 'Tidemark history, layout 7: anything'");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
		assertThat(failure).hasMessageContaining("layout 7");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "UPDATE tidemark_history SET state = 'done' | the state 'done'",
					"UPDATE tidemark_history SET kind = 'other', state = 'failed' | the kind 'other'",
					"UPDATE tidemark_history SET phase = 'later', state = 'failed' | the phase 'later'" })
	void aHistoryInWordsThatNobodyKnows(String sql, String named) {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute(sql);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_UNKNOWN);
		assertThat(failure).hasMessageContaining("rank 1").hasMessageContaining(named);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"ALTER TABLE tidemark_history ALTER state DROP NOT NULL; UPDATE tidemark_history SET state = NULL | state",
			"ALTER TABLE tidemark_history ALTER kind DROP NOT NULL; UPDATE tidemark_history SET kind = NULL | kind",
			"UPDATE tidemark_history SET version = 'one' | version 'one'",
			"UPDATE tidemark_history SET version = NULL | version",
			"UPDATE tidemark_history SET statements_done = -1 | statements_done",
			"UPDATE tidemark_history SET statements_done = 7 | statements_done" })
	void aHistoryThatSomebodyEdited(String sql, String named) {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute(sql);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
		assertThat(failure).hasMessageContaining("rank 1").hasMessageContaining(named);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE tidemark_history DROP COLUMN journal",
			"ALTER TABLE tidemark_history ALTER statements_done TYPE text USING 'some'",
			"ALTER TABLE tidemark_history DROP CONSTRAINT tidemark_history_pkey; "
					+ "ALTER TABLE tidemark_history ALTER rank TYPE text USING 'first'" })
	void aHistoryWhoseColumnsSomebodyChanged(String sql) {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute(sql);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(failure(this.folder.tidemark(this.database)).code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
	}

	@Test
	void aChecksumThatSomebodyEdited() {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("UPDATE tidemark_history SET checksum = 'md5:1'");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(failure).hasMessageContaining("md5:1");
	}

	@Test
	void aRowThatSomebodyRemoved() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").tidemark(this.database).build().migrate();
		this.database.execute("DELETE FROM tidemark_history WHERE rank = 1");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(failure).hasMessageContaining("Version 1 is pending, but version 2");
	}

	@Test
	void aViewInThePlaceOfTheHistory() {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("ALTER TABLE tidemark_history RENAME TO kept;"
				+ " CREATE VIEW tidemark_history AS SELECT rank, state FROM kept");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		assertThat(failure(this.folder.tidemark(this.database)).code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT", "SELECT, INSERT", "SELECT, UPDATE" })
	void aRoleThatMayNotWriteTheHistory(String rights) {
		this.folder.tidemark(this.database).build().migrate();
		String role = "weak_" + this.database.name();
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'pw'; GRANT ALL ON SCHEMA public TO " + role
				+ "; GRANT " + rights + " ON tidemark_history TO " + role);
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int); CREATE INDEX CONCURRENTLY b_x ON b (x)");
		try {
			TidemarkException failure = failure(
					Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "pw"))
						.locations(this.folder.location()));

			assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_ACCESS);
			assertThat(failure).hasMessageContaining("INSERT and UPDATE");
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@Test
	void aFileThatIsGoneWhileItWasRunning() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int); VACUUM b; CREATE TABLE c ()")
			.add("V3__c.sql", "CREATE TABLE d ()");
		leaveRunning();
		this.folder.remove("V2__b.sql");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.INTERRUPTED);
		assertThat(failure).hasMessageContaining("version 2")
			.hasMessageContaining("Its file is gone")
			.hasMessageContaining("1 of 3 statements is recorded as done")
			.hasMessageContaining("tidemark.resolve.rank=2");
	}

	/**
	 * The row of version 2 is the one of an instance that died after its first statement.
	 */
	private void leaveRunning() {
		this.folder.add("V3__c.sql", "SELECT 1 / 0");
		catchThrowableOfType(TidemarkException.class, () -> this.folder.tidemark(this.database).build().migrate());
		this.database.execute("""
				DELETE FROM tidemark_history WHERE rank = 3;
				UPDATE tidemark_history SET state = 'running', finished_at = NULL, statements_done = 1 WHERE rank = 2;
				DROP TABLE c""");
		this.folder.add("V3__c.sql", "CREATE TABLE d ()");
	}

	@Test
	void anOlderBuildOnTheDatabaseOfANewerOne(@TempDir Path newer) {
		this.folder.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one")
			.tidemark(this.database)
			.build()
			.migrate();
		new MigrationFolder(newer).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 2 AS one")
			.add("R__w.sql", "CREATE VIEW w AS SELECT 3")
			.tidemark(this.database)
			.build()
			.migrate();
		List<String> before = contents();

		RunResult result = this.folder.tidemark(this.database).build().migrate();

		assertThat(result.applied()).isEmpty();
		assertThat(result.warnings()).extracting((problem) -> problem.code(), (problem) -> problem.place().script())
			.contains(tuple(ErrorCode.AHEAD, newer + "/V2__b.sql"), tuple(ErrorCode.AHEAD, newer + "/R__w.sql"));
		assertThat(this.database.value("SELECT one FROM v")).isEqualTo("2");
		assertThat(contents()).isEqualTo(before);
	}

	@Test
	void anOlderBuildThatBringsALateVersion(@TempDir Path newer) {
		this.folder.add("V2__late.sql", "CREATE TABLE late ()");
		new MigrationFolder(newer).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V3__c.sql", "CREATE TABLE c ()")
			.tidemark(this.database)
			.build()
			.migrate();

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_ORDER);
		assertThat(failure).hasMessageContaining("Version 2 is pending, but version 3");
	}

	@Test
	void twoBuildsThatGaveOneVersionToDifferentFiles(@TempDir Path other) {
		new MigrationFolder(other).add("V1__a.sql", "CREATE TABLE b ()").tidemark(this.database).build().migrate();

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(failure).hasMessageContaining("V1__a.sql");
	}

	@Test
	void initSqlThatFails() {
		assertThat(failure(this.folder.tidemark(this.database).initSql("SET ROLE nobody_here")).code())
			.isEqualTo(ErrorCode.INIT_SQL);
		assertUnchanged();
	}

	@Test
	void filesThatAreWrongStopTheRunBeforeItsFirstChange() {
		this.folder.add("V2_b.sql", "")
			.add("V3__c.sql", "SELECT 'open")
			.add("V4__d.sql", new byte[] { 'x', (byte) 0xF8 });

		assertThat(failure(this.folder.tidemark(this.database)).problems()).extracting((problem) -> problem.code())
			.containsExactlyInAnyOrder(ErrorCode.FILE_NAME, ErrorCode.SYNTAX, ErrorCode.FILE_ENCODING);
		assertUnchanged();
	}

	@Test
	void settingsThatCannotBe() {
		assertThat(failure(this.folder.tidemark(this.database).lockTimeout(java.time.Duration.ofSeconds(-1))))
			.hasMessageContaining("locks.timeout");
		assertThat(failure(this.folder.tidemark(this.database).historyTable(""))).hasMessageContaining("history.table");
		assertThat(failure(this.folder.tidemark(this.database).schema(""))).hasMessageContaining("schema");
		assertThat(failure(this.folder.tidemark(this.database).schemas(List.of("a", ""))))
			.hasMessageContaining("schemas");
		assertThat(failure(this.folder.tidemark(this.database).locations(List.of()))).hasMessageContaining("locations");
	}

	@Test
	void aServerThatGoesAwayInTheMiddle() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ();\nSELECT pg_terminate_backend(pg_backend_pid());");

		TidemarkException failure = failureHalfway(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(failure.problems().get(0).place().line()).isEqualTo(2);
		assertThat(failure.problems().get(0).state()).contains("as it was before this migration");
		assertThat(this.database
			.rows("SELECT version, state, error_code, error_sqlstate FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied||", "2|failed|TM-DB-006|57P01");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'b'")).isEmpty();
	}

	@Test
	void secretsInOddPlacesOfAUrlStayThere() {
		for (String url : List.of("jdbc:postgresql://me:wrong-secret@localhost:1/db",
				"jdbc:postgresql://localhost:1?password=wrong-secret")) {
			assertThat(codeFor(url, "u", "p")).isEqualTo(ErrorCode.SETTING);
		}
		for (String url : List.of("jdbc:postgresql://localhost:1/db;password=wrong-secret",
				"jdbc:postgresql://localhost:1/db&password=wrong-secret")) {
			assertThat(codeFor(url, "u", "p")).isEqualTo(ErrorCode.CONNECTION_REFUSED);
		}
	}

	@Test
	void aDatabaseThatAcceptsNoWritesAnyMore() {
		this.folder.tidemark(this.database).build().migrate();
		this.folder.add("V2__b.sql", "SELECT 1");
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET default_transaction_read_only = on");

		assertThat(failure(this.folder.tidemark(this.database)).code()).isEqualTo(ErrorCode.READ_ONLY);
	}

	@Test
	void aSchemaThatIsMissingLater() {
		this.folder.tidemark(this.database).schemas(List.of("public")).build().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE late.b ()");
		Tidemark.Builder tidemark = this.folder.tidemark(this.database).schemas(List.of("public", "late"));

		assertThat(failure(tidemark.createSchemas(false)).code()).isEqualTo(ErrorCode.SCHEMA_MISSING);
		assertThat(tidemark.createSchemas(true).build().migrate().applied()).hasSize(1);
	}

	@Test
	void aSettingThatPostgresqlCannotTake() {
		assertThat(failure(this.folder.tidemark(this.database).statementTimeout(java.time.Duration.ofDays(30))))
			.hasMessageContaining("run.statement-timeout");
		assertThat(
				failure(this.folder.tidemark(this.database).lockTimeout(java.time.Duration.ofSeconds(Long.MAX_VALUE))))
			.hasMessageContaining("locks.timeout");
		assertThat(failure(this.folder.tidemark(this.database).schema("s".repeat(64)))).hasMessageContaining("schema");
	}

	@Test
	void initSqlThatLeavesATransactionOpen() {
		assertThat(failure(this.folder.tidemark(this.database).initSql("BEGIN")).code()).isEqualTo(ErrorCode.INIT_SQL);
	}

}
