package dev.tidemark.catalogue.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import dev.tidemark.catalogue.load.GaugeReading.Mark;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What can be seen of other sessions, of the table, and by whom.
 */
@ExtendWith(PostgresExtension.class)
class ServerSignalsTests {

	private static final EnumSet<ServerGauge> ALL = EnumSet.allOf(ServerGauge.class);

	private final TestDatabase database;

	private final ServerLoad load = new ServerLoad(ALL);

	private Connection connection;

	private long table;

	ServerSignalsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void connect() {
		this.database.execute("CREATE TABLE t (id int PRIMARY KEY, x int); INSERT INTO t VALUES (1, 1), (2, 2)");
		this.table = oid("t");
		this.connection = this.database.connect();
	}

	@AfterEach
	void disconnect() throws SQLException {
		this.connection.close();
	}

	private long oid(String name) {
		return Long.parseLong(this.database.rows("SELECT '" + name + "'::regclass::oid").get(0));
	}

	private GaugeReading reading(ServerGauge gauge, Integer... ours) throws SQLException {
		return this.load.look(this.connection, this.table, List.of(ours)).get(gauge);
	}

	private Connection session(String sql) throws SQLException {
		Connection session = this.database.connect();
		try (Statement statement = session.createStatement()) {
			statement.execute(sql);
		}
		return session;
	}

	private static int pid(Connection session) throws SQLException {
		try (Statement statement = session.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_backend_pid()")) {
			results.next();
			return results.getInt(1);
		}
	}

	@Test
	void nothingIsInTheWayOfAnIdleServer() throws SQLException {
		Map<ServerGauge, GaugeReading> readings = this.load.look(this.connection, this.table, List.of());

		assertThat(readings).containsOnlyKeys(ALL);
		assertThat(readings.values()).extracting(GaugeReading::mark).containsOnly(Mark.NONE);
		assertThat(readings.get(ServerGauge.REPLAY_LAG).value()).isNull();
		assertThat(readings.get(ServerGauge.ARCHIVE_QUEUE).subject()).isEqualTo("nothing is archived");
		assertThat(readings.get(ServerGauge.OTHERS).value()).isZero();
		assertThat(readings.get(ServerGauge.WRITERS).value()).isZero();
	}

	@Test
	void leavesTheSessionAsItWas() throws SQLException {
		this.load.look(this.connection, this.table, List.of());

		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT current_setting('statement_timeout'),"
						+ " current_setting('jit'), current_setting('transaction_read_only')")) {
			results.next();
			assertThat(results.getString(1)).isEqualTo("0");
			assertThat(results.getString(2)).isEqualTo("on");
			assertThat(results.getString(3)).isEqualTo("off");
		}
	}

	@Test
	void seesWhoWaitsForUsAndWhoWaitsAtAll() throws Exception {
		String update = "UPDATE t SET x = 3 WHERE id = 1";
		try (Connection ours = session("BEGIN; " + update); Connection theirs = this.database.connect()) {
			Future<Void> waiting = OwnThread.run(() -> {
				try (Statement statement = theirs.createStatement()) {
					statement.execute(update);
				}
			});
			int pid = pid(ours);
			await().until(() -> reading(ServerGauge.WAITING_FOR_US, pid).value() == 1);

			assertThat(reading(ServerGauge.WAITING_FOR_US, pid).subject()).matches("the longest for \\d+ ms");
			assertThat(reading(ServerGauge.WAITING, pid).value()).isEqualTo(1);
			assertThat(reading(ServerGauge.WAITING_FOR_US, -1).value()).isZero();
			assertThat(reading(ServerGauge.WRITERS, pid).value()).isEqualTo(1);
			ours.createStatement().execute("ROLLBACK");
			waiting.get();
			assertThat(reading(ServerGauge.WAITING_FOR_US, pid).value()).isZero();
		}
	}

	@Test
	void seesWritersOfTheTableAndOfItsPartitions() throws SQLException {
		this.database.execute("CREATE TABLE p (id int) PARTITION BY RANGE (id);"
				+ " CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);"
				+ " CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (0) TO (5)");
		this.table = oid("p");
		assertThat(reading(ServerGauge.WRITERS).value()).isZero();

		try (Connection other = session("BEGIN; INSERT INTO p11 VALUES (1)")) {
			assertThat(reading(ServerGauge.WRITERS).value()).isEqualTo(1);
			assertThat(this.load.look(this.connection, ServerGauge.WRITERS, this.table, List.of()).value())
				.isEqualTo(1);
			assertThat(reading(ServerGauge.WRITERS, pid(other)).value()).isZero();
		}
	}

	@Test
	void aReaderIsActiveAndDoesNotWrite() throws SQLException {
		try (Connection other = session("BEGIN; SELECT FROM t")) {
			assertThat(reading(ServerGauge.OTHERS).value()).isEqualTo(1);
			assertThat(reading(ServerGauge.WRITERS).value()).isZero();
			assertThat(reading(ServerGauge.OTHERS, pid(other)).value()).isZero();
		}
	}

	@Test
	void whoHasDoneNothingSinceTheLastLookIsNotActive() throws SQLException {
		try (Connection other = session("SELECT")) {
			assertThat(reading(ServerGauge.OTHERS).value()).isEqualTo(1);
			assertThat(reading(ServerGauge.OTHERS).value()).isZero();
			other.createStatement().execute("SELECT");
			assertThat(reading(ServerGauge.OTHERS).value()).isEqualTo(1);
		}
	}

	@Test
	void otherSessionsOfTidemarkAreNoCompany() throws SQLException {
		try (Connection other = session("SET application_name = 'tidemark (orders) watch'")) {
			assertThat(reading(ServerGauge.OTHERS).value()).isEqualTo(1);
			other.createStatement().execute("SELECT");
			this.connection.createStatement().execute("SET application_name = 'tidemark (orders)'");
			assertThat(reading(ServerGauge.OTHERS).value()).isZero();
		}
	}

	@Test
	void seesWhoseSnapshotIsTheOldest() throws SQLException {
		assertThat(reading(ServerGauge.OLDEST_SNAPSHOT).value()).isNull();

		try (Connection other = session(
				"SET application_name = 'report'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM t")) {
			GaugeReading reading = reading(ServerGauge.OLDEST_SNAPSHOT);

			assertThat(reading.value()).isPositive();
			assertThat(reading.subject()).isEqualTo("session " + pid(other) + " (report, user postgres)");
		}
	}

	@Test
	void aPreparedTransactionKeepsRowsToo() throws SQLException {
		this.database.execute("BEGIN; INSERT INTO t VALUES (3, 3); PREPARE TRANSACTION 'forgotten'");
		try {
			GaugeReading reading = reading(ServerGauge.OLDEST_SNAPSHOT);

			assertThat(reading.value()).isPositive();
			assertThat(reading.subject()).isEqualTo("prepared transaction forgotten");
		}
		finally {
			this.database.execute("ROLLBACK PREPARED 'forgotten'");
		}
	}

	@Test
	void seesHowManySessionsAreAtWork() throws Exception {
		try (Connection other = this.database.connect()) {
			Future<Void> work = OwnThread.run(() -> {
				try (Statement statement = other.createStatement()) {
					statement.execute("SELECT pg_advisory_lock(1), pg_sleep(60)");
				}
			});
			await().until(() -> reading(ServerGauge.ACTIVE_SESSIONS).value() >= 1);

			assertThat(reading(ServerGauge.ACTIVE_SESSIONS).base()).isPositive();
			other.unwrap(org.postgresql.PGConnection.class).cancelQuery();
			await().until(work::isDone);
		}
	}

	@Test
	void seesWhichShareOfTheTableIsDead() throws SQLException {
		this.database.execute("ALTER TABLE t SET (autovacuum_enabled = off);"
				+ " INSERT INTO t SELECT i, 0 FROM generate_series(3, 20000) i");
		this.database.execute("UPDATE t SET x = 1");

		await().untilAsserted(() -> assertThat(reading(ServerGauge.DEAD_ROWS).value()).isEqualTo(0.5));
	}

	@Test
	void whoHasNoRightsSeesWhatIsSeenByAll() throws SQLException {
		String role = this.database.name() + "_plain";
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'plain'");
		try (Connection other = session("BEGIN; UPDATE t SET x = 3");
				Connection plain = DriverManager.getConnection(this.database.jdbcUrl(), role, "plain")) {
			Map<ServerGauge, GaugeReading> readings = this.load.look(plain, this.table, List.of());

			assertThat(readings).containsOnlyKeys(ALL);
			assertThat(readings.get(ServerGauge.WRITERS).value()).isEqualTo(1);
			assertThat(readings.get(ServerGauge.OTHERS).value()).isPositive();
			assertThat(readings.get(ServerGauge.ACTIVE_SESSIONS).mark()).isEqualTo(Mark.UNKNOWN);
			assertThat(readings.get(ServerGauge.OLDEST_SNAPSHOT).mark()).isEqualTo(Mark.UNKNOWN);
			assertThat(readings.get(ServerGauge.OLDEST_SNAPSHOT).subject())
				.isEqualTo("the role may not see it; GRANT pg_read_all_stats TO " + role + "; allows it");
			assertThat(this.load.look(plain, this.table, List.of(pid(other))).get(ServerGauge.WRITERS).value())
				.isZero();
		}
		finally {
			this.database.execute("DROP ROLE " + role);
		}
	}

	@Test
	void whatTheServerRefusesCostsTheOtherSignalsNothing() throws SQLException {
		String role = this.database.name() + "_plain";
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'plain';"
				+ " REVOKE EXECUTE ON FUNCTION pg_current_wal_insert_lsn() FROM PUBLIC");
		try (Connection plain = DriverManager.getConnection(this.database.jdbcUrl(), role, "plain")) {
			for (int i = 0; i < 2; i++) {
				Map<ServerGauge, GaugeReading> readings = this.load.look(plain, this.table, List.of());

				assertThat(readings).containsOnlyKeys(ALL);
				assertThat(readings.get(ServerGauge.REPLAY_LAG_SIZE)).isEqualTo(GaugeReading
					.unknown(ServerGauge.REPLAY_LAG_SIZE, "permission denied for function pg_current_wal_insert_lsn"));
				assertThat(readings.get(ServerGauge.WAITING).value()).isZero();
			}
		}
		finally {
			this.database.execute("DROP ROLE " + role);
		}
	}

	@Test
	void anotherOperatorOfTheSearchPathIsNotUsed() throws SQLException {
		this.database.execute("""
				CREATE SCHEMA evil;
				CREATE FUNCTION evil.eq(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
				CREATE FUNCTION evil.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$;
				CREATE OPERATOR evil.= (FUNCTION = evil.eq, LEFTARG = oid, RIGHTARG = oid);
				CREATE OPERATOR evil.= (FUNCTION = evil.eq, LEFTARG = text, RIGHTARG = text);
				""");
		this.connection.createStatement().execute("SET search_path = evil, pg_catalog, public");

		assertThat(reading(ServerGauge.WRITERS).value()).isZero();
		assertThat(reading(ServerGauge.SLOTS).mark()).isEqualTo(Mark.NONE);
	}

	@Test
	void runsAQueryOfOnesOwn() throws SQLException {
		assertThat(new OwnQuery("SELECT count(*) > 1 FROM t -- rows").run(this.connection)).isEqualTo("t");
		assertThat(new OwnQuery("TABLE t ORDER BY id DESC").run(this.connection)).isEqualTo("2");
		assertThat(new OwnQuery("SELECT x FROM t WHERE false").run(this.connection)).isNull();
	}

	@Test
	void aQueryOfOnesOwnCanOnlyRead() throws SQLException {
		this.database.execute("CREATE SEQUENCE s");
		for (String query : List.of("DELETE FROM t", "WITH d AS (DELETE FROM t RETURNING id) SELECT id FROM d",
				"COMMIT", "SELECT id FROM t FOR UPDATE", "SELECT nextval('s')", "SELECT missing FROM t")) {
			assertThatExceptionOfType(SQLException.class).as(query)
				.isThrownBy(() -> new OwnQuery(query).run(this.connection));
		}
		assertThat(new OwnQuery("SELECT count(*) FROM t").run(this.connection)).isEqualTo("2");
	}

	@Test
	void aQueryOfOnesOwnHasASecond() {
		SQLException failure = catchThrowableOfType(SQLException.class,
				() -> new OwnQuery("SELECT pg_sleep(60)").run(this.connection));

		assertThat(failure.getSQLState()).isEqualTo("57014");
	}

	@Test
	void aLostConnectionIsNoReading() throws SQLException {
		this.connection.close();

		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> reading(ServerGauge.WAITING));
	}

}
