package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.testkit.LiveTraffic;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A migration that wants a lock while the application works.
 */
@ExtendWith(PostgresExtension.class)
class LiveLockTests {

	private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

	private static final Duration REPORT = Duration.ofSeconds(30);

	/** How long the traffic is measured before anybody migrates. */
	private static final Duration BASELINE = Duration.ofSeconds(5);

	/** Of a statement made of strings nobody knows beforehand what it locks. */
	private static final String UNKNOWN = "DO $$ BEGIN EXECUTE 'ALTER TABLE a ' || 'ADD COLUMN y int'; END $$";

	private final TestDatabase database;

	/** The common pool may have a single thread, which one reader would keep busy. */
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<LockWait> waits = new CopyOnWriteArrayList<>();

	private final List<LockLook> looks = new CopyOnWriteArrayList<>();

	private MigrationFolder folder;

	LiveLockTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int); CREATE TABLE log (x int)");
		tidemark().build().migrate();
	}

	@AfterEach
	void endThreads() {
		this.threads.shutdownNow();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).lockTimeout(LOCK_TIMEOUT).listener(new RunListener() {

			@Override
			public void lockLooked(LockLook look) {
				LiveLockTests.this.looks.add(look);
			}

			@Override
			public void lockNotGranted(LockWait wait) {
				LiveLockTests.this.waits.add(wait);
			}

		});
	}

	private Connection holdTable() throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET application_name = 'long report'; SELECT * FROM a");
		}
		return connection;
	}

	/**
	 * A read may have to wait for one attempt of the migration. It is made when nobody is
	 * in the way but transactions that end soon.
	 */
	@Test
	@Timeout(300)
	void getsInWithOneOrTwoAttemptsBehindAReport() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES (1); ALTER TABLE a ADD COLUMN y int");
		try (LiveTraffic traffic = traffic(Duration.ofMillis(20))) {
			Future<Long> report = traffic.report(Duration.ofSeconds(2));
			awaitReport();
			assertThat(tidemark().build().migrate().applied()).hasSize(1);

			assertThat(report.isDone()).isTrue();
			assertThat(traffic.reads()).isPositive();
		}
		assertThat(this.looks).isNotEmpty();
		assertThat(this.waits).hasSizeLessThan(2);
		assertThat(this.database.value("SELECT count(*) FROM log")).isEqualTo("1");
	}

	@Test
	@Tag("proof")
	@Timeout(300)
	void noReadWaitsLongForAMigrationBehindAReport() throws Exception {
		this.folder.add("V2__b.sql", "ALTER TABLE a ADD COLUMN y int");
		try (LiveTraffic traffic = traffic(Duration.ofMillis(20))) {
			Future<Long> report = traffic.report(REPORT);
			awaitReport();
			Duration baseline = traffic.slowestReadWithin(BASELINE);
			assertThat(migrate(LockRetry.DEFAULT_MAX_DURATION)).hasSize(1);
			Duration late = Duration.ofNanos(System.nanoTime() - report.get());
			Duration slowest = traffic.slowestRead();
			print("a report of " + REPORT.toSeconds() + " s, transactions of 20 ms", baseline, slowest, late);

			assertThat(this.waits).hasSizeLessThan(2);
			assertThat(slowest).isLessThanOrEqualTo(baseline.plusMillis(150));
			assertThat(late).isLessThanOrEqualTo(Duration.ofMillis(300));
		}
	}

	@Test
	@Tag("proof")
	@Timeout(300)
	void getsInBetweenTransactionsThatLeaveNoGap() throws Exception {
		this.folder.add("V2__b.sql", "ALTER TABLE a ADD COLUMN y int");
		try (LiveTraffic traffic = traffic(Duration.ofMillis(250))) {
			Duration baseline = traffic.slowestReadWithin(BASELINE);
			long start = System.nanoTime();
			assertThat(migrate(Duration.ofMinutes(1))).hasSize(1);
			print("transactions of 250 ms", baseline, traffic.slowestRead(),
					Duration.ofNanos(System.nanoTime() - start));
		}
	}

	/** Runs with the default settings. */
	private List<MigrationResult> migrate(Duration budget) {
		return tidemark().lockTimeout(SessionSettings.DEFAULT_LOCK_TIMEOUT)
			.lockRetry(new LockRetry(budget))
			.build()
			.migrate()
			.applied();
	}

	/** Four readers, two writers, and three sessions with a transaction always open. */
	private LiveTraffic traffic(Duration transactions) {
		this.database
			.execute("ALTER TABLE a ADD COLUMN id int; INSERT INTO a SELECT 0, n FROM generate_series(0, 99) n");
		return new LiveTraffic(this.database).readers(4).writers(2).transactions(3, transactions);
	}

	private void print(String what, Duration baseline, Duration slowest, Duration late) {
		System.out.println(
				"Live lock: " + what + ": slowest read " + slowest.toMillis() + " ms, before " + baseline.toMillis()
						+ " ms; " + (this.waits.size() + 1) + " attempts; applied after " + late.toMillis() + " ms");
	}

	private void awaitReport() {
		await().until(() -> "1".equals(this.database.value("""
				SELECT count(*) FROM pg_stat_activity
				WHERE application_name = 'long report' AND query LIKE 'SELECT pg_sleep%'""")));
	}

	/** The watch looks after a second at first, which is too late. */
	@Test
	@Timeout(60)
	void namesWhoIsInTheWayOfAFileThatSetsAShorterTimeout() throws Exception {
		this.folder.add("V2__b.sql", "SET lock_timeout = '150ms'; " + UNKNOWN);
		try (Connection holder = holdTable()) {
			CompletableFuture<RunResult> run = CompletableFuture
				.supplyAsync(() -> tidemark().lockTimeout(Duration.ofSeconds(5)).build().migrate(), this.threads);
			await().atMost(Duration.ofSeconds(30))
				.until(() -> this.waits.stream().anyMatch((wait) -> !wait.blockers().isEmpty()));
			holder.rollback();

			assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
		}
	}

	@Test
	@Timeout(60)
	void whereNobodyLookedNobodyIsSaidToBeGoneAndTheFileIsNamed() throws Exception {
		this.folder.add("V2__b.sql", "SET lock_timeout = '1ms';\n" + UNKNOWN);
		try (Connection holder = holdTable()) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().lockTimeout(Duration.ofSeconds(5))
						.lockRetry(new LockRetry(Duration.ZERO))
						.build()
						.migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure)
				.hasMessageContainingAll("sessions that were not looked for", "where the file sets it for itself",
						"V2__b.sql:1:1")
				.hasMessageNotContainingAny("gone before", "tidemark.locks.timeout");
			assertThat(holder.isClosed()).isFalse();
		}
	}

	@Test
	@Timeout(60)
	void namesWhoIsInTheWayWithEachAttempt() throws Exception {
		this.folder.add("V2__b.sql", UNKNOWN);
		try (Connection holder = holdTable()) {
			int pid = holder.unwrap(org.postgresql.PGConnection.class).getBackendPID();
			CompletableFuture<RunResult> run = CompletableFuture.supplyAsync(() -> tidemark().build().migrate(),
					this.threads);
			await().atMost(Duration.ofSeconds(30))
				.until(() -> this.waits.stream().anyMatch((wait) -> !wait.blockers().isEmpty()));
			holder.rollback();
			run.get(30, TimeUnit.SECONDS);

			assertThat(this.waits).anySatisfy((wait) -> {
				assertThat(wait.migration()).hasToString("2");
				assertThat(wait.blockers()).hasSize(1);
				assertThat(wait.blockers().get(0).pid()).isEqualTo(pid);
				assertThat(wait.blockers().get(0).application()).isEqualTo("long report");
				assertThat(wait.blockers().get(0).state()).isEqualTo("idle in transaction");
			});
		}
	}

	@Test
	void givesUpWhenTheBudgetIsSpentAndSaysWhy() throws SQLException {
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES (1); ALTER TABLE a ADD COLUMN y int");
		try (Connection holder = holdTable()) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().lockRetry(new LockRetry(Duration.ofSeconds(2))).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure).hasMessageContaining("It was tried ").hasMessageContaining("long report");
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied", "2|failed");
		assertThat(this.database.rows("SELECT x FROM log")).isEmpty();
	}

	@Test
	void aZeroBudgetIsASingleAttempt() throws SQLException {
		this.folder.add("V2__b.sql", "ALTER TABLE a ADD COLUMN y int");
		try (Connection holder = holdTable()) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().lockRetry(new LockRetry(Duration.ZERO)).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.waits).isEmpty();
	}

	@Test
	@Timeout(60)
	void repeatsOnlyTheSegmentThatDidNotGetItsLock() throws Exception {
		this.folder.add("V2__b.sql", """
				INSERT INTO log VALUES (1);
				VACUUM log;
				INSERT INTO log VALUES (2);
				%s;
				VACUUM log""".formatted(UNKNOWN));
		CompletableFuture<RunResult> run;
		try (Connection holder = holdTable()) {
			run = CompletableFuture.supplyAsync(() -> tidemark().build().migrate(), this.threads);
			await().atMost(Duration.ofSeconds(30)).until(() -> !this.waits.isEmpty());
			holder.rollback();
		}
		run.get(30, TimeUnit.SECONDS);

		assertThat(this.database.rows("SELECT x FROM log ORDER BY x")).containsExactly("1", "2");
		assertThat(this.database.rows("SELECT state, statements_done FROM tidemark_history WHERE rank = 2"))
			.containsExactly("applied|5");
	}

	@Test
	@Timeout(60)
	void aConcurrentIndexWaitsLongerThanTheLockTimeout() throws Exception {
		this.folder.add("V2__b.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x)");
		CompletableFuture<RunResult> run;
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO a VALUES (1)");
			run = CompletableFuture.supplyAsync(() -> tidemark().build().migrate(), this.threads);
			// Twice the timeout on the server's own clock.
			await().atMost(Duration.ofSeconds(30)).until(() -> "t".equals(this.database.value("""
					SELECT bool_or(clock_timestamp() - query_start > interval '600 ms') FROM pg_stat_activity
					WHERE application_name = 'tidemark' AND query LIKE 'CREATE INDEX%'""")));
			writer.commit();
		}
		run.get(30, TimeUnit.SECONDS);

		assertThat(this.waits).isEmpty();
		assertThat(this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_x'::regclass"))
			.isEqualTo("t");
	}

	@Test
	@Timeout(60)
	void aConcurrentIndexIsNotTriedAgainWhenItsOwnTimeoutIsOver() throws Exception {
		this.folder.add("V2__b.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x)");
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO a VALUES (1)");
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().concurrentLockTimeout(Duration.ofMillis(100)).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure).hasMessageContaining("tidemark.locks.concurrent-timeout");
			writer.commit();
		}
		assertThat(this.waits).isEmpty();
	}

	/** Nobody who reads or writes has to wait behind it. */
	@Test
	@Timeout(60)
	void aValidationWaitsLongerThanTheLockTimeoutInOneAttempt() throws Exception {
		this.database.execute("ALTER TABLE a ADD CONSTRAINT positive CHECK (x > 0) NOT VALID");
		this.folder.add("V2__b.sql", "ALTER TABLE a VALIDATE CONSTRAINT positive");
		CompletableFuture<RunResult> run;
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("LOCK TABLE a IN SHARE UPDATE EXCLUSIVE MODE");
			run = CompletableFuture.supplyAsync(() -> tidemark().build().migrate(), this.threads);
			// Twice the timeout on the server's own clock.
			await().atMost(Duration.ofSeconds(30)).until(() -> "t".equals(this.database.value("""
					SELECT bool_or(clock_timestamp() - query_start > interval '600 ms') FROM pg_stat_activity
					WHERE application_name = 'tidemark' AND query LIKE '%VALIDATE%' AND wait_event_type = 'Lock'""")));
			holder.rollback();
		}

		assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
		assertThat(this.looks).isEmpty();
		assertThat(this.waits).isEmpty();
	}

	@Test
	@Timeout(90)
	void whatClearsUpBehindAnInterruptedRunLooksToo() throws Exception {
		this.database.execute("CREATE TABLE parent (x int) PARTITION BY RANGE (x);"
				+ " CREATE TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (1)");
		this.folder.add("V2__b.sql", "ALTER TABLE parent DETACH PARTITION child CONCURRENTLY");
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("SELECT * FROM parent");
			CompletableFuture<Void> run = CompletableFuture.runAsync(
					() -> catchThrowableOfType(TidemarkException.class, tidemark().build()::migrate), this.threads);
			await().atMost(Duration.ofSeconds(30))
				.until(() -> !this.database.rows("SELECT FROM pg_inherits WHERE inhdetachpending").isEmpty());
			this.database
				.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark'");
			run.get(30, TimeUnit.SECONDS);
			run = CompletableFuture.runAsync(() -> tidemark().build().migrate(), this.threads);
			await().atMost(Duration.ofSeconds(30)).until(() -> !this.looks.isEmpty());
			holder.rollback();
			run.get(30, TimeUnit.SECONDS);
		}
		assertThat(this.database.rows("SELECT FROM pg_inherits WHERE inhrelid = 'child'::regclass")).isEmpty();
		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE version = '2' ORDER BY rank"))
			.containsExactly("interrupted", "applied");
	}

}
