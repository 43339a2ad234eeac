package dev.tidemark.resume;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.BackfillingProcess;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An instance loses its lease in the middle of a batch, and another one takes over. What
 * holds the batch up is a row that the test has locked.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process is stopped by a signal")
class BackfillTakeOverTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int ROWS = 200;

	private static final String HOLDS_LEASE = "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)";

	private static final String IS_HELD_UP = "state = 'active' AND wait_event_type = 'Lock'";

	private final TestDatabase database;

	private final List<MigratingProcess> processes = new ArrayList<>();

	private Path path;

	private Connection blocker;

	BackfillTakeOverTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void holdUp(@TempDir Path path) throws SQLException {
		this.path = path;
		MigrationFolder folder = new MigrationFolder(path).add("V1__items.sql", """
				CREATE TABLE items (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
				INSERT INTO items SELECT generate_series(1, %d)""".formatted(ROWS));
		folder.tidemark(this.database).build().migrate();
		folder.add("V2__count.backfill.sql", """
				-- tidemark: batch table=items by=id
				-- tidemark: size=20
				-- tidemark: max-size=20
				-- tidemark: duty=1
				-- tidemark: target=30s
				-- tidemark: target-under-load=30s
				-- tidemark: lock-timeout=60s
				UPDATE items SET n = n + 1 WHERE {batch}""");
		this.blocker = this.database.connect();
		this.blocker.setAutoCommit(false);
		try (Statement statement = this.blocker.createStatement()) {
			statement.execute("SET application_name = 'blocker'");
			statement.execute("SELECT FROM items WHERE id = 110 FOR UPDATE");
		}
	}

	@AfterEach
	void end() throws SQLException {
		this.blocker.close();
		this.processes.forEach(MigratingProcess::close);
	}

	/** Starts one that stands in the sixth batch. */
	private MigratingProcess startHeldUp() throws IOException {
		MigratingProcess process = MigratingProcess.start(BackfillingProcess.class, this.database.jdbcUrl(), this.path);
		this.processes.add(process);
		process.awaitReady();
		await().until(() -> sessions(IS_HELD_UP) == 1);
		return process;
	}

	private BackfillInstance start() {
		return BackfillInstance.start(this.database.jdbcUrl(), this.path);
	}

	private void letGo() throws SQLException {
		this.blocker.rollback();
	}

	private int sessions(String condition) {
		return Integer
			.parseInt(this.database.rows("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
					+ " AND pid <> pg_backend_pid() AND application_name <> 'blocker' AND backend_type = 'client backend' AND "
					+ condition)
				.get(0));
	}

	private void terminate(String condition) {
		assertThat(this.database
			.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
					+ " AND pid <> pg_backend_pid() AND application_name <> 'blocker' AND " + condition))
			.isNotEmpty();
	}

	private void assertThatEachRowCountsOne() {
		assertThat(this.database.rows("SELECT n, count(*) FROM items GROUP BY n")).containsExactly("1|" + ROWS);
		assertThat(this.database.rows("SELECT sum(rows_done) FROM tidemark_history_backfill WHERE kind = 'range'"))
			.containsExactly(Integer.toString(ROWS));
		assertThat(this.database.rows("SELECT state FROM tidemark_history_backfill WHERE part = 0"))
			.containsExactly("finished");
	}

	@Test
	void anotherInstanceGoesOnWhereADeadOneWas() throws Exception {
		MigratingProcess dead = startHeldUp();
		dead.kill();
		letGo();
		assertThat(start().hasFailed()).isFalse();
		assertThatEachRowCountsOne();
	}

	@Test
	void anInstanceThatWaitsTakesOverWhenTheOtherOneDies() throws Exception {
		MigratingProcess dead = startHeldUp();
		BackfillInstance waiting;
		try (LogLines log = LogLines.of("DatabaseBackfills")) {
			waiting = start();
			await().until(() -> log.has("INFO", "Another instance works on the backfills"));
		}
		assertThat(sessions(IS_HELD_UP)).isEqualTo(1);
		dead.kill();
		letGo();
		assertThat(waiting.hasFailed()).isFalse();
		assertThatEachRowCountsOne();
	}

	@Test
	void aBatchThatOutlivesTheLeaseIsMovedOnce() throws Exception {
		BackfillInstance one = start();
		await().until(() -> sessions(IS_HELD_UP) == 1);
		BackfillInstance other = start();
		terminate(HOLDS_LEASE);
		await().until(() -> sessions(IS_HELD_UP) == 2 || one.isDone());
		letGo();
		one.hasFailed();
		assertThat(other.hasFailed()).isFalse();
		assertThatEachRowCountsOne();
	}

	@Test
	void aFrozenInstanceWhoseBatchIsOpenMovesNoRowTwice() throws Exception {
		MigratingProcess frozen = startHeldUp();
		frozen.signal("STOP");
		terminate(HOLDS_LEASE);
		BackfillInstance other = start();
		// The other one is at the same batch, which waits for the frozen one's.
		await().until(() -> sessions(IS_HELD_UP) == 2);
		letGo();
		await().until(() -> sessions("state = 'idle in transaction'") == 1);
		frozen.signal("CONT");
		frozen.exitValue(PATIENCE);
		assertThat(other.hasFailed()).isFalse();
		assertThatEachRowCountsOne();
	}

	@Test
	void aFrozenInstanceThatComesBackWhenAllIsDoneMovesNoRowTwice() throws Exception {
		MigratingProcess frozen = startHeldUp();
		frozen.signal("STOP");
		terminate("true");
		letGo();
		assertThat(start().hasFailed()).isFalse();
		assertThatEachRowCountsOne();
		frozen.signal("CONT");
		frozen.exitValue(PATIENCE);
		assertThatEachRowCountsOne();
	}

}
