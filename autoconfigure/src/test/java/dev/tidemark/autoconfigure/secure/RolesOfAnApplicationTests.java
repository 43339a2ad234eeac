package dev.tidemark.autoconfigure.secure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * An application that works with data, a login that migrates, and the owner that this
 * login becomes.
 */
@ExtendWith(PostgresExtension.class)
class RolesOfAnApplicationTests {

	private final TestDatabase database;

	private final String owner;

	private final String login;

	private final String app;

	@TempDir
	private Path folder;

	RolesOfAnApplicationTests(TestDatabase database) {
		this.database = database;
		this.owner = "owner_" + database.name();
		this.login = "login_" + database.name();
		this.app = "app_" + database.name();
	}

	@BeforeEach
	void createRoles() throws IOException {
		this.database.execute("""
				CREATE ROLE %1$s NOLOGIN;
				CREATE ROLE %2$s LOGIN NOINHERIT PASSWORD 'login-pw' IN ROLE %1$s;
				CREATE ROLE %3$s LOGIN PASSWORD 'app-pw';
				GRANT CREATE ON DATABASE %4$s TO %1$s""".formatted(this.owner, this.login, this.app,
				this.database.name()));
		Files.writeString(this.folder.resolve("V1__a.sql"), """
				CREATE TABLE a (x int);
				GRANT USAGE ON SCHEMA shop TO %1$s;
				GRANT SELECT, INSERT, UPDATE, DELETE ON a TO %1$s""".formatted(this.app));
	}

	@AfterEach
	void dropRoles() {
		for (String role : new String[] { this.login, this.app, this.owner }) {
			this.database.execute("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
		}
	}

	private Map<String, Object> application() {
		return new HashMap<>(Map.of("spring.datasource.username", this.app, "spring.datasource.password", "app-pw",
				"tidemark.schema", "shop", "tidemark.locations", "filesystem:" + this.folder));
	}

	private Map<String, Object> migrating() {
		Map<String, Object> properties = application();
		properties.putAll(Map.of("tidemark.connection.user", this.login, "tidemark.connection.password", "login-pw",
				"tidemark.connection.role", this.owner));
		return properties;
	}

	@Test
	void theOwnerMigratesAndTheApplicationWorks() {
		try (SecureApplication application = SecureApplication.start(this.database, migrating())) {
			JdbcClient jdbc = application.context().getBean(JdbcClient.class);
			assertThat(jdbc.sql("INSERT INTO shop.a VALUES (1)").update()).isEqualTo(1);
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> jdbc.sql("DELETE FROM shop.tidemark_history").update())
				.withStackTraceContaining("permission denied");
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> jdbc.sql("SELECT count(*) FROM shop.tidemark_history").query().singleRow())
				.withStackTraceContaining("permission denied");
			assertThat(application.get("/actuator/migrations").body()).contains("\"state\":\"up-to-date\"");
			assertThat(application.get("/actuator/health").body()).contains("\"UP\"");
		}
		assertThat(this.database.rows("SELECT tableowner FROM pg_tables WHERE schemaname = 'shop'"))
			.containsOnly(this.owner);
		assertThat(this.database.rows("SELECT database_user FROM shop.tidemark_history")).containsExactly(this.login);
	}

	@Test
	void anApplicationWithoutThatLoginVerifiesOnceItMayLook() {
		SecureApplication.start(this.database, migrating()).close();
		Map<String, Object> verifying = application();
		verifying.put("tidemark.mode", "verify");

		Throwable failure = catchThrowable(() -> SecureApplication.start(this.database, verifying));

		assertThat(failure).hasStackTraceContaining(ErrorCode.HISTORY_ACCESS.code())
			.hasStackTraceContaining("GRANT SELECT ON TABLE \"shop\".\"tidemark_history\" TO \"" + this.app + "\";");
		this.database.execute("GRANT SELECT ON TABLE shop.tidemark_history TO " + this.app);
		try (SecureApplication application = SecureApplication.start(this.database, verifying)) {
			assertThat(application.get("/actuator/migrations").body()).contains("\"state\":\"up-to-date\"");
			assertThat(application.get("/actuator/migrations/1").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void anEndpointThatMayNotLookSaysSo() {
		SecureApplication.start(this.database, migrating()).close();
		Map<String, Object> off = application();
		off.put("tidemark.mode", "off");
		try (SecureApplication application = SecureApplication.start(this.database, off)) {
			assertThat(application.get("/actuator/migrations").body()).contains("\"state\":\"blocked\"")
				.contains("TM-HIS-001")
				.contains("GRANT SELECT ON TABLE");
		}
	}

	@Test
	void aRoleThatTheLoginMayNotBecomeStopsTheStart() {
		Map<String, Object> wrong = migrating();
		wrong.put("tidemark.connection.role", "postgres");

		Throwable failure = catchThrowable(() -> SecureApplication.start(this.database, wrong));

		assertThat(failure).hasStackTraceContaining(ErrorCode.ROLE_REFUSED.code())
			.hasStackTraceContaining(TidemarkException.class.getName());
	}

}
