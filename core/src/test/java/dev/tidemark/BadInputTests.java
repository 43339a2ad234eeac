package dev.tidemark;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.ConnectionSource;
import dev.tidemark.test.PostgresExtension;
import dev.tidemark.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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

	private TidemarkException failure(Tidemark.Builder tidemark) {
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

	@Test
	void aHistoryThatSomebodyEdited() {
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("UPDATE tidemark_history SET state = 'done'");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
		assertThat(failure).hasMessageContaining("rank 1").hasMessageContaining("'done'");
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
			.hasMessageContaining("lock-timeout");
		assertThat(failure(this.folder.tidemark(this.database).historyTable(""))).hasMessageContaining("history-table");
		assertThat(failure(this.folder.tidemark(this.database).schema(""))).hasMessageContaining("schema");
		assertThat(failure(this.folder.tidemark(this.database).schemas(List.of("a", ""))))
			.hasMessageContaining("schemas");
		assertThat(failure(this.folder.tidemark(this.database).locations(List.of()))).hasMessageContaining("locations");
	}

	@Test
	void aServerThatGoesAwayInTheMiddle() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ();\nSELECT pg_terminate_backend(pg_backend_pid());");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(failure.problems().get(0).place().line()).isEqualTo(2);
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'b'")).isEmpty();
	}

	@Test
	void secretsInOddPlacesOfAUrlStayThere() {
		for (String url : List.of("jdbc:postgresql://me:wrong-secret@localhost:1/db",
				"jdbc:postgresql://localhost:1/db;password=wrong-secret",
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
			.hasMessageContaining("statement-timeout");
		assertThat(
				failure(this.folder.tidemark(this.database).lockTimeout(java.time.Duration.ofSeconds(Long.MAX_VALUE))))
			.hasMessageContaining("lock-timeout");
		assertThat(failure(this.folder.tidemark(this.database).schema("s".repeat(64)))).hasMessageContaining("schema");
	}

	@Test
	void initSqlThatLeavesATransactionOpen() {
		assertThat(failure(this.folder.tidemark(this.database).initSql("BEGIN")).code()).isEqualTo(ErrorCode.INIT_SQL);
	}

	@Test
	void aSettingThatTheDriverCannotRead() {
		this.folder.add("V2__b.sql", "SET datestyle = 'German'");

		TidemarkException failure = failure(this.folder.tidemark(this.database));

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(failure).hasMessageContaining("DateStyle");
	}

}
