package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Files that say themselves how long their statements wait for locks. What is beside the
 * migrated schema writes down what they see.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class LockTimeoutDirectiveTests {

	private static final String SEE = "INSERT INTO beside.seen (value) VALUES (current_setting('lock_timeout'));\n";

	/**
	 * A sequence counts attempts that are rolled back, too. Which table will be locked is
	 * not known beforehand, so that the first attempt is made without a look.
	 */
	private static final String ATTEMPT = "SELECT nextval('beside.attempts');"
			+ " DO $$BEGIN EXECUTE 'LOCK TABLE ' || 'beside.held'; END$$;\n";

	private final TestDatabase database;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private MigrationFolder folder;

	LockTimeoutDirectiveTests(TestDatabase database) {
		this.database = database;
		database.execute("CREATE SCHEMA beside; CREATE TABLE beside.seen (id serial, value text);"
				+ " CREATE TABLE beside.held (); CREATE SEQUENCE beside.attempts");
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	@AfterEach
	void endThreads() {
		this.threads.shutdownNow();
	}

	private static String directive(String timeout) {
		return "-- tidemark: lock-timeout=" + timeout + "\n";
	}

	private Tidemark tidemark(Duration lockTimeout) {
		return this.folder.tidemark(this.database).lockTimeout(lockTimeout).build();
	}

	private List<String> seen() {
		return this.database.rows("SELECT value FROM beside.seen ORDER BY id");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-- tidemark: transaction=none\n", "SELECT 1; VACUUM beside.held;\n",
			"CALL beside.commits();\n" })
	void itCountsForAllStatementsOfItsFileAndForNoOther(String how) {
		this.database.execute("CREATE PROCEDURE beside.commits() LANGUAGE plpgsql AS $$BEGIN COMMIT; END$$");
		this.folder.add("V1__a.sql", SEE).add("V2__b.sql", directive("5s") + how + SEE + SEE).add("V3__c.sql", SEE);
		tidemark(Duration.ofSeconds(2)).migrate();

		assertThat(seen()).containsExactly("2s", "5s", "5s", "2s");
	}

	@Test
	void aRunThatGoesOnHasItAgain() {
		this.folder.add("V1__a.sql",
				directive("5s") + "-- tidemark: transaction=none\n" + SEE + "SELECT * FROM beside.later;\n" + SEE);
		catchThrowableOfType(TidemarkException.class, () -> tidemark(Duration.ofSeconds(2)).migrate());
		this.database.execute("CREATE TABLE beside.later ()");
		tidemark(Duration.ofSeconds(3)).migrate();

		assertThat(seen()).containsExactly("5s", "5s");
	}

	@Test
	void aConcurrentCommandInTheFileStillWaitsInTurn() {
		this.folder
			.add("V1__a.sql", "CREATE TABLE a (x int); CREATE FUNCTION see(x int) RETURNS int IMMUTABLE"
					+ " LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'waits %', current_setting('lock_timeout'); END$$;"
					+ " INSERT INTO a VALUES (1)")
			.add("V2__b.sql", directive("5s") + SEE + "CREATE INDEX CONCURRENTLY i ON a (see(x))");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark(Duration.ofSeconds(2)).migrate());

		assertThat(failure).hasMessageContaining("waits 0");
		assertThat(seen()).containsExactly("5s");
	}

	@Test
	void whatTheFileSetsItselfIsLeftToIt() {
		this.folder.add("V1__a.sql", directive("5s") + "SET lock_timeout = '7s';\n" + SEE);
		tidemark(Duration.ofSeconds(2)).migrate();

		assertThat(seen()).containsExactly("7s");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-- tidemark: transaction=none\n" })
	void callbacksHaveTheirOwnOrThatOfTheTransactionTheyRunIn(String how) {
		this.folder.add("V1__a.sql", directive("5s") + how + SEE)
			.add("beforeMigrate.sql", directive("3s") + SEE)
			.add("beforeEachMigrate.sql", directive("4s") + SEE)
			.add("afterEachMigrate.sql", SEE)
			.add("afterMigrate__a.sql", directive("6s") + how + SEE)
			.add("afterMigrate__b.sql", SEE);
		tidemark(Duration.ofSeconds(2)).migrate();

		assertThat(seen()).containsExactly("3s", "4s", "5s", "5s", "6s", "2s");
	}

	@Test
	void callbacksAfterAFailureHaveTheirOwn() {
		this.folder.add("V1__a.sql", directive("5s") + "SELECT * FROM nowhere")
			.add("afterEachMigrateError__a.sql", directive("3s") + SEE)
			.add("afterEachMigrateError__b.sql", directive("4s") + "SELECT * FROM nowhere")
			.add("afterEachMigrateError__c.sql", SEE);
		catchThrowableOfType(TidemarkException.class, () -> tidemark(Duration.ofSeconds(2)).migrate());

		assertThat(seen()).containsExactly("3s", "2s");
	}

	@Test
	void undoFilesOfOneTransactionHaveEachTheirOwn() {
		this.folder.add("V1__a.sql", "SELECT 1")
			.add("V2__b.sql", "SELECT 1")
			.add("V3__c.sql", "SELECT 1")
			.add("U2__b.sql", SEE)
			.add("U3__c.sql", directive("5s") + SEE);
		tidemark(Duration.ofSeconds(2)).migrate();
		undoTo1(tidemark(Duration.ofSeconds(2)));

		assertThat(seen()).containsExactly("5s", "2s");
	}

	private static void undoTo1(Tidemark tidemark) {
		tidemark.undo(UndoRequest.of(UndoSelection.to(MigrationVersion.of("1"))).allowingDataLoss("a test"));
	}

	/** Prepares a file that runs next, and returns what runs it. */
	private CompletableFuture<Void> run(String name, String content, Duration lockTimeout) {
		if (name.startsWith("U")) {
			this.folder.add("V1__a.sql", "SELECT 1").add("V2__b.sql", "SELECT 1");
			tidemark(Duration.ofSeconds(2)).migrate();
		}
		this.folder.add(name, content);
		Tidemark tidemark = tidemark(lockTimeout);
		return CompletableFuture.runAsync(() -> {
			if (name.startsWith("U")) {
				undoTo1(tidemark);
			}
			else {
				tidemark.migrate();
			}
		}, this.threads);
	}

	private Connection hold() throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT * FROM beside.held");
		}
		return connection;
	}

	private int attempts() {
		return Integer.parseInt(
				this.database.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM beside.attempts"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "V1__a.sql", "R__a.sql", "B1__a.sql", "U2__b.sql", "beforeMigrate.sql", "afterMigrate.sql" })
	void aShorterOneEndsTheAttemptSooner(String name) throws Exception {
		try (Connection holder = hold()) {
			CompletableFuture<Void> run = run(name, directive("20ms") + SEE + ATTEMPT, Duration.ofHours(1));
			await().until(() -> attempts() == 1 && isNobodyAtWork());
			holder.rollback();
			run.get(60, TimeUnit.SECONDS);
		}

		assertThat(seen()).containsExactly("20ms");
		assertThat(attempts()).isEqualTo(2);
	}

	private boolean isNobodyAtWork() {
		return this.database
			.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
					+ " AND pid <> pg_backend_pid() AND state = 'active'")
			.equals("0");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "V1__a.sql", "R__a.sql", "B1__a.sql", "U2__b.sql", "beforeMigrate.sql", "afterMigrate.sql" })
	void aLongerOneWaitsInOneAttempt(String name) throws Exception {
		try (Connection holder = hold()) {
			CompletableFuture<Void> run = run(name, directive("1h") + SEE + ATTEMPT, Duration.ofMillis(1));
			await().until(() -> this.database.value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("1"));
			holder.rollback();
			run.get(60, TimeUnit.SECONDS);
		}

		assertThat(seen()).containsExactly("1h");
		assertThat(attempts()).isOne();
	}

	@Test
	void aFailureNamesTheFileThatSaysIt() throws Exception {
		this.folder.add("V1__a.sql", directive("20ms") + "LOCK TABLE beside.held");
		try (Connection holder = hold()) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> this.folder.tidemark(this.database)
						.lockRetry(new LockRetry(Duration.ZERO))
						.build()
						.migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure.problems().get(0).remedy()).contains("raise lock-timeout at the head of ", "V1__a.sql")
				.doesNotContain("locks.timeout");
			assertThat(holder.isClosed()).isFalse();
		}
	}

}
