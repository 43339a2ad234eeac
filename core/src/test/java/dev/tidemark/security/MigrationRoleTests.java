package dev.tidemark.security;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Three roles as a careful operator has them: an owner that cannot log in, a login that
 * has no right but to become the owner, and the application.
 */
@ExtendWith(PostgresExtension.class)
class MigrationRoleTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String OWNERS = """
			SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
			WHERE c.relnamespace = 'shop'::regnamespace""";

	private final TestDatabase database;

	private final String owner;

	private final String login;

	private final String app;

	private MigrationFolder folder;

	MigrationRoleTests(TestDatabase database) {
		this.database = database;
		this.owner = "owner_" + database.name();
		this.login = "login_" + database.name();
		this.app = "app_" + database.name();
	}

	@BeforeEach
	void createRoles(@TempDir Path path) {
		this.database.execute("""
				CREATE ROLE %1$s NOLOGIN;
				CREATE ROLE %2$s LOGIN NOINHERIT PASSWORD 'pw' IN ROLE %1$s;
				CREATE ROLE %3$s LOGIN PASSWORD 'pw';
				REVOKE CREATE ON SCHEMA public FROM PUBLIC;
				GRANT CREATE ON DATABASE %4$s TO %1$s""".formatted(this.owner, this.login, this.app,
				this.database.name()));
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	@AfterEach
	void dropRoles() {
		for (String role : new String[] { this.login, this.app, this.owner }) {
			this.database.execute("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
		}
	}

	private Tidemark.Builder tidemark() {
		return as(this.login).role(this.owner);
	}

	private Tidemark.Builder as(String user) {
		return Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), user, "pw"))
			.locations(this.folder.location())
			.schema("shop");
	}

	private void executeAs(String user, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.database.jdbcUrl(), user, "pw");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private String refusal(String user, String sql) {
		SQLException refusal = catchThrowableOfType(SQLException.class, () -> executeAs(user, sql));
		return (refusal != null) ? refusal.getSQLState() : "none";
	}

	@Test
	void allBelongsToTheRoleAndTheHistoryNamesTheLogin() {
		tidemark().build().migrate();

		assertThat(this.database.rows(OWNERS)).containsExactly(this.owner);
		assertThat(this.database.value("SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'shop'"))
			.isEqualTo(this.owner);
		assertThat(this.database.rows("SELECT DISTINCT database_user, installed_by FROM shop.tidemark_history"))
			.containsExactly(this.login + "|" + this.login);
	}

	@Test
	void theLoginAloneMayNothing() {
		assertThat(catchThrowableOfType(TidemarkException.class, () -> as(this.login).build().migrate()).code())
			.isEqualTo(ErrorCode.PRIVILEGE);
		tidemark().build().migrate();
		assertThat(catchThrowableOfType(TidemarkException.class, () -> as(this.login).build().migrate()).code())
			.isEqualTo(ErrorCode.HISTORY_ACCESS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT; RESET ROLE",
			"VACUUM; RESET ROLE", "BEGIN; RESET ROLE; COMMIT" })
	void aFileThatChangesTheRoleLeavesTheNextOneAsConfigured(String sql) {
		this.folder.add("V2__b.sql", sql)
			.add("V3__c.sql", "CREATE TABLE c ()")
			.add("R__v.sql", "CREATE VIEW v AS SELECT 1");

		tidemark().build().migrate();

		assertThat(this.database.rows(OWNERS)).containsExactly(this.owner);
		assertThat(this.database.value("SELECT count(*) FROM shop.tidemark_history WHERE state = 'applied'"))
			.isEqualTo("4");
	}

	@Test
	void aFailureAfterAChangeOfTheRoleIsRecorded() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int); VACUUM b; RESET ROLE; CREATE TABLE c ()");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.PRIVILEGE);
		assertThat(
				this.database.value("SELECT state || ' ' || statements_done FROM shop.tidemark_history WHERE rank = 2"))
			.isEqualTo("failed 2");
	}

	@Test
	void codeAndCallbacksAndInitSqlRunAsTheRole() {
		this.folder.add("afterMigrate.sql", "CREATE TABLE from_callback ()");

		tidemark().initSql("CREATE TEMPORARY TABLE first AS SELECT current_user AS who")
			.migration(new Code())
			.build()
			.migrate();

		assertThat(this.database.rows(OWNERS)).containsExactly(this.owner);
		assertThat(this.database.rows("SELECT * FROM shop.from_code")).containsExactly(this.owner + "|" + this.owner);
	}

	@Test
	void whatRanBeforeIsFoundByTheRole() {
		Tidemark tidemark = tidemark().build();
		tidemark.migrate();

		assertThat(tidemark.migrate().applied()).isEmpty();
		assertThat(tidemark.verify().database().user()).isEqualTo(this.owner);
		assertThat(tidemark.inspect(InspectRequest.everything().within(PATIENCE)).state())
			.isEqualTo(Inspection.State.UP_TO_DATE);
	}

	@Test
	void aBorrowedConnectionGoesBackAsTheLogin() throws SQLException {
		SingleConnectionDataSource dataSource = new SingleConnectionDataSource(this.database.jdbcUrl(), this.login,
				"pw", true);
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			Tidemark.builder(ConnectionSource.of(dataSource))
				.locations(this.folder.location())
				.schema("shop")
				.role(this.owner)
				.build()
				.migrate();

			var who = statement.executeQuery("SELECT current_user");
			who.next();
			assertThat(who.getString(1)).isEqualTo(this.login);
			assertThat(this.database.rows(OWNERS)).containsExactly(this.owner);
		}
		finally {
			dataSource.destroy();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgres", "no such role" })
	void aRoleThatTheLoginMayNotBecomeIsRefused(String role) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> as(this.login).role(role).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.ROLE_REFUSED);
		assertThat(failure).hasMessageContaining("GRANT \"" + role + "\" TO \"" + this.login + "\"");
		assertThat(this.database.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'shop'")).isEmpty();
		assertThat(as(this.login).role(role).build().inspect(InspectRequest.everything().within(PATIENCE)).problems())
			.extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.ROLE_REFUSED);
	}

	@Test
	void theApplicationWorksWithDataAndSeesNothingOfTheHistory() throws SQLException {
		this.folder.add("V2__grants.sql", "GRANT USAGE ON SCHEMA shop TO " + this.app
				+ "; GRANT SELECT, INSERT, UPDATE, DELETE ON a TO " + this.app);
		tidemark().build().migrate();

		executeAs(this.app, "INSERT INTO shop.a VALUES (1); UPDATE shop.a SET x = 2; DELETE FROM shop.a");
		assertThat(refusal(this.app, "TABLE shop.tidemark_history")).isEqualTo("42501");
		assertThat(refusal(this.app, "CREATE TABLE shop.b ()")).isEqualTo("42501");
		assertThat(refusal(this.app, "ALTER TABLE shop.a ADD y int")).isEqualTo("42501");
	}

	@Test
	void theMessageSaysWhatToGrantForALookAndThatIsEnough() throws SQLException {
		tidemark().build().migrate();
		Tidemark application = as(this.app).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, application::verify);

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_ACCESS);
		assertThat(application.inspect(InspectRequest.everything().within(PATIENCE)).state())
			.isEqualTo(Inspection.State.BLOCKED);
		assertThat(application.inspect(InspectRequest.everything().within(PATIENCE)).problems())
			.extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.HISTORY_ACCESS);
		assertThat(failure.problems().get(0).remedy())
			.contains("grant the right: SELECT on the table and USAGE on its schema");
		Matcher grant = Pattern.compile("GRANT [^;]*;").matcher(failure.problems().get(0).remedy());
		while (grant.find()) {
			this.database.execute(grant.group());
		}
		application.verify();
		assertThat(application.inspect(InspectRequest.everything().within(PATIENCE)).state())
			.isEqualTo(Inspection.State.UP_TO_DATE);
		assertThat(application.migrate().applied()).isEmpty();
		assertNoWrites();
	}

	private void assertNoWrites() {
		String history = "shop.tidemark_history";
		for (String sql : new String[] { "INSERT INTO " + history + " SELECT * FROM " + history,
				"UPDATE " + history + " SET state = 'applied'", "DELETE FROM " + history, "TRUNCATE " + history,
				"ALTER TABLE " + history + " ADD y int", "DROP TABLE " + history,
				"CREATE TRIGGER t AFTER INSERT ON " + history
						+ " EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
				"COMMENT ON TABLE " + history + " IS 'x'", "SET ROLE " + this.owner }) {
			assertThat(refusal(this.app, sql)).as(sql).isEqualTo("42501");
		}
	}

	@Test
	void whoMayLookMayNotMigrate() {
		tidemark().build().migrate();
		this.database.execute("GRANT USAGE ON SCHEMA shop TO %1$s; GRANT SELECT ON shop.tidemark_history TO %1$s"
			.formatted(this.app));
		this.folder.add("V2__b.sql", "SELECT 1");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> as(this.app).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_ACCESS);
		assertThat(failure).hasMessageContaining(
				"GRANT SELECT, INSERT, UPDATE ON TABLE \"shop\".\"tidemark_history\" TO \"" + this.app + "\";");
		assertNoWrites();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " IN SCHEMA shop" })
	void defaultPrivilegesGiveNobodyTheHistory(String where) throws SQLException {
		this.database.execute("""
				CREATE SCHEMA shop AUTHORIZATION %1$s;
				GRANT USAGE ON SCHEMA shop TO %2$s;
				ALTER DEFAULT PRIVILEGES FOR ROLE %1$s%3$s GRANT ALL ON TABLES TO %2$s;
				ALTER DEFAULT PRIVILEGES FOR ROLE %1$s%3$s GRANT ALL ON TABLES TO PUBLIC""".formatted(this.owner,
				this.app, where));

		tidemark().build().migrate();

		executeAs(this.app, "INSERT INTO shop.a VALUES (1); TABLE shop.tidemark_history");
		assertNoWrites();
		assertThat(refusal(this.login, "TABLE shop.tidemark_history")).isEqualTo("42501");
		assertThat(this.database.rows(
				"SELECT 1 FROM pg_class c, aclexplode(c.relacl) a WHERE relname = 'tidemark_history' AND grantee = 0"))
			.isEmpty();
	}

	@Test
	void whatIsGrantedOnTheHistoryItselfStays() {
		tidemark().build().migrate();
		this.database.execute("GRANT INSERT ON shop.tidemark_history TO " + this.app);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		tidemark().schemas(java.util.List.of("shop", "shop2")).build().migrate();

		assertThat(this.database
			.value("SELECT has_table_privilege('" + this.app + "', 'shop.tidemark_history', 'INSERT')")).isEqualTo("t");
	}

	private static final class Code implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("2");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.client().sql("CREATE TABLE from_code AS SELECT current_user AS code, who AS init FROM first").update();
		}

	}

}
