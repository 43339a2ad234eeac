package dev.tidemark;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.LockRetry;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.test.PostgresExtension;
import dev.tidemark.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A migration that wants a lock while the application works.
 */
@ExtendWith(PostgresExtension.class)
class LiveLockTests {

	private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

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

	@Test
	@Timeout(60)
	void getsInSoonAfterTheHolderEndsAndHoldsNoReaderUp() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES (1); ALTER TABLE a ADD COLUMN y int");
		AtomicBoolean stop = new AtomicBoolean();
		AtomicInteger reads = new AtomicInteger();
		CompletableFuture<RunResult> run;
		List<CompletableFuture<Void>> readers = new ArrayList<>();
		try (Connection holder = holdTable()) {
			for (int i = 0; i < 4; i++) {
				readers.add(CompletableFuture.runAsync(() -> readUntil(stop, reads), this.threads));
			}
			run = CompletableFuture.supplyAsync(() -> tidemark().build().migrate(), this.threads);
			await().atMost(Duration.ofSeconds(30)).until(() -> this.waits.size() >= 3);
			assertThat(run).isNotDone();
			holder.rollback();
		}
		assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
		stop.set(true);
		for (CompletableFuture<Void> reader : readers) {
			reader.get(30, TimeUnit.SECONDS);
		}
		assertThat(reads.get()).isPositive();
		assertThat(this.database.value("SELECT count(*) FROM log")).isEqualTo("1");
	}

	/**
	 * A reader that waits for much longer than the lock timeout is cancelled, and fails.
	 */
	private void readUntil(AtomicBoolean stop, AtomicInteger reads) {
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SET statement_timeout = " + (LOCK_TIMEOUT.toMillis() + 1500));
			while (!stop.get()) {
				statement.execute("SELECT count(*) FROM a");
				reads.incrementAndGet();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
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
