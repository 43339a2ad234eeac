package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often a batch is tried that meets locks, or takes too long.
 */
@ExtendWith(PostgresExtension.class)
class AttemptsTests {

	private final TestDatabase database;

	private Backfilling backfill;

	AttemptsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private static final String MOVE = "UPDATE users SET n = n + 1 WHERE {batch}";

	@Test
	void aLockThatIsHeldForTooLongEndsItAfterItsAttempts() throws Exception {
		this.backfill.users(20)
			.file("-- tidemark: batch table=users attempts=2\n-- tidemark: lock-timeout=50ms\n" + MOVE);
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT 1 FROM users WHERE id = 3 FOR UPDATE");

			BackfillProgress ended = this.backfill.work();

			assertThat(ended.state()).isEqualTo(BackfillState.FAILED);
			assertThat(ended.problem().what()).contains("2 times in a row");
			assertThat(ended.problem().server().sqlState()).isEqualTo("55P03");
			other.rollback();
		}
		assertThat(this.database.value("SELECT sum(n) FROM users WHERE id >= 3")).isEqualTo("0");
	}

	@Test
	void aLockThatIsLeftInTimeIsWaitedForWithSmallerBatches() throws Exception {
		this.backfill.users(20)
			.file("-- tidemark: batch table=users attempts=9\n-- tidemark: lock-timeout=50ms\n" + MOVE);
		CompletableFuture<List<BackfillProgress>> work;
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT 1 FROM users WHERE id = 3 FOR UPDATE");
			work = this.backfill.begin(this.backfill.instance());
			Awaitility.await()
				.until(() -> !this.database
					.rows("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
					.isEmpty());
			other.rollback();
		}

		assertThat(work.get(20, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|20");
	}

	@Test
	void aBatchThatTakesTooLongIsHalvedUntilItDoesNot() {
		this.backfill.users(16)
			.file("-- tidemark: batch table=users size=16 max-size=16 target=50ms target-under-load=50ms attempts=9\n"
					+ "UPDATE users SET n = n + 1 WHERE {batch} AND pg_sleep(0.03) IS NOT NULL");

		BackfillProgress ended = this.backfill.work();

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().batches()).isGreaterThan(2);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|16");
	}

}
