package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

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
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Somebody locks the history table in the middle of a file, so that Tidemark's own writes
 * wait.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class HistoryLockTests {

	private static final String NONE = "-- tidemark: transaction=none\n";

	private final TestDatabase database;

	private final List<LockWait> waits = new CopyOnWriteArrayList<>();

	private MigrationFolder folder;

	HistoryLockTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE TABLE log (x text);
				CREATE FUNCTION note(line text) RETURNS void LANGUAGE plpgsql SET lock_timeout = 0 AS $$
				BEGIN
				  PERFORM pg_advisory_xact_lock(4711);
				  INSERT INTO log VALUES (line);
				END $$""");
		tidemark().build().migrate();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).lockTimeout(Duration.ofMillis(300)).listener(new RunListener() {

			@Override
			public void lockNotGranted(LockWait wait) {
				HistoryLockTests.this.waits.add(wait);
			}

		});
	}

	/** Locks the history while a statement of the file runs. */
	private Connection lockTheHistoryInTheMiddle(Runnable begin) throws Exception {
		Connection history = this.database.connect();
		history.setAutoCommit(false);
		try (Connection gate = this.database.connect();
				Statement atGate = gate.createStatement();
				Statement statement = history.createStatement()) {
			atGate.execute("SELECT pg_advisory_lock(4711)");
			begin.run();
			await().atMost(Duration.ofSeconds(60))
				.until(() -> "1".equals(this.database
					.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 4711"
							+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")));
			statement.execute("SET application_name = 'archive'; LOCK TABLE tidemark_history IN SHARE MODE");
		}
		return history;
	}

	@ParameterizedTest
	@ValueSource(strings = { NONE + "SELECT note('one'); SELECT 1", NONE + "SELECT note('one')",
			"VACUUM log; SELECT note('one')", NONE + "DO $$ BEGIN PERFORM note('one'); COMMIT; END $$; SELECT 1" })
	void aWriteThatWaitsIsMadeAgainAndNotTheStatementBeforeIt(String file) throws Exception {
		this.folder.add("V2__b.sql", file);
		CompletableFuture<Void> run = new CompletableFuture<>();
		try (Connection history = lockTheHistoryInTheMiddle(() -> OwnThread.run(() -> tidemark().build().migrate())
			.whenComplete((done, failure) -> complete(run, failure)))) {
			await().atMost(Duration.ofSeconds(60)).until(() -> this.waits.size() >= 2);
			history.commit();
		}
		run.get(60, TimeUnit.SECONDS);

		assertThat(this.database.rows("SELECT x FROM log")).containsExactly("one");
		assertThat(this.database.value("SELECT state FROM tidemark_history WHERE rank = 2")).isEqualTo("applied");
	}

	private static void complete(CompletableFuture<Void> run, Throwable failure) {
		if (failure != null) {
			run.completeExceptionally(failure);
		}
		else {
			run.complete(null);
		}
	}

	@Test
	void thatItWasOurOwnWriteIsTold() throws Exception {
		this.folder.add("V2__b.sql", NONE + "SELECT note('one'); SELECT 1");
		CompletableFuture<TidemarkException> run = new CompletableFuture<>();
		try (Connection history = lockTheHistoryInTheMiddle(() -> OwnThread
			.supply(() -> catchThrowableOfType(TidemarkException.class,
					() -> tidemark().lockRetry(new LockRetry(Duration.ofSeconds(2))).build().migrate()))
			.thenAccept(run::complete))) {
			TidemarkException failure = run.get(60, TimeUnit.SECONDS);

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure)
				.hasMessageContaining("Tidemark's own write to the history \"public\".\"tidemark_history\"")
				.hasMessageContaining("archive");
			assertThat(failure.problems().get(0).state())
				.startsWith("1 of 2 statements of this file is done and stays.")
				.contains("That statement 1 is done could not be recorded");
			assertThat(history.isValid(5)).isTrue();
		}
		assertThat(this.database.rows("SELECT x FROM log")).containsExactly("one");
	}

}
