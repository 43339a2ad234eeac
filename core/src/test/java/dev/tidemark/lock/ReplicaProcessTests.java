package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
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

import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many instances on one database, each in a JVM of its own.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class ReplicaProcessTests {

	private static final int INSTANCES = 6;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final TestDatabase database;

	private final List<MigratingProcess> instances = new ArrayList<>();

	private Path path;

	ReplicaProcessTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.path = path;
		MigrationFolder folder = new MigrationFolder(path).add("V1__filled.sql",
				"CREATE TABLE filled (x int); INSERT INTO filled SELECT generate_series(1, 50000)");
		folder.tidemark(this.database).build().migrate();
		folder.add("V2__index.sql", """
				CREATE TABLE log (x text);
				INSERT INTO log VALUES ('before');
				CREATE INDEX CONCURRENTLY filled_x ON filled (x);
				INSERT INTO log VALUES ('after')""").add("V3__row.sql", "INSERT INTO log VALUES ('row')");
	}

	@AfterEach
	void end() {
		this.instances.forEach(MigratingProcess::close);
	}

	private void start(int number, Duration waitTimeout) {
		for (int i = 0; i < number; i++) {
			this.instances.add(MigratingProcess.start(this.database.jdbcUrl(), this.path, waitTimeout));
		}
	}

	private List<String> states() {
		return this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank");
	}

	private void assertThatAllIsDoneOnce() {
		assertThat(this.database.rows("SELECT x FROM log ORDER BY x")).containsExactly("after", "before", "row");
		assertThat(this.database
			.rows("SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 'filled'::regclass"))
			.containsExactly("filled_x|t");
	}

	/** Waits until an instance waits with its index for an open transaction. */
	private void awaitHolder() {
		await().atMost(PATIENCE).until(() -> "1".equals(this.database.value("""
				SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
				AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'""")));
	}

	private void awaitWaiting(int number) {
		await().atMost(PATIENCE).until(() -> Integer.toString(number).equals(this.database.value("""
				SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
				AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()""")));
	}

	private Connection writer() throws Exception {
		Connection writer = this.database.connect();
		writer.setAutoCommit(false);
		try (Statement statement = writer.createStatement()) {
			statement.execute("LOCK TABLE filled IN ROW EXCLUSIVE MODE");
		}
		return writer;
	}

	@Test
	void allComeUpAndEachFileRunsOnce() throws Exception {
		start(INSTANCES, PATIENCE);

		for (MigratingProcess instance : this.instances) {
			assertThat(instance.exitValue(PATIENCE)).as(() -> instance.output()).isZero();
		}
		assertThat(states()).containsExactly("1|applied", "2|applied", "3|applied");
		assertThatAllIsDoneOnce();
	}

	@Test
	void anotherTakesOverWhenTheHolderIsKilled() throws Exception {
		try (Connection writer = writer()) {
			start(1, PATIENCE);
			awaitHolder();
			start(INSTANCES - 1, PATIENCE);
			awaitWaiting(INSTANCES - 1);

			this.instances.get(0).kill();
			writer.commit();
		}

		for (MigratingProcess instance : this.instances.subList(1, INSTANCES)) {
			assertThat(instance.exitValue(PATIENCE)).as(() -> instance.output()).isZero();
		}
		assertThat(states()).containsExactly("1|applied", "2|interrupted", "2|applied", "3|applied");
		assertThatAllIsDoneOnce();
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void theRestGiveUpOnAHolderThatIsPausedAndSayHowToEndIt() throws Exception {
		try (Connection writer = writer()) {
			start(1, PATIENCE);
			awaitHolder();
			MigratingProcess holder = this.instances.get(0);
			String pid = this.database.value("""
					SELECT pid FROM pg_stat_activity WHERE datname = current_database()
					AND query LIKE 'CREATE INDEX CONCURRENTLY%'""");
			holder.signal("STOP");
			// Its session goes on to the end of the statement, and then hears nothing
			// more.
			writer.commit();
			start(INSTANCES - 1, Duration.ofSeconds(3));

			for (MigratingProcess instance : this.instances.subList(1, INSTANCES)) {
				assertThat(instance.exitValue(PATIENCE)).isOne();
				assertThat(instance.output()).contains("TM-RUN-002", "SELECT pg_terminate_backend(" + pid + ");");
			}
			assertThat(states()).containsExactly("1|applied", "2|running");

			// What an operator does who follows the advice.
			this.database.execute("SELECT pg_terminate_backend(" + pid + ")");
			start(1, PATIENCE);
			MigratingProcess last = this.instances.get(INSTANCES);
			assertThat(last.exitValue(PATIENCE)).as(() -> last.output()).isZero();
			holder.signal("CONT");
			assertThat(holder.exitValue(PATIENCE)).isOne();
		}
		assertThat(states()).containsExactly("1|applied", "2|interrupted", "2|applied", "3|applied");
		assertThatAllIsDoneOnce();
	}

}
