package dev.tidemark.autoconfigure.background;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.jdbc.core.simple.JdbcClient;

import dev.tidemark.autoconfigure.fixture.StartedApplication;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
@Timeout(180)
class BackgroundTests {

	private static final String HISTORY = "SELECT version, state FROM tidemark_history ORDER BY rank";

	private static final String PROMETHEUS = "management.endpoints.web.exposure.include=health,migrations,prometheus";

	private final TestDatabase database;

	@TempDir
	private Path migrations;

	BackgroundTests(TestDatabase database) {
		this.database = database;
	}

	private void write(String name, String sql) throws IOException {
		Files.writeString(this.migrations.resolve(name), sql);
	}

	/** A migration waits in one attempt until it is let go. */
	private StartedApplication start(String... properties) {
		String[] all = Stream
			.concat(Stream.of("tidemark.mode=background", "tidemark.locations=filesystem:" + this.migrations,
					"tidemark.locks.timeout=60s"), Stream.of(properties))
			.toArray(String[]::new);
		return StartedApplication.web(Reader.class, this.database, all);
	}

	/** Has the first migration wait until the connection lets it go. */
	private Connection hold() throws IOException, SQLException {
		write("V1__a.sql", "CREATE TABLE a (x int); SELECT pg_advisory_xact_lock(7)");
		Connection connection = this.database.connect();
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
		}
		return connection;
	}

	private static void release(Connection hold) throws SQLException {
		try (Statement statement = hold.createStatement()) {
			statement.execute("SELECT pg_advisory_unlock(7)");
		}
	}

	private void awaitMigration() {
		await().until(() -> "1"
			.equals(this.database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")));
	}

	@Test
	void theWebServerIsUpAndTheApplicationAliveButNotReadyUntilTheMigrationsAreDone() throws Exception {
		try (Connection hold = hold(); StartedApplication application = start()) {
			awaitMigration();

			assertThat(application.get("health/liveness").status()).isEqualTo(200);
			assertThat(application.readiness()).isEqualTo(503);
			assertThat(application.get("migrations").body()).contains("\"state\":\"running\"");
			assertThat(application.get("health").body()).contains("\"migrations\"");
			release(hold);
			application.awaitStart();
			assertThat(application.readiness()).isEqualTo(200);
			assertThat(application.get("migrations").body()).contains("\"state\":\"up-to-date\"");
		}
	}

	@Test
	void endpointAndHealthSayWhatIsBeingDone() throws Exception {
		try (Connection hold = hold();
				StartedApplication application = start("management.endpoint.health.show-details=always")) {
			awaitMigration();

			assertThat(List.of("migrations", "migrations/1", "health"))
				.allSatisfy((path) -> assertThat(application.get(path).body()).contains(
						"\"current\":{\"state\":\"waiting-for-lock\"", "\"here\":true", "\"version\":\"1\"",
						"\"script\":\"" + this.migrations + "/V1__a.sql\"", "\"statement\":2", "\"statements\":2",
						"\"line\":1", "\"attempt\":1", "\"since\":\"20", "\"sinceMillis\":",
						"\"lock\":{\"kind\":\"advisory\""));
			release(hold);
			application.awaitStart();
			assertThat(application.get("migrations").body()).doesNotContain("\"current\":");
		}
	}

	@Test
	void healthSaysWhatIsBeingDoneInTenants() throws Exception {
		try (Connection hold = hold();
				StartedApplication application = start("tidemark.tenants.schemas=public",
						"management.endpoint.health.show-details=always")) {
			awaitMigration();

			assertThat(application.get("health").body()).contains("\"current\":{\"public\":{\"state\":\"running\"",
					"\"statement\":2");
			assertThat(application.get("migrations").body()).contains("\"schema\":\"public\",\"state\":\"running\"",
					"\"current\":{\"state\":\"running\"");
			release(hold);
			application.awaitStart();
		}
	}

	@Test
	void gaugesAreThereWhileTheFirstRunGoesOn() throws Exception {
		try (Connection hold = hold(); StartedApplication application = start(PROMETHEUS)) {
			awaitMigration();

			assertThat(application.get("prometheus").body()).contains(migrations("pending", 1), migrations("failed", 0),
					lastSuccess() + "0.0\n");
			release(hold);
			application.awaitStart();
			assertThat(application.get("prometheus").body())
				.contains(migrations("pending", 0), migrations("applied", 1))
				.doesNotContain(lastSuccess() + "0.0\n", "NaN");
		}
	}

	@Test
	void gaugesAreThereAfterAFailedFirstRun(CapturedOutput output) throws Exception {
		write("V1__a.sql", "CREATE TABLE a ()");
		write("V2__b.sql", "CREATE TABLE b (x nonsense)");
		write("V3__c.sql", "CREATE TABLE c ()");
		try (StartedApplication application = start(PROMETHEUS)) {
			await().until(() -> output.toString().contains("is not ready until it is started again"));

			assertThat(application.get("prometheus").body())
				.contains(migrations("applied", 1), migrations("failed", 1), migrations("pending", 1),
						lastSuccess() + "0.0\n")
				.doesNotContain("NaN");
		}
	}

	@Test
	void whereNoDatabaseWasFoundAGaugeSaysThatNoRunHasSucceeded(CapturedOutput output) throws Exception {
		try (StartedApplication application = start(PROMETHEUS,
				"tidemark.connection.url=jdbc:postgresql://localhost:1/x")) {
			await().until(() -> output.toString().contains("is not ready until it is started again"));

			assertThat(application.get("prometheus").body()).contains(
					"tidemark_last_success_seconds{database=\"unknown\",schema=\"unknown\",tidemark=\"tidemark\"} 0.0\n")
				.doesNotContain("tidemark_migrations{");
		}
	}

	private String migrations(String state, int count) {
		return "tidemark_migrations{database=\"" + this.database.name() + "\",schema=\"public\",state=\"" + state
				+ "\",tidemark=\"tidemark\"} " + count + ".0\n";
	}

	private String lastSuccess() {
		return "tidemark_last_success_seconds{database=\"" + this.database.name()
				+ "\",schema=\"public\",tidemark=\"tidemark\"} ";
	}

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.databases.one.schema=public", "tidemark.tenants.schemas=public",
			"spring.main.lazy-initialization=true" })
	void soItIsWithDatabasesWithTenantsAndWithBeansThatAreLazy(String property) throws Exception {
		try (Connection hold = hold(); StartedApplication application = start(property)) {
			awaitMigration();

			assertThat(application.readiness()).isEqualTo(503);
			release(hold);
			application.awaitStart();
			assertThat(application.readiness()).isEqualTo(200);
			assertThat(this.database.rows(HISTORY)).containsExactly("1|applied");
		}
	}

	@Test
	void aShutdownCancelsTenantsToo() throws Exception {
		try (Connection hold = hold()) {
			StartedApplication application = start("tidemark.tenants.schemas=public",
					"tidemark.background.shutdown-timeout=100ms");
			awaitMigration();

			application.close();

			assertThat(application.failure()).asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.TENANTS_FAILED);
			assertThat(this.database.rows(HISTORY)).containsExactly("1|failed");
			release(hold);
		}
	}

	@Test
	void afterAFailureTheApplicationStaysUpAndSaysWhatIsWrong(CapturedOutput output) throws Exception {
		write("V1__a.sql", "CREATE TABLE a (x nonsense)");
		StartedApplication application = start();
		try (application) {
			await().until(() -> output.toString().contains("is not ready until it is started again"));

			assertThat(application.get("health/liveness").status()).isEqualTo(200);
			assertThat(application.readiness()).isEqualTo(503);
			assertThat(application.get("migrations").body()).contains("\"state\":\"blocked\"", "TM-RUN-001");
			assertThat(output).contains("TM-RUN-001 A statement of version 1 failed.");
		}
		assertThat(application.failure()).isInstanceOf(TidemarkException.class);
	}

	@Test
	void aFailureMayEndTheApplication() throws Exception {
		write("V1__a.sql", "CREATE TABLE a (x nonsense)");
		StartedApplication application = start("tidemark.background.on-failure=exit");

		assertThat(application.failure()).asInstanceOf(throwable(TidemarkException.class))
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.STATEMENT);
		assertThat(application.context().isActive()).isFalse();
	}

	@Test
	void aFailureMayBeTriedAgain(CapturedOutput output) throws Exception {
		write("V1__a.sql", "CREATE TABLE a (x kind)");
		try (StartedApplication application = start("tidemark.background.on-failure=retry",
				"tidemark.background.retry-delay=50ms")) {
			await().until(() -> output.toString().contains("are tried again"));

			this.database.execute("CREATE TYPE kind AS ENUM ('small')");

			application.awaitStart();
			assertThat(application.readiness()).isEqualTo(200);
			assertThat(this.database.rows(HISTORY)).contains("1|failed").last().isEqualTo("1|applied");
		}
	}

	@Test
	void aShutdownLetsTheMigrationComeToItsEnd() throws Exception {
		try (Connection hold = hold()) {
			StartedApplication application = start("tidemark.background.shutdown-timeout=60s");
			awaitMigration();
			CompletableFuture<Void> closing = new CompletableFuture<>();
			application.context()
				.addApplicationListener((ApplicationListener<ContextClosedEvent>) (event) -> closing.complete(null));
			CompletableFuture<Void> closed = OwnThread.run(application::close);
			closing.get(60, TimeUnit.SECONDS);
			assertThat(closed).isNotDone();

			release(hold);

			closed.get(60, TimeUnit.SECONDS);
			assertThat(this.database.rows(HISTORY)).containsExactly("1|applied");
		}
	}

	@Test
	void aMigrationThatTakesTooLongForTheShutdownIsCancelledAndRecorded(CapturedOutput output) throws Exception {
		try (Connection hold = hold()) {
			StartedApplication application = start("tidemark.background.shutdown-timeout=100ms");
			awaitMigration();

			application.close();

			assertThat(application.failure()).asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.STATEMENT_TIMEOUT);
			assertThat(output).contains("is cancelled: the application shuts down");
			assertThat(this.database.rows(HISTORY)).containsExactly("1|failed");
			release(hold);
		}
		try (StartedApplication next = start()) {
			next.awaitStart();
			assertThat(this.database.rows(HISTORY)).containsExactly("1|failed", "1|applied");
		}
	}

	@Test
	void aShutdownEndsTheWaitForTheNextAttempt(CapturedOutput output) throws Exception {
		write("V1__a.sql", "CREATE TABLE a (x nonsense)");
		StartedApplication application = start("tidemark.background.on-failure=retry",
				"tidemark.background.retry-delay=1h");
		await().until(() -> output.toString().contains("are tried again in 3600 s"));

		application.close();

		assertThat(application.failure()).isInstanceOf(TidemarkException.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Reader {

		/** Fails if it runs before the migrations. */
		@Bean
		ApplicationRunner reader(JdbcClient jdbc) {
			return (arguments) -> jdbc.sql("SELECT count(*) FROM a").query(Long.class).single();
		}

	}

}
