package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The scan after the last batch.
 */
@ExtendWith(PostgresExtension.class)
class VerificationTests {

	private final TestDatabase database;

	private Backfilling backfill;

	VerificationTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	@Test
	void rowsThatDoNotSatisfyItAreCounted() {
		this.backfill.users(300).file("""
				-- tidemark: batch table=users size=40 max-size=40
				-- tidemark: verify "n = 1"
				UPDATE users SET n = n + 1 WHERE {batch} AND id <> ALL ('{5,250}')""");

		BackfillProgress ended = this.backfill.work();

		assertThat(ended.state()).isEqualTo(BackfillState.UNVERIFIED);
		assertThat(ended.counts().unverified()).isEqualTo(2);
		assertThat(ended.problem().code()).isEqualTo(ErrorCode.BACKFILL_UNVERIFIED);
		assertThat(this.database.rows("SELECT 1 FROM tidemark_history WHERE phase = 'backfill'")).isEmpty();
	}

	@Test
	@Timeout(30)
	void itIsNotSlowedDownByTheRowsThatItCountsAndSaysHowLongItTakes() {
		List<BackfillProgress> told = new CopyOnWriteArrayList<>();
		this.backfill.users(6000).file("""
				-- tidemark: batch table=users size=100 max-size=100 max-rows-per-second=100
				-- tidemark: verify "n = 1"
				UPDATE users SET n = n + 1 WHERE {batch} AND false""");
		this.database.execute("ANALYZE users");

		this.backfill.builder().backfillListener(new BackfillListener() {

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				if (progress.counts().unverified() != null) {
					told.add(progress);
				}
			}

		}).build().backfills().work(BackfillScope.ALL);

		assertThat(told).hasSizeGreaterThan(10);
		assertThat(told.get(1).speed().longest()).isPositive();
		assertThat(told.get(told.size() - 1).speed().longest()).isZero();
	}

	@Test
	void whatItCountsAreNoRowsThatWereChanged() {
		AtomicLong changed = new AtomicLong();
		this.backfill.users(30).file("""
				-- tidemark: batch table=users
				-- tidemark: verify "n = 1"
				UPDATE users SET n = n + 1 WHERE {batch} AND id > 10""");

		this.backfill.builder().backfillListener(new BackfillListener() {

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				changed.addAndGet(batch.rows());
			}

		}).build().backfills().work(BackfillScope.ALL);

		assertThat(changed).hasValue(20);
	}

	@Test
	void itIsVerifiedAgainWhenItIsResumed() {
		rowsThatDoNotSatisfyItAreCounted();
		this.database.execute("UPDATE users SET n = 1 WHERE n = 0");

		this.backfill.control(Action.RESUME);

		BackfillProgress ended = this.backfill.work();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().unverified()).isZero();
		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE phase = 'backfill'"))
			.containsExactly("applied");
	}

	@Test
	void eachBatchLooksAtItsPartitionAlone() {
		this.backfill
			.before("CREATE TABLE \"Events\" (id int NOT NULL, n int NOT NULL DEFAULT 0) PARTITION BY RANGE (id);"
					+ " CREATE TABLE events_1 PARTITION OF \"Events\" FOR VALUES FROM (0) TO (2000);"
					+ " CREATE TABLE events_2 PARTITION OF \"Events\" FOR VALUES FROM (2000) TO (9000);"
					+ " CREATE UNIQUE INDEX ON events_1 (id); CREATE UNIQUE INDEX ON events_2 (id);"
					+ " INSERT INTO \"Events\" SELECT generate_series(1, 2100)");
		this.backfill.file("""
				-- tidemark: batch table="Events" by=id
				-- tidemark: verify "\"\"Events\"\".n = 1"
				UPDATE "Events" SET n = n + 1 WHERE {batch}""");

		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.FINISHED);
	}

	@Test
	void theTableIsAnalyzedOnce() {
		this.backfill.users(300).file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");

		this.backfill.work();

		assertThat(this.database.value("SELECT reltuples FROM pg_class WHERE oid = 'users'::regclass"))
			.isEqualTo("300");
	}

	@Test
	void aPartitionThatIsAttachedMeanwhileIsVerifiedToo() {
		this.backfill.before("""
				CREATE TABLE events (id int, part int, n int NOT NULL DEFAULT 0, PRIMARY KEY (id, part))
				PARTITION BY LIST (part);
				CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
				CREATE TABLE events_2 (LIKE events INCLUDING ALL);
				INSERT INTO events SELECT i, 1 FROM generate_series(1, 10) i;
				INSERT INTO events_2 SELECT i, 2 FROM generate_series(1, 5) i;
				CREATE TABLE batches (at timestamptz DEFAULT now());
				CREATE FUNCTION attach() RETURNS trigger LANGUAGE plpgsql AS
				'BEGIN ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES IN (2); RETURN NULL; END';
				CREATE CONSTRAINT TRIGGER attach AFTER INSERT ON batches DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION attach();
				CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
				'BEGIN INSERT INTO batches DEFAULT VALUES; RETURN NULL; END';
				CREATE TRIGGER note AFTER UPDATE ON events FOR EACH STATEMENT EXECUTE FUNCTION note()""");
		this.backfill.file("""
				-- tidemark: batch table=events
				-- tidemark: verify "n = 1"
				UPDATE events SET n = n + 1 WHERE {batch}""");

		BackfillProgress ended = this.backfill.work();

		assertThat(ended.problem()).isNotNull();
		assertThat(ended.state()).as(ended.problem().toString()).isEqualTo(BackfillState.UNVERIFIED);
		assertThat(ended.counts().unverified()).isEqualTo(5);
	}

	@Test
	void theTimeThatIsLeftIsThatOfTheVerificationOrUnknown() {
		this.backfill.users(1000);
		this.database.execute("ANALYZE users");
		this.backfill.file("-- tidemark: batch table=users size=100 max-size=100\n-- tidemark: verify \"n = 1\"\n"
				+ "UPDATE users SET n = n + 1 WHERE {batch}");
		List<BackfillProgress> seen = new CopyOnWriteArrayList<>();
		BackfillListener listener = new BackfillListener() {

			@Override
			public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
				seen.add(progress);
			}

		};

		this.backfill.builder().backfillListener(listener).build().backfills().work(BackfillScope.ALL);

		assertThat(seen).hasSize(20);
		// What is left when rows are moved, and when half of them are verified.
		assertThat(seen.get(9).speed()).isNotNull().satisfies((speed) -> assertThat(speed.longest()).isNull());
		assertThat(seen.get(10).speed()).isNull();
		assertThat(seen.get(14).speed()).isNotNull().satisfies((speed) -> assertThat(speed.shortest()).isPositive());
		assertThat(seen.get(19).speed()).isNotNull().satisfies((speed) -> assertThat(speed.shortest()).isZero());
	}

}
