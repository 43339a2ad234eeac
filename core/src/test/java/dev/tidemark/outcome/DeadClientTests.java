package dev.tidemark.outcome;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An instance that dies in the last statement of a file, whose commit was sent ahead.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(240)
class DeadClientTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** How often the server looks for a client that is gone. */
	private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

	/** How soon the lock has to be free after a node has died. */
	private static final Duration DEAD_NODE = Duration.ofSeconds(15);

	/** How soon the client has to know that it hears nothing any more. */
	private static final Duration DEAD_SERVER = Duration.ofSeconds(60);

	/** On a machine that does other work too, a process may get its turn late. */
	private static final Duration ALLOWANCE = Duration.ofSeconds(10);

	private static final String INSTANCE = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
			+ " AND application_name LIKE 'tidemark%' AND application_name NOT LIKE '%watch'";

	private static final String LOCK = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
			+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid <> 4711";

	private static final String LAST_STATEMENT = "SELECT pg_advisory_xact_lock(4711)";

	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void folder(@TempDir Path path) {
		this.path = path;
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private void addLong(TestDatabase database) {
		this.folder.tidemark(database).build().migrate();
		this.folder.add("V2__b.sql", "INSERT INTO a VALUES (1); CREATE TABLE b (); " + LAST_STATEMENT);
	}

	/** Holds up the last statement of the file. */
	private static Connection hold(TestDatabase database) throws SQLException {
		Connection connection = database.connect();
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(4711)");
		}
		return connection;
	}

	private static void awaitLastStatement(TestDatabase database) {
		await().atMost(PATIENCE)
			.until(() -> !database.rows(INSTANCE + " AND query = '" + LAST_STATEMENT + "' AND wait_event_type = 'Lock'")
				.isEmpty());
	}

	/** The statement could go on for ever: it is not its end that frees the lock. */
	private static void awaitFree(TestDatabase database, Duration limit) {
		long begin = System.nanoTime();
		await().pollInterval(Duration.ofMillis(50))
			.atMost(limit.plus(ALLOWANCE))
			.until(() -> database.rows(LOCK).isEmpty() && database.rows(INSTANCE).isEmpty());
		System.out.println("Dead client: lock free after " + (System.nanoTime() - begin) / 1_000_000 + " ms, at most "
				+ limit.toMillis() + " ms on a machine that is not busy");
	}

	private void assertThatNothingIsDoneAndTheNextDoesItAll(TestDatabase database) {
		assertThat(database.rows("SELECT x FROM a")).isEmpty();
		assertThat(database.value("SELECT to_regclass('b')")).isNull();
		assertThat(this.folder.tidemark(database).waitTimeout(Duration.ZERO).build().migrate().applied()).hasSize(1);
		assertThat(database.rows("SELECT x FROM a")).containsExactly("1");
	}

	@Test
	void ofAnInstanceThatIsKilledNothingIsCommittedAfterItsDeath(TestDatabase database) throws Exception {
		assumeTrue(looksForClients(database), "The server's system cannot look for clients while a statement runs");
		addLong(database);
		try (Connection holder = hold(database);
				MigratingProcess instance = MigratingProcess.start(database.jdbcUrl(), this.path, PATIENCE)) {
			awaitLastStatement(database);
			instance.kill();
			awaitFree(database, CHECK_INTERVAL);
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThatNothingIsDoneAndTheNextDoesItAll(database);
	}

	private static boolean looksForClients(TestDatabase database) {
		try {
			database.execute("SET client_connection_check_interval = '1s'");
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	@Tag("proof")
	@Test
	void theLockOfAnInstanceWhoseNodeDiesIsFreeSoonAndTheInstanceEndsToo() throws Exception {
		try (NetworkNamespace node = NetworkNamespace.create();
				OwnServer server = OwnServer.start(Map.of("listen_addresses", "localhost," + node.address()));
				TestDatabase database = server.createDatabase()) {
			addLong(database);
			String url = database.jdbcUrl().replace("localhost", node.address());
			try (Connection holder = hold(database);
					MigratingProcess instance = MigratingProcess.start(node.command(), url, this.path, PATIENCE)) {
				awaitLastStatement(database);
				node.cut();
				long begin = System.nanoTime();
				awaitFree(database, DEAD_NODE);
				assertThat(holder.isValid(5)).isTrue();

				assertThat(instance.exitValue(DEAD_SERVER.plus(ALLOWANCE))).isOne();
				System.out
					.println("Dead client: ended by itself after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
				assertThat(instance.output()).contains("cannot be looked at", "TM-RUN-009");
			}
			assertThatNothingIsDoneAndTheNextDoesItAll(database);
		}
	}

}
