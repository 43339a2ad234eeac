package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A shutdown that cannot wait for the end of a run.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class CancelTests {

	private static final String WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

	private static final String POLLING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
			+ " AND pid <> pg_backend_pid() AND query LIKE '%pg_try_advisory_lock%'";

	private final TestDatabase database;

	private MigrationFolder folder;

	CancelTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private TidemarkException failureOf(CompletableFuture<?> run) {
		return (TidemarkException) catchThrowableOfType(ExecutionException.class, () -> run.get(60, TimeUnit.SECONDS))
			.getCause();
	}

	@Test
	void theStatementIsCancelledAndTheNextRunGoesOn() throws SQLException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int); SELECT pg_advisory_xact_lock(7)");
		Tidemark tidemark = tidemark();
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
			CompletableFuture<RunResult> run = OwnThread.supply(tidemark::migrate);
			await().until(() -> "1".equals(this.database.value(WAITING)));

			tidemark.cancel();

			TidemarkException failure = failureOf(run);
			assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT);
			assertThat(failure).hasMessageContainingAll("since this run was told to end", "the next run goes on")
				.hasMessageNotContaining("tidemark.run.statement-timeout");
		}
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied", "2|failed");
		assertThat(tidemark.migrate().applied()).hasSize(1);
	}

	@Test
	void aStatementThatSomebodyElseCancelsIsToldSo() throws SQLException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int); SELECT pg_advisory_xact_lock(7)");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
			CompletableFuture<RunResult> run = OwnThread.supply(tidemark()::migrate);
			await().until(() -> "1".equals(this.database.value(WAITING)));

			statement
				.execute("SELECT pg_cancel_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");

			TidemarkException failure = failureOf(run);
			assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT);
			assertThat(failure).hasMessageContainingAll("somebody asked the server to do so", "Find out who did so")
				.hasMessageNotContaining("tidemark.run.statement-timeout");
		}
	}

	@Test
	void theWaitForAnotherInstanceIsCancelled() throws Exception {
		this.folder.add("V2__b.sql", "SELECT pg_advisory_xact_lock(7)");
		Tidemark waiting = tidemark();
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
			CompletableFuture<RunResult> other = OwnThread.supply(() -> tidemark().migrate());
			await().until(() -> "1".equals(this.database.value(WAITING)));
			CompletableFuture<RunResult> run = OwnThread.supply(waiting::migrate);
			await().until(() -> "1".equals(this.database.value(POLLING)));

			waiting.cancel();

			assertThat(failureOf(run).code()).isIn(ErrorCode.INSTANCE_LOCK, ErrorCode.STATEMENT_TIMEOUT);
			statement.execute("SELECT pg_advisory_unlock(7)");
			assertThat(other.get(60, TimeUnit.SECONDS).applied()).hasSize(2);
		}
	}

	@Test
	void betweenTwoMigrationsARunEndsBeforeTheNextOne() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)");
		AtomicReference<Tidemark> self = new AtomicReference<>();
		self.set(this.folder.tidemark(this.database).listener(new RunListener() {

			@Override
			public void migrationApplied(MigrationInfo migration, MigrationResult result) {
				self.get().cancel();
			}

		}).build());

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> self.get().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history")).containsExactly("1|applied");
	}

	@Test
	void aStatementOfAnUndoIsCancelledAndAllOfItIsRolledBack() throws SQLException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)")
			.add("U2__b.sql", "DROP TABLE b")
			.add("U1__a.sql", "DROP TABLE a; SELECT pg_advisory_xact_lock(7)");
		Tidemark tidemark = tidemark();
		tidemark.migrate();
		UndoRequest request = UndoRequest.of(UndoSelection.last(2));
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
			CompletableFuture<UndoResult> undo = OwnThread.supply(() -> tidemark.undo(request));
			await().until(() -> "1".equals(this.database.value(WAITING)));

			tidemark.cancel();

			assertThat(failureOf(undo).code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT);
		}
		assertThat(this.database.value("SELECT count(*) FROM pg_tables WHERE tablename IN ('a', 'b')")).isEqualTo("2");
		assertThat(tidemark.undo(request).undone()).hasSize(2);
	}

	@Test
	void betweenTwoFilesOfOneTransactionAnUndoIsRolledBack() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)")
			.add("U2__b.sql", "DROP TABLE b")
			.add("U1__a.sql", "DROP TABLE a");
		AtomicReference<Tidemark> self = new AtomicReference<>();
		Tidemark tidemark = this.folder.tidemark(this.database).callback(new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.AFTER_EACH_UNDO);
			}

			@Override
			public void call(CallbackContext context) {
				self.get().cancel();
			}

		}).build();
		self.set(tidemark);
		tidemark.migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark.undo(UndoRequest.of(UndoSelection.last(2))));

		assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
		assertThat(failure.getMessage()).contains("as it was before the undo");
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(this.database.value("SELECT count(*) FROM pg_tables WHERE tablename IN ('a', 'b')")).isEqualTo("2");
	}

	@Test
	void betweenTwoFilesThatCommitAnUndoEndsBeforeTheNextOne() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)")
			.add("U2__b.sql", "-- tidemark: transaction=none\nDROP TABLE b")
			.add("U1__a.sql", "DROP TABLE a");
		AtomicReference<Tidemark> self = new AtomicReference<>();
		self.set(this.folder.tidemark(this.database).listener(new RunListener() {

			@Override
			public void migrationUndone(MigrationInfo migration, MigrationResult result) {
				self.get().cancel();
			}

		}).build());
		self.get().migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> self.get().undo(UndoRequest.of(UndoSelection.last(2))));

		assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
		assertThat(failure.getMessage()).contains("What this run has done before stays: version 2 is undone.");
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied", "2|applied", "2|undone");
	}

	@Test
	void aRunThatBeginsLaterIsNotCancelled() {
		Tidemark tidemark = tidemark();

		tidemark.cancel();

		assertThat(tidemark.migrate().applied()).hasSize(1);
	}

}
