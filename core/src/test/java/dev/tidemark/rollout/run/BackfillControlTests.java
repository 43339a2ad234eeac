package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillControl.NewPace;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.SignalReading;
import dev.tidemark.rollout.SignalReading.Verdict;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What persons want of backfills, while somebody works and while nobody does.
 */
@ExtendWith(PostgresExtension.class)
class BackfillControlTests {

	private final TestDatabase database;

	private Backfilling backfill;

	BackfillControlTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private static final String SLOW = "-- tidemark: batch table=users size=10 max-size=10 max-rows-per-second=100\n"
			+ "UPDATE users SET n = n + 1 WHERE {batch}";

	@Test
	void itRestsAfterTheBatchThatRunsAndGoesOn() throws Exception {
		this.backfill.users(150).file(SLOW);
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(2);

		assertThat(this.backfill.control(Action.PAUSE).reason()).isEqualTo("because");

		BackfillProgress paused = work.get(2, TimeUnit.SECONDS).get(0);
		assertThat(paused.state()).isEqualTo(BackfillState.PAUSED);
		assertThat(paused.counts().rows()).isBetween(20L, 140L);
		this.backfill.control(Action.RESUME);
		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|150");
	}

	@Test
	void theInstanceThatWorksAnswersWithWhatItIsThen() throws Exception {
		this.backfill.users(1000).file(SLOW);
		Tidemark instance = this.backfill.instance();
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(instance);
		this.backfill.awaitBatches(2);

		BackfillProgress answer = instance.backfills().control(Backfilling.decision(Action.PAUSE));

		assertThat(answer.state()).isEqualTo(BackfillState.PAUSED);
		assertThat(answer.reason()).isEqualTo("because");
		assertThat(answer.counts().batches()).isGreaterThanOrEqualTo(2);
		assertThat(work.get(2, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.PAUSED);
	}

	@Test
	void whenTheLastBatchWasIsSeenByOthers() throws Exception {
		this.backfill.users(1000).file(SLOW);
		Tidemark instance = this.backfill.instance();
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(instance);
		this.backfill.awaitBatches(2);

		assertThat(this.backfill.progress().times().updated()).isAfter(this.backfill.progress().times().started());
		instance.backfills().stop();
		work.get(2, TimeUnit.SECONDS);
	}

	@Test
	void itIsEndedWithTheRowsThatAreMoved() throws Exception {
		this.backfill.users(1000).file(SLOW);
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(2);

		this.backfill.control(Action.CANCEL);

		assertThat(work.get(2, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.CANCELLED);
		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.CANCELLED);
	}

	@Test
	void anInstanceThatStopsRollsItsBatchBackWithinASecond() throws Exception {
		this.backfill.users(100)
			.file("-- tidemark: batch table=users size=10 max-size=10 target=60s target-under-load=60s\n"
					+ "UPDATE users SET n = n + 1 + (SELECT 0 FROM pg_sleep(30)) WHERE {batch}");
		Tidemark instance = this.backfill.instance();
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(instance);
		Awaitility.await()
			.until(() -> !this.database
				.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")
				.isEmpty());
		long start = System.nanoTime();

		instance.backfills().stop();

		BackfillProgress left = work.get(5, TimeUnit.SECONDS).get(0);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
		assertThat(left.state()).isEqualTo(BackfillState.RUNNING);
		assertThat(left.counts().batches()).isZero();
		assertThat(this.database.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database ="
				+ " (SELECT oid FROM pg_database WHERE datname = current_database())"))
			.isEmpty();
	}

	@Test
	void oneThatIsStartedByHandWaitsForThat() {
		this.backfill.users(10)
			.file("-- tidemark: batch table=users start=manual\nUPDATE users SET n = n + 1 WHERE {batch}");
		BackfillProgress waiting = this.backfill.work();
		assertThat(waiting.state()).isEqualTo(BackfillState.WAITING);
		assertThat(waiting.reason()).contains("waits for a person");

		this.backfill.control(Action.START);

		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.FINISHED);
	}

	@Test
	void itGoesOnAtAnotherPace() throws Exception {
		this.backfill.users(2000).file(SLOW);
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(1);

		this.backfill.instance()
			.backfills()
			.control(new BackfillControl(Backfilling.VERSION, Action.PACE, "faster",
					new NewPace(1.0, 0L, null, Duration.ofSeconds(1), 1000)));

		assertThat(work.get(10, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.FINISHED);
	}

	@Test
	void listenersAreToldOnceThatASignalSlowsItDown() {
		AtomicInteger measured = new AtomicInteger();
		List<String> told = new CopyOnWriteArrayList<>();
		this.backfill.users(100).file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");

		this.backfill.builder()
			.backfillThrottle(() -> new SignalReading("own", Verdict.SLOW, "" + measured.incrementAndGet(), "", null))
			.backfillListener(new BackfillListener() {

				@Override
				public void backfillThrottled(RunScope scope, BackfillProgress progress) {
					told.add(progress.signals().get(0).signal() + " " + progress.signals().get(0).verdict());
				}

			})
			.build()
			.backfills()
			.work(BackfillScope.ALL);

		assertThat(told).containsExactly("own SLOW");
	}

	@Test
	void allArePausedAtOnce() {
		this.backfill.users(10).file(SLOW);

		assertThat(this.backfill.instance().backfills().pauseAll("night")).hasSize(1);

		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.PAUSED);
	}

	@Test
	void oneOfANewerBuildIsPausedToo() throws Exception {
		this.backfill.users(200).file(SLOW);
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(1);
		this.backfill.remove("V2__move.backfill.sql");

		assertThat(this.backfill.instance().backfills().pauseAll("night")).singleElement()
			.satisfies((paused) -> assertThat(paused.state()).isEqualTo(BackfillState.PAUSED));

		work.get(30, TimeUnit.SECONDS);
		assertThat(this.database.value("SELECT state FROM tidemark_history_backfill WHERE part = 0"))
			.isEqualTo("paused");
	}

	@ParameterizedTest
	@MethodSource
	void aReasonThatNobodyCouldReadIsRefused(String reason) {
		this.backfill.users(10).file(SLOW);

		TidemarkException refused = catchThrowableOfType(TidemarkException.class,
				() -> this.backfill.instance().backfills().pauseAll(reason));

		assertThat(refused.code()).isEqualTo(ErrorCode.BACKFILL_CONTROL);
		assertThat(this.backfill.progress().state()).isEqualTo(BackfillState.WAITING);
	}

	static List<String> aReasonThatNobodyCouldReadIsRefused() {
		return List.of(" ", "a\0b", "x".repeat(2001));
	}

	@Test
	void whatItsStateDoesNotAllowIsRefused() {
		this.backfill.users(10).file(SLOW);

		TidemarkException refused = catchThrowableOfType(TidemarkException.class,
				() -> this.backfill.control(Action.RESUME));

		assertThat(refused.code()).isEqualTo(ErrorCode.BACKFILL_CONTROL);
		assertThat(refused.getMessage()).contains("is waiting, and cannot be resumed");
	}

	@Test
	void oneThatIsStartedByHandWaitsForTheMigrationsBeforeIt() {
		this.backfill.users(10)
			.add("V1.1__more.sql", "ALTER TABLE users ADD COLUMN more int")
			.file("-- tidemark: batch table=users\nUPDATE users SET more = 1 WHERE {batch}");
		this.backfill.control(Action.START);

		BackfillProgress waiting = this.backfill.work();
		assertThat(waiting.state()).isEqualTo(BackfillState.WAITING);
		assertThat(waiting.reason()).contains("the migrations before it");

		this.backfill.instance().migrate();
		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.FINISHED);
	}

}
