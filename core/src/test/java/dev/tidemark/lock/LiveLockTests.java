package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.settings.LockRetry;
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

	/** How long a report holds the table: short in each build, real with -Pchaos. */
	private static final Duration REPORT = Duration.parse(System.getProperty("tidemark.live-lock.report", "PT2S"));

	private static final Duration REPORT_LOCK_TIMEOUT = Duration
		.parse(System.getProperty("tidemark.live-lock.timeout", "PT0.3S"));

	/**
	 * On a machine that does other work too, a thread of this test may get its turn late.
	 */
	private static final Duration ALLOWANCE = Duration.ofMillis(1500);

	private final TestDatabase database;

	/** The common pool may have a single thread, which one reader would keep busy. */
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<LockWait> waits = new CopyOnWriteArrayList<>();

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
	 * The longest a reader may wait is one attempt of the migration, since it does not
	 * queue again before a pause in which all readers pass. The migration may be pausing
	 * when the report ends.
	 */
	@Test
	@Timeout(300)
	void getsInSoonAfterAReportEndsAndHoldsNoReaderUpForLonger() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES (1); ALTER TABLE a ADD COLUMN y int");
		AtomicBoolean stop = new AtomicBoolean();
		List<CompletableFuture<LongSummaryStatistics>> readers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			readers.add(CompletableFuture.supplyAsync(() -> readUntil(stop), this.threads));
		}
		CompletableFuture<Long> reportEnd = CompletableFuture.supplyAsync(this::report, this.threads);
		awaitReport();
		CompletableFuture<Long> runEnd = CompletableFuture.supplyAsync(() -> {
			assertThat(tidemark().lockTimeout(REPORT_LOCK_TIMEOUT).build().migrate().applied()).hasSize(1);
			return System.nanoTime();
		}, this.threads);
		Duration late = Duration.ofNanos(runEnd.get() - reportEnd.get());
		stop.set(true);
		LongSummaryStatistics reads = new LongSummaryStatistics();
		for (CompletableFuture<LongSummaryStatistics> reader : readers) {
			reads.combine(reader.get());
		}
		System.out
			.println("Live lock: report of " + REPORT.toMillis() + " ms, lock timeout " + REPORT_LOCK_TIMEOUT.toMillis()
					+ " ms: " + reads.getCount() + " reads, the slowest " + reads.getMax() / 1_000_000 + " ms; "
					+ this.waits.size() + " attempts failed; applied " + late.toMillis() + " ms after the report");

		assertThat(this.waits).isNotEmpty();
		assertThat(reads.getCount()).isPositive();
		assertThat(Duration.ofNanos(reads.getMax())).isLessThan(REPORT_LOCK_TIMEOUT.plus(ALLOWANCE));
		assertThat(late).isLessThan(longestPause().plus(ALLOWANCE));
		assertThat(this.database.value("SELECT count(*) FROM log")).isEqualTo("1");
	}

	private Long report() {
		try (Connection connection = holdTable(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_sleep(" + REPORT.toMillis() / 1000.0 + ")");
			connection.rollback();
			return System.nanoTime();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void awaitReport() {
		await().until(() -> "1".equals(this.database.value("""
				SELECT count(*) FROM pg_stat_activity
				WHERE application_name = 'long report' AND query LIKE 'SELECT pg_sleep%'""")));
	}

	/** Returns how long each read took, in nanoseconds. */
	private LongSummaryStatistics readUntil(AtomicBoolean stop) {
		LongSummaryStatistics durations = new LongSummaryStatistics();
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			while (!stop.get()) {
				long start = System.nanoTime();
				statement.execute("SELECT count(*) FROM a");
				durations.accept(System.nanoTime() - start);
				statement.execute("SELECT pg_sleep(0.005)");
			}
			return durations;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Duration longestPause() {
		return this.waits.stream().map(LockWait::pause).max(Comparator.naturalOrder()).orElseThrow();
	}

	/** The watch looks after half the time-out of the run at first, which is too late. */
	@Test
	@Timeout(60)
	void namesWhoIsInTheWayOfAFileThatSetsAShorterTimeout() throws Exception {
		this.folder.add("V2__b.sql", "SET lock_timeout = '150ms'; ALTER TABLE a ADD COLUMN y int");
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
		this.folder.add("V2__b.sql", "SET lock_timeout = '1ms';\nALTER TABLE a ADD COLUMN y int");
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
		this.folder.add("V2__b.sql", "ALTER TABLE a ADD COLUMN y int");
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
			assertThat(failure).hasMessageContaining("times in").hasMessageContaining("long report");
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.waits).isNotEmpty();
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
				ALTER TABLE a ADD COLUMN y int;
				VACUUM log""");
		CompletableFuture<RunResult> run;
		try (Connection holder = holdTable()) {
			run = CompletableFuture.supplyAsync(() -> tidemark().build().migrate(), this.threads);
			await().atMost(Duration.ofSeconds(30)).until(() -> this.waits.size() >= 2);
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
	@Timeout(90)
	void whatClearsUpBehindAnInterruptedRunIsTriedAgainToo() throws Exception {
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
			await().atMost(Duration.ofSeconds(30)).until(() -> this.waits.size() >= 2);
			holder.rollback();
			run.get(30, TimeUnit.SECONDS);
		}
		assertThat(this.database.rows("SELECT FROM pg_inherits WHERE inhrelid = 'child'::regclass")).isEmpty();
		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE version = '2' ORDER BY rank"))
			.containsExactly("interrupted", "applied");
	}

}
