package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.fixture.LogLines;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Partitions that come and go while their table is walked.
 */
@ExtendWith(PostgresExtension.class)
class ChangingPartitionsTests {

	private final TestDatabase database;

	private Backfilling backfill;

	ChangingPartitionsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path).before("""
				CREATE TABLE events (id int, part int, n int NOT NULL DEFAULT 0, PRIMARY KEY (id, part))
				PARTITION BY LIST (part);
				CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
				CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2);
				INSERT INTO events SELECT i, p FROM generate_series(1, 30) i, generate_series(1, 2) p;
				CREATE TABLE events_3 (LIKE events INCLUDING ALL);
				INSERT INTO events_3 SELECT i, 3 FROM generate_series(1, 30) i;""");
	}

	/** Works, and runs SQL behind the first batch. */
	private BackfillProgress work(String file, String sql) {
		this.backfill.file("-- tidemark: batch table=events size=10 max-size=10\n" + file);
		AtomicBoolean done = new AtomicBoolean();
		BackfillListener listener = new BackfillListener() {

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				if (done.compareAndSet(false, true)) {
					ChangingPartitionsTests.this.database.execute(sql);
				}
			}

		};
		return this.backfill.builder().backfillListener(listener).build().backfills().work(BackfillScope.ALL).get(0);
	}

	private static void assertThatItIsFinished(BackfillProgress ended) {
		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DROP TABLE events_1", "ALTER TABLE events DETACH PARTITION events_1",
			"ALTER TABLE events DETACH PARTITION events_1; ALTER TABLE events_1 RENAME TO gone" })
	void onePartitionThatGoesWhileItIsWalkedLeavesTheOthersToBeWalked(String sql) {
		try (LogLines log = LogLines.of("RangeWorker")) {
			assertThatItIsFinished(work("UPDATE events SET n = n + 1 WHERE {batch}", sql));

			assertThat(log.lines()).singleElement().asString().startsWith("WARN public.events_1 is not a part of");
		}
		assertThat(this.database.rows("SELECT part, n, count(*) FROM events GROUP BY 1, 2")).containsExactly("2|1|30");
	}

	@Test
	void rowsOfOneThatIsDetachedAreNotChangedAnyMore() {
		assertThatItIsFinished(
				work("UPDATE events SET n = n + 1 WHERE {batch}", "ALTER TABLE events DETACH PARTITION events_1"));

		assertThat(this.database.rows("SELECT n, count(*) FROM events_1 GROUP BY 1 ORDER BY 1")).containsExactly("0|20",
				"1|10");
	}

	@Test
	void oneThatGoesWhileItIsVerifiedLeavesTheOthersToBeVerified() {
		assertThatItIsFinished(
				work("-- tidemark: verify \"n = 1 OR part = 1\"\nUPDATE events SET n = 1 WHERE {batch} AND part = 2",
						"DROP TABLE events_1"));
	}

	@Test
	void oneThatIsAttachedMeanwhileIsNotWalkedWhichTheLogSays() {
		try (LogLines log = LogLines.of("BackfillEnd")) {
			assertThatItIsFinished(work("UPDATE events SET n = n + 1 WHERE {batch}",
					"ALTER TABLE events ATTACH PARTITION events_3 FOR VALUES IN (3)"));

			assertThat(log.has("WARN", "[public.events_3]", "has not walked them")).as(log.lines().toString()).isTrue();
		}
		assertThat(this.database.rows("SELECT part, n, count(*) FROM events GROUP BY 1, 2 ORDER BY 1"))
			.containsExactly("1|1|30", "2|1|30", "3|0|30");
	}

}
