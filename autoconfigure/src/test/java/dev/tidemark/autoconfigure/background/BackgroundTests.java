package dev.tidemark.autoconfigure.background;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.test.OwnThread;
import dev.tidemark.test.PostgresExtension;
import dev.tidemark.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

@ExtendWith({ PostgresExtension.class, OutputCaptureExtension.class })
@Timeout(180)
class BackgroundTests {

	private static final String HISTORY = "SELECT version, state FROM tidemark_history ORDER BY rank";

	private final TestDatabase database;

	@TempDir
	private Path migrations;

	BackgroundTests(TestDatabase database) {
		this.database = database;
	}

	private void write(String name, String sql) throws IOException {
		Files.writeString(this.migrations.resolve(name), sql);
	}

	private BackgroundApplication start(String... properties) {
		return BackgroundApplication.start(this.database, this.migrations, properties);
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
		try (Connection hold = hold(); BackgroundApplication application = start()) {
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

	@ParameterizedTest
	@ValueSource(strings = { "tidemark.instances.one.schema=public", "tidemark.tenants.schemas=public",
			"spring.main.lazy-initialization=true" })
	void soItIsWithInstancesWithTenantsAndWithBeansThatAreLazy(String property) throws Exception {
		try (Connection hold = hold(); BackgroundApplication application = start(property)) {
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
			BackgroundApplication application = start("tidemark.tenants.schemas=public",
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
		BackgroundApplication application = start();
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
		BackgroundApplication application = start("tidemark.background.on-failure=exit");

		assertThat(application.failure()).asInstanceOf(throwable(TidemarkException.class))
			.extracting(TidemarkException::code)
			.isEqualTo(ErrorCode.STATEMENT);
		assertThat(application.context().isActive()).isFalse();
	}

	@Test
	void aFailureMayBeTriedAgain(CapturedOutput output) throws Exception {
		write("V1__a.sql", "CREATE TABLE a (x kind)");
		try (BackgroundApplication application = start("tidemark.background.on-failure=retry",
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
			BackgroundApplication application = start("tidemark.background.shutdown-timeout=60s");
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
			BackgroundApplication application = start("tidemark.background.shutdown-timeout=100ms");
			awaitMigration();

			application.close();

			assertThat(application.failure()).asInstanceOf(throwable(TidemarkException.class))
				.extracting(TidemarkException::code)
				.isEqualTo(ErrorCode.STATEMENT_TIMEOUT);
			assertThat(output).contains("is cancelled: the application shuts down");
			assertThat(this.database.rows(HISTORY)).containsExactly("1|failed");
			release(hold);
		}
		try (BackgroundApplication next = start()) {
			next.awaitStart();
			assertThat(this.database.rows(HISTORY)).containsExactly("1|failed", "1|applied");
		}
	}

	@Test
	void aShutdownEndsTheWaitForTheNextAttempt(CapturedOutput output) throws Exception {
		write("V1__a.sql", "CREATE TABLE a (x nonsense)");
		BackgroundApplication application = start("tidemark.background.on-failure=retry",
				"tidemark.background.retry-delay=1h");
		await().until(() -> output.toString().contains("are tried again in 3600 s"));

		application.close();

		assertThat(application.failure()).isInstanceOf(TidemarkException.class);
	}

}
