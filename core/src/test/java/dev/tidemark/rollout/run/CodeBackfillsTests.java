package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.ConnectionCallback;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Backfills in Java, batch by batch.
 */
@ExtendWith(PostgresExtension.class)
class CodeBackfillsTests {

	private static final String EACH_ONCE = "SELECT n, count(*) FROM users GROUP BY 1";

	private final TestDatabase database;

	private Backfilling backfill;

	CodeBackfillsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private Tidemark instance(MovingCode code) {
		return this.backfill.builder().backfill(code).build();
	}

	private BackfillProgress work(MovingCode code) {
		return instance(code).backfills().work(BackfillScope.ALL).get(0);
	}

	private Problem failed(MovingCode code) {
		BackfillProgress ended = work(code);
		assertThat(ended.state()).isEqualTo(BackfillState.FAILED);
		Problem problem = ended.problem();
		assertThat(problem).isNotNull();
		return problem;
	}

	@Test
	void itIsCalledForTheRowsOfEachBatch() {
		this.backfill.users(250);
		MovingCode code = new MovingCode(100, (batch, jdbc) -> {
			jdbc.client().sql("UPDATE users AS \"U\" SET n = n + 1 WHERE " + batch.condition("U")).update();
			jdbc.operations().update("UPDATE users SET n = n + 1 WHERE " + batch.condition());
		}).verifying("n = 2");

		BackfillProgress ended = work(code);

		assertThat(ended.problem()).isNull();
		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(500);
		assertThat(ended.counts().keys()).isEqualTo(250);
		assertThat(ended.counts().unverified()).isZero();
		assertThat(code.calls()).isEqualTo(3);
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("2|250");
		assertThat(this.database.rows("SELECT phase, state FROM tidemark_history WHERE version = '2'"))
			.containsExactly("backfill|applied");
	}

	@Test
	void singleKeysAreReadWhenItAsksForThem() {
		this.backfill.before("CREATE TABLE users (tenant int, \"Id\" text, n int NOT NULL DEFAULT 0,"
				+ " PRIMARY KEY (tenant, \"Id\")); INSERT INTO users VALUES (2, 'b'), (1, 'x'), (2, 'a')");
		List<List<Object>> keys = Collections.synchronizedList(new ArrayList<>());

		BackfillProgress ended = work(new MovingCode(2, (batch, jdbc) -> {
			keys.addAll(batch.keys());
			assertThat(batch.keys()).isSameAs(batch.keys());
			jdbc.operations()
				.batchUpdate("UPDATE users SET n = n + 1 WHERE tenant = ? AND \"Id\" = ?",
						batch.keys().stream().map(List::toArray).toList());
		}));

		assertThat(ended.problem()).isNull();
		assertThat(keys).containsExactly(List.of(1, "x"), List.of(2, "a"), List.of(2, "b"));
		assertThat(ended.counts().rows()).isEqualTo(3);
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("1|3");
	}

	@Test
	void singleKeysAreThoseOfOnePartition() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0) PARTITION BY HASH (id);"
				+ " CREATE TABLE users_0 PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
				+ " CREATE TABLE users_1 PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
				+ " INSERT INTO users SELECT generate_series(1, 50)");
		List<Object> keys = Collections.synchronizedList(new ArrayList<>());

		work(new MovingCode(10, (batch, jdbc) -> batch.keys().forEach((key) -> keys.add(key.get(0)))));

		assertThat(keys).hasSize(50).doesNotHaveDuplicates();
	}

	@Test
	void aTableWithoutAKeyHasNoSingleKeys() {
		this.backfill.before("CREATE TABLE users (n int); INSERT INTO users VALUES (1)");

		Problem problem = failed(new MovingCode(10, (batch, jdbc) -> batch.keys()));

		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_TABLE);
		assertThat(problem.what()).contains("no key");
	}

	@Test
	void severalWorkersCallItForRangesOfTheirOwn() {
		this.backfill.users(400);

		BackfillProgress ended = work(
				new MovingCode(20, (batch, jdbc) -> jdbc.operations().update(MovingCode.MOVE + batch.condition()))
					.workers(3));

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.counts().rows()).isEqualTo(400);
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("1|400");
	}

	@Test
	void whatItThrowsIsTriedAgainAndThenAFailure() {
		this.backfill.users(10);
		MovingCode code = new MovingCode(10, (batch, jdbc) -> {
			jdbc.operations().update(MovingCode.MOVE + batch.condition());
			throw new IllegalStateException("the service is away");
		});

		Problem problem = failed(code);

		assertThat(code.calls()).isEqualTo(2);
		assertThat(problem.code()).isEqualTo(ErrorCode.BACKFILL_FAILED);
		assertThat(problem.what()).contains("code of backfill 2", "IllegalStateException: the service is away");
		assertThat(problem.state()).contains("No batch is committed");
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("0|10");
	}

	@Test
	void aRowThatBreaksARuleIsLeftOutByItsKey() {
		this.backfill
			.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0 CHECK (n < 1 OR id <> 33),"
					+ " secret text DEFAULT 'hidden'); INSERT INTO users SELECT generate_series(1, 100)");

		BackfillProgress ended = work(
				new MovingCode(40, (batch, jdbc) -> jdbc.operations().update(MovingCode.MOVE + batch.condition()))
					.leavingOutBadRows());

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.badRows()).extracting((row) -> row.key().get(0)).containsExactly("33");
		assertThat(ended.badRows().toString()).doesNotContain("hidden");
		assertThat(this.database.rows(EACH_ONCE + " ORDER BY 1")).containsExactly("0|1", "1|99");
	}

	@Test
	void itCannotCommitByTheConnection() {
		this.backfill.users(10);

		Problem problem = failed(new MovingCode(10, (batch, jdbc) -> {
			jdbc.operations().update(MovingCode.MOVE + batch.condition());
			jdbc.operations().execute((ConnectionCallback<Void>) (connection) -> {
				connection.commit();
				return null;
			});
		}));

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_TRANSACTION);
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("0|10");
	}

	@Test
	void aCommitBySqlIsFoundOutAndEndsTheBackfill() {
		this.backfill.users(20);
		MovingCode code = new MovingCode(10, (batch, jdbc) -> {
			jdbc.operations().update(MovingCode.MOVE + batch.condition());
			jdbc.operations().execute("COMMIT");
		});

		Problem problem = failed(code);

		assertThat(code.calls()).isEqualTo(1);
		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(problem.state()).contains("stays");
		assertThat(this.database.rows(EACH_ONCE + " ORDER BY 1")).containsExactly("0|10", "1|10");
	}

	@Test
	void aRollbackBySqlAndAFailureThatIsCaughtAreToldOf() {
		this.backfill.users(10);
		assertThat(failed(new MovingCode(10, (batch, jdbc) -> jdbc.operations().execute("ROLLBACK"))).what())
			.contains("ended the transaction");
		this.backfill.builder().backfill(new MovingCode(10, (batch, jdbc) -> {
		})).build().backfills().control(Backfilling.decision(Action.RESUME));

		Problem problem = failed(new MovingCode(10, (batch, jdbc) -> {
			try {
				jdbc.operations().execute("SELECT missing");
			}
			catch (RuntimeException ex) {
				// As code does that knows better.
			}
		}));

		assertThat(problem.what()).contains("went on after a statement had failed");
	}

	@Test
	void itIsInterruptedWhenItsInstanceStopsAndGoesOnElsewhere() throws Exception {
		this.backfill.users(30);
		CountDownLatch second = new CountDownLatch(2);
		AtomicBoolean hangs = new AtomicBoolean(true);
		MovingCode code = new MovingCode(10, (batch, jdbc) -> {
			jdbc.operations().update(MovingCode.MOVE + batch.condition());
			second.countDown();
			if (second.getCount() == 0 && hangs.get()) {
				new CountDownLatch(1).await();
			}
		});
		Tidemark instance = instance(code);
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(instance);
		assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();

		instance.backfills().stop();

		BackfillProgress left = work.get(2, TimeUnit.SECONDS).get(0);
		assertThat(left.state()).isEqualTo(BackfillState.RUNNING);
		assertThat(left.counts().batches()).isEqualTo(1);
		assertThat(this.database.rows(EACH_ONCE + " ORDER BY 1")).containsExactly("0|20", "1|10");
		hangs.set(false);
		assertThat(work(code).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("1|30");
	}

	@Test
	void itEndsAfterItsBatchWhenAPersonCancelsIt() throws Exception {
		this.backfill.users(500);
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch cancelled = new CountDownLatch(1);
		MovingCode code = new MovingCode(10, (batch, jdbc) -> {
			jdbc.operations().update(MovingCode.MOVE + batch.condition());
			called.countDown();
			cancelled.await();
			jdbc.operations().execute("SELECT pg_sleep(0.05)");
		});
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(instance(code));
		assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();

		instance(code).backfills().control(Backfilling.decision(Action.CANCEL));
		cancelled.countDown();

		assertThat(work.get(5, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.CANCELLED);
		assertThat(code.calls()).isLessThan(50);
	}

	@Test
	void aConnectionThatIsLostIsOpenedAgainAndEachRowIsMovedOnce() {
		this.backfill.users(30);
		AtomicBoolean lost = new AtomicBoolean();

		BackfillProgress ended = work(new MovingCode(10, (batch, jdbc) -> {
			jdbc.operations().update(MovingCode.MOVE + batch.condition());
			if (lost.compareAndSet(false, true)) {
				jdbc.operations().execute("SELECT pg_terminate_backend(pg_backend_pid())");
			}
		}));

		assertThat(ended.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows(EACH_ONCE)).containsExactly("1|30");
	}

	@Test
	void optionsThatNoFileCouldSayAreRefused() {
		this.backfill.users(10);

		assertThat(catchThrowable(() -> work(new MovingCode(10, (batch, jdbc) -> {
		}).workers(0)))).hasMessageContaining("TM-BKF-001").hasMessageContaining("workers");
	}

}
