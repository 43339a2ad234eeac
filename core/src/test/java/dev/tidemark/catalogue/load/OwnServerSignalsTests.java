package dev.tidemark.catalogue.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.tidemark.catalogue.load.GaugeReading.Mark;
import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What can be seen of standbys, slots, the archiver and automatic vacuums, on a server
 * whose settings bring them about.
 */
class OwnServerSignalsTests {

	private static final EnumSet<ServerGauge> ALL = EnumSet.allOf(ServerGauge.class);

	/** A vacuum of these tables takes longer than any test. */
	private static final String SLOW_VACUUM = "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,"
			+ " autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0";

	private static OwnServer server;

	private static TestDatabase database;

	private static Connection connection;

	private final ServerLoad load = new ServerLoad(ALL);

	@BeforeAll
	static void start() {
		server = OwnServer.start(Map.of("archive_mode", "on", "archive_command", "false", "autovacuum_naptime", "1s",
				"max_slot_wal_keep_size", "320MB", "max_wal_size", "32MB", "min_wal_size", "32MB"));
		database = server.createDatabase();
		database.execute("""
				DO $$
				BEGIN
				  EXECUTE format('COPY (VALUES (''host all,replication all all scram-sha-256''),
				    (''local all all trust'')) TO %L', current_setting('hba_file'));
				END $$""");
		database.execute("SELECT pg_reload_conf()");
		connection = database.connect();
	}

	@AfterAll
	static void stop() throws SQLException {
		connection.close();
		server.close();
	}

	private GaugeReading reading(ServerGauge gauge, String table) throws SQLException {
		long oid = Long.parseLong(database.rows("SELECT '" + table + "'::regclass::oid").get(0));
		return this.load.look(connection, oid, List.of()).get(gauge);
	}

	private GaugeReading reading(ServerGauge gauge) throws SQLException {
		return reading(gauge, "pg_class");
	}

	/** Writes so much of the log that a segment ends. */
	private static void fillSegments(int count) {
		for (int i = 0; i < count; i++) {
			database.execute("SELECT pg_logical_emit_message(false, 'x', 'x')");
			database.execute("SELECT pg_switch_wal()");
		}
	}

	@Test
	void seesHowFarAStandbyIsBehind() throws SQLException {
		try (FakeStandby standby = FakeStandby.of(database, "web-2")) {
			await().until(() -> reading(ServerGauge.REPLAY_LAG_SIZE).value() != null);
			database.execute("CREATE TABLE lag AS SELECT repeat('x', 100) FROM generate_series(1, 10000)");
			assertThat(reading(ServerGauge.REPLAY_LAG_SIZE).value()).isGreaterThan(1_000_000);
			assertThat(reading(ServerGauge.REPLAY_LAG_SIZE).subject()).isEqualTo("standby web-2");

			standby.replay(database);

			await().untilAsserted(() -> assertThat(reading(ServerGauge.REPLAY_LAG).value()).isPositive());
			assertThat(reading(ServerGauge.REPLAY_LAG).subject()).isEqualTo("standby web-2");
			assertThat(reading(ServerGauge.REPLAY_LAG_SIZE).value()).isLessThan(100_000);
		}
	}

	@Test
	void aSlotThatNobodyReadsIsSeenBeforeItIsLost() throws SQLException {
		database.execute("SELECT pg_create_physical_replication_slot('forgotten', true)");
		try {
			assertThat(reading(ServerGauge.SLOTS).mark()).isEqualTo(Mark.NONE);
			assertThat(reading(ServerGauge.SLOTS).subject())
				.startsWith("slot forgotten, reserved, which nobody reads, ");
			fillUntil(Mark.SLOW);
			assertThat(reading(ServerGauge.SLOTS).value()).isGreaterThan(2 * 16_000_000);
			fillUntil(Mark.STOP);
		}
		finally {
			database.execute("SELECT pg_drop_replication_slot('forgotten')");
		}
	}

	private void fillUntil(Mark mark) {
		await().until(() -> {
			fillSegments(1);
			return reading(ServerGauge.SLOTS).mark() == mark;
		});
	}

	@Test
	void anArchiverThatFailsIsSeen() throws SQLException {
		fillSegments(3);

		await().untilAsserted(() -> assertThat(reading(ServerGauge.ARCHIVE_QUEUE).mark()).isEqualTo(Mark.SLOW));
		assertThat(reading(ServerGauge.ARCHIVE_QUEUE).value()).isGreaterThanOrEqualTo(3);
		assertThat(reading(ServerGauge.ARCHIVE_QUEUE).subject()).matches("the archiver fails at [0-9A-F]{24}");
	}

	@Test
	void anAutovacuumOfTheTableIsSeen() throws SQLException {
		database.execute("CREATE TABLE v (x int) WITH (" + SLOW_VACUUM + ");"
				+ " INSERT INTO v SELECT generate_series(1, 20000)");
		database.execute("UPDATE v SET x = x + 1");

		await().untilAsserted(() -> assertThat(reading(ServerGauge.AUTOVACUUM, "v").value()).isEqualTo(1));
		assertThat(reading(ServerGauge.AUTOVACUUM, "v").mark()).isEqualTo(Mark.NONE);
		assertThat(reading(ServerGauge.AUTOVACUUM).value()).isZero();
	}

	@Test
	void anAutovacuumAgainstWraparoundIsSeen() throws SQLException {
		database.execute("CREATE TABLE w (x int) WITH (" + SLOW_VACUUM + ", autovacuum_freeze_max_age = 100000);"
				+ " INSERT INTO w SELECT generate_series(1, 20000); CREATE TABLE burnt (x int)");
		database.execute("""
				DO $$
				BEGIN
				  FOR i IN 1..100100 LOOP
				    BEGIN INSERT INTO burnt VALUES (1); EXCEPTION WHEN division_by_zero THEN NULL; END;
				  END LOOP;
				END $$""");

		await().untilAsserted(() -> assertThat(reading(ServerGauge.AUTOVACUUM, "w"))
			.isEqualTo(new GaugeReading(ServerGauge.AUTOVACUUM, 1.0, null, Mark.STOP, "to prevent wraparound")));
	}

}
