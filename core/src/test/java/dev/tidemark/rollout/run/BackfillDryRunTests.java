package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillDryRun;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Batches that are tried, and rolled back.
 */
@ExtendWith(PostgresExtension.class)
class BackfillDryRunTests {

	private static final String MOVE = "-- tidemark: batch table=users size=100 max-size=100\n"
			+ "UPDATE users SET n = n + 1 WHERE {batch}";

	private final TestDatabase database;

	private Backfilling backfill;

	BackfillDryRunTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private BackfillDryRun tryBatches(int batches) {
		return this.backfill.instance().backfills().dryRun(Backfilling.VERSION, batches);
	}

	private void assertThatNothingIsLeft() {
		assertThat(this.database.value("SELECT sum(n) FROM users")).isEqualTo("0");
		assertThat(this.database.value("SELECT to_regclass('tidemark_history_backfill') IS NULL")).isEqualTo("t");
		assertThat(this.backfill.progress().state()).isEqualTo(BackfillState.WAITING);
	}

	@Test
	void batchesTellWhatTheyWouldDoAndLeaveNothing() {
		this.backfill.users(250).file(MOVE);

		BackfillDryRun tried = tryBatches(2);

		assertThat(tried.version()).isEqualTo(Backfilling.VERSION);
		assertThat(tried.table()).isEqualTo("public.users");
		assertThat(tried.keys()).containsExactly("id");
		assertThat(tried.batches()).extracting(BackfillDryRun.Batch::from).containsExactly(List.of(), List.of("100"));
		assertThat(tried.batches()).extracting(BackfillDryRun.Batch::to)
			.containsExactly(List.of("100"), List.of("200"));
		assertThat(tried.batches()).allSatisfy((batch) -> {
			assertThat(batch.keys()).isEqualTo(100);
			assertThat(batch.rows()).isEqualTo(100);
			assertThat(batch.walBytes()).isPositive();
			assertThat(batch.took()).isPositive();
			assertThat(batch.plans()).singleElement().asString().contains("Update on users");
			assertThat(batch.locks()).contains("RowExclusiveLock on public.users");
		});
		assertThatNothingIsLeft();
	}

	@Test
	void itEndsWhereTheTableEnds() {
		this.backfill.users(250).file(MOVE);

		assertThat(tryBatches(10).batches()).extracting(BackfillDryRun.Batch::keys).containsExactly(100L, 100L, 50L);
	}

	@Test
	void itGoesOnWhereTheBackfillStands() throws Exception {
		this.backfill.users(300)
			.file("-- tidemark: batch table=users size=100 max-size=100 max-rows-per-second=200\n"
					+ "UPDATE users SET n = n + 1 WHERE {batch}");
		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(1);
		this.backfill.control(Action.PAUSE);
		work.get();
		String moved = this.database.value("SELECT max(id) FROM users WHERE n = 1");

		BackfillDryRun tried = tryBatches(1);

		assertThat(tried.batches()).singleElement()
			.satisfies((batch) -> assertThat(batch.from()).containsExactly(moved));
		assertThat(this.database.value("SELECT max(id) FROM users WHERE n = 1")).isEqualTo(moved);
	}

	@Test
	void aTableByBlocksAndAnEmptyOneAreTriedToo() {
		this.backfill.before("CREATE TABLE users (n int); INSERT INTO users SELECT 0 FROM generate_series(1, 500)");
		this.backfill.file(MOVE);
		assertThat(tryBatches(100).batches()).extracting(BackfillDryRun.Batch::rows)
			.satisfies((rows) -> assertThat(rows.stream().mapToLong(Long::longValue).sum()).isEqualTo(500));
		assertThatNothingIsLeft();

		this.database.execute("TRUNCATE users");

		assertThat(tryBatches(1).batches()).isEmpty();
	}

	@Test
	void codeIsCalledAndRolledBack() {
		this.backfill.users(50);
		MovingCode code = new MovingCode(20,
				(batch, jdbc) -> jdbc.operations().update(MovingCode.MOVE + batch.condition()));

		BackfillDryRun tried = this.backfill.builder()
			.backfill(code)
			.build()
			.backfills()
			.dryRun(Backfilling.VERSION, 5);

		assertThat(tried.batches()).extracting(BackfillDryRun.Batch::rows).containsExactly(20L, 20L, 10L);
		assertThat(this.database.value("SELECT sum(n) FROM users")).isEqualTo("0");
	}

	@Test
	void whatWouldFailIsToldWithItsRows() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0"
				+ " CHECK (n < 1 OR id <> 7)); INSERT INTO users SELECT generate_series(1, 10)");
		this.backfill.file(MOVE);

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tryBatches(1));

		assertThat(failure.code()).isEqualTo(ErrorCode.BACKFILL_FAILED);
		assertThat(failure.problems().get(0).state()).contains("rolled back");
		assertThatNothingIsLeft();
	}

	@Test
	void aVersionThatIsNoBackfillIsRefused() {
		this.backfill.users(1).file(MOVE);

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> this.backfill.instance().backfills().dryRun(MigrationVersion.of("9"), 1));

		assertThat(failure.code()).isEqualTo(ErrorCode.BACKFILL_CONTROL);
	}

}
