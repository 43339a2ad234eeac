package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.Replicas;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Many instances on one database.
 */
@ExtendWith(PostgresExtension.class)
class ReplicaTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	ReplicaTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	@Test
	@Timeout(180)
	void thirtyTwoInstancesApplyEachFileOnce() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); INSERT INTO a SELECT generate_series(1, 20000)")
			.add("V2__index.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x); REINDEX INDEX CONCURRENTLY a_x")
			.add("V3__row.sql", "INSERT INTO a VALUES (0)")
			.add("R__view.sql", "CREATE VIEW v AS SELECT count(*) FROM a");

		List<RunResult> results = Replicas.startAtOnce(32, () -> this.folder.tidemark(this.database).build().migrate());

		assertThat(results.stream().mapToInt((result) -> result.applied().size()).sum()).isEqualTo(4);
		assertThat(results).allSatisfy((result) -> assertThat(result.currentVersion()).hasToString("3"));
		assertThat(this.database.value("SELECT count FROM v")).isEqualTo("20001");
		assertThat(this.database.rows("SELECT state FROM tidemark_history")).containsOnly("applied").hasSize(4);
	}

	@Test
	void takesNoLockWhenNothingIsPending() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		this.folder.tidemark(this.database).build().migrate();
		try (Connection holder = holdInstanceLock()) {
			RunResult result = this.folder.tidemark(this.database).waitTimeout(Duration.ZERO).build().migrate();

			assertThat(result.applied()).isEmpty();
			assertThat(holder.isValid(5)).isTrue();
		}
	}

	@Test
	void givesUpWhenAnotherInstanceHoldsTheLockForTooLong() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		try (Connection holder = holdInstanceLock()) {
			int pid = holder.unwrap(org.postgresql.PGConnection.class).getBackendPID();

			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> this.folder.tidemark(this.database).waitTimeout(Duration.ofMillis(100)).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.INSTANCE_LOCK);
			assertThat(failure).hasMessageContaining("pid " + pid)
				.hasMessageContaining("SELECT pg_terminate_backend(" + pid + ");");
		}
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
	}

	@Test
	void takesOverWhenTheHolderIsKilled() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		Connection holder = holdInstanceLock();
		CompletableFuture<RunResult> waiting = OwnThread
			.supply(() -> this.folder.tidemark(this.database).build().migrate());
		await().until(() -> this.database.value("""
				SELECT count(*) FROM pg_stat_activity
				WHERE application_name = 'tidemark' AND query LIKE '%pg_try_advisory_lock%'""").equals("1"));
		this.database.execute("SELECT pg_terminate_backend("
				+ holder.unwrap(org.postgresql.PGConnection.class).getBackendPID() + ")");

		assertThat(waiting.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
	}

	@Test
	void whoDidNotSeeTheLastRowCannotWriteTheNext() throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
		// The migration itself plays the other instance, which wrote the same version
		// first.
		this.folder.add("V2__b.sql",
				"""
								INSERT INTO a VALUES (2);
										INSERT INTO tidemark_history
						SELECT (jsonb_populate_record(h, '{"rank": 2, "version": "2"}')).* FROM tidemark_history h WHERE rank = 1""");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_CONFLICT);
		assertThat(this.database.rows("SELECT x FROM a")).isEmpty();
		assertThat(this.database.rows("SELECT rank FROM tidemark_history")).containsExactly("1");
	}

	@Test
	void leavesNoLockBehind() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
				+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
			.isEmpty();
	}

	private Connection holdInstanceLock() throws SQLException {
		Connection connection = this.database.connect();
		try (Statement statement = connection.createStatement()) {
			// The documented key: the first eight bytes of the digest of the history's
			// name.
			statement.execute("SELECT pg_advisory_lock(('x' || encode(substring(sha256("
					+ "'tidemark \"public\".\"tidemark_history\"'::bytea) for 8), 'hex'))::bit(64)::bigint)");
		}
		return connection;
	}

}
