package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Batches whose session ends, or which others hold up, again and again.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class LostBatchTests {

	private final TestDatabase database;

	LostBatchTests(TestDatabase database) {
		this.database = database;
	}

	private Backfills backfills(Path path, String backfill) {
		MigrationFolder folder = new MigrationFolder(path).add("V1__items.sql", """
				CREATE TABLE items (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
				INSERT INTO items SELECT generate_series(1, 100)""");
		folder.tidemark(this.database).build().migrate();
		folder.add("V2__count.backfill.sql", backfill);
		return folder.tidemark(this.database).build().backfills();
	}

	private static BackfillProgress work(Backfills backfills) {
		return backfills.work(BackfillScope.ALL).get(0);
	}

	@Test
	void aBatchThatEndsItsSessionEachTimeIsGivenUp(@TempDir Path path) {
		BackfillProgress ended = work(backfills(path, """
				-- tidemark: batch table=items by=id
				-- tidemark: size=40
				-- tidemark: max-size=40
				-- tidemark: attempts=2
				UPDATE items SET n = n + 1 WHERE {batch} AND (id <> 50 OR pg_terminate_backend(pg_backend_pid()))"""));
		assertThat(ended.state()).isEqualTo(BackfillState.FAILED);
		assertThat(ended.problem()).isNotNull();
		assertThat(this.database.rows("SELECT n, count(*) FROM items GROUP BY n ORDER BY n"))
			.isEqualTo(List.of("0|60", "1|40"));
		assertThat(ended.counts().rows()).isEqualTo(40);
	}

	@Test
	@Tag("proof")
	void aRowThatSomebodyLocksForSomeSecondsFailsNoBackfill(@TempDir Path path) throws Exception {
		Backfills backfills = backfills(path, """
				-- tidemark: batch table=items by=id
				UPDATE items SET n = n + 1 WHERE {batch}""");
		try (Connection application = this.database.connect(); Statement statement = application.createStatement()) {
			application.setAutoCommit(false);
			statement.execute("SELECT FROM items WHERE id = 50 FOR UPDATE");
			CompletableFuture<BackfillProgress> ended = OwnThread.supply(() -> work(backfills));
			// So long does the transaction of the application take.
			statement.execute("SELECT pg_sleep(8)");
			application.commit();
			assertThat(ended.get(40, TimeUnit.SECONDS).state()).isEqualTo(BackfillState.FINISHED);
		}
	}

}
