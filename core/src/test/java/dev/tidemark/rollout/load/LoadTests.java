package dev.tidemark.rollout.load;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.backfill.BatchLimits;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.load.MixedLoad.Latencies;
import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A backfill beside an application that reads and writes the same table, and one plain
 * UPDATE of the same rows in its place. {@code -Dtidemark.backfill.rows} says how many
 * rows.
 */
class LoadTests {

	private static final Duration TARGET = BatchLimits.DEFAULT.targetUnderLoad();

	private static final String CHANGE = "UPDATE accounts SET amount = amount * 100, moved = moved + 1";

	private static OwnServer server;

	@TempDir
	private Path path;

	private MigrationFolder folder;

	private BatchLedger ledger = new BatchLedger();

	@BeforeAll
	static void start() {
		server = OwnServer.start(Map.of("fsync", "on", "synchronous_commit", "on", "max_wal_size", "4GB",
				"shared_buffers", "512MB", "logging_collector", "on", "log_filename", "load.log", "log_lock_waits",
				"on", "deadlock_timeout", LockWaits.LOGGED_FROM_MILLIS + "ms"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	/**
	 * The figures of the proof need a table that is large, and a machine that is idle.
	 */
	@Test
	@Timeout(120)
	void eachRowIsMovedOnceBesideWriters() throws Exception {
		long rows = 50_000;
		try (TestDatabase database = database(rows); MixedLoad load = load(database, rows)) {
			Measured measured = backfill("a backfill under load", database, load, rows);

			assertThat(load.writes()).isPositive();
			assertThat(measured.rowsPerSecond()).isPositive();
			assertThat(this.ledger.batches()).isNotEmpty()
				.allMatch((batch) -> batch.keys() <= BatchLimits.DEFAULT.most());
			assertThat(database.rows("SELECT moved, count(*) FROM accounts GROUP BY 1")).containsExactly("1|" + rows);
			assertThat(database.value("SELECT sum(touched) FROM accounts")).isEqualTo(String.valueOf(load.writes()));
		}
	}

	@Test
	@Tag("proof")
	@Timeout(7200)
	void costsLiveTrafficLittleAndTakesNotMuchLonger() throws Exception {
		long rows = Long.getLong("tidemark.backfill.rows", 1_000_000);
		Measured plain = round(rows, false, (database, load) -> plain("one UPDATE, alone", database, load, rows));
		Measured plainLoad = round(rows, true,
				(database, load) -> plain("one UPDATE, under load", database, load, rows));
		Measured load = round(rows, true, (database, mixed) -> alone(database, mixed));
		Measured backfill = round(rows, false,
				(database, mixed) -> backfill("the backfill, alone", database, mixed, rows));
		Measured backfillLoad = round(rows, true,
				(database, mixed) -> backfill("the backfill, under load", database, mixed, rows));
		double goesOn = goesOnAfterAThrottle();
		print(rows, List.of(load, plain, backfill, plainLoad, backfillLoad), goesOn);

		assertThat(backfill.rowsPerSecond()).isGreaterThanOrEqualTo(0.8 * plain.rowsPerSecond());
		assertThat(backfillLoad.rowsPerSecond()).isGreaterThanOrEqualTo(0.5 * plainLoad.rowsPerSecond());
		assertThat(backfill.lastTenth()).isGreaterThanOrEqualTo(0.9);
		assertThat(backfillLoad.lastTenth()).isGreaterThanOrEqualTo(0.9);
		assertThat(backfillLoad.p99()).isLessThan(2 * load.p99());
		assertThat(backfillLoad.shareOfWaitsOver(TARGET.toMillis() + 50)).isLessThanOrEqualTo(0.001);
		assertThat(backfillLoad.longestWait()).isLessThanOrEqualTo(4 * TARGET.toMillis());
		assertThat(goesOn).isLessThanOrEqualTo(10);
	}

	private TestDatabase database(long rows) {
		TestDatabase database = server.createDatabase();
		this.folder = new MigrationFolder(this.path.resolve(database.name())).add("V1__accounts.sql",
				"CREATE TABLE accounts (id bigint PRIMARY KEY, amount bigint NOT NULL, touched int NOT NULL DEFAULT 0,"
						+ " moved int NOT NULL DEFAULT 0, note text);"
						+ " INSERT INTO accounts SELECT i, i % 1000, 0, 0, 'account number ' || i FROM generate_series(1, "
						+ rows + ") i");
		this.folder.tidemark(database).build().migrate();
		this.folder.add("V2__cents.backfill.sql",
				"-- tidemark: batch table=accounts by=id\n" + CHANGE + " WHERE {batch}");
		database.execute("VACUUM (FREEZE, ANALYZE) accounts");
		database.execute("CHECKPOINT");
		this.ledger = new BatchLedger();
		return database;
	}

	private MixedLoad load(TestDatabase database, long rows) {
		BatchLedger batches = this.ledger;
		return MixedLoad.begin(database, rows, batches::keys);
	}

	private Measured round(long rows, boolean loaded, Round round) throws Exception {
		try (TestDatabase database = database(rows)) {
			if (!loaded) {
				return round.measure(database, null);
			}
			try (MixedLoad load = load(database, rows)) {
				LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
				return round.measure(database, load);
			}
		}
	}

	private Measured plain(String what, TestDatabase database, MixedLoad load, long rows) throws SQLException {
		LockWaits waits = new LockWaits(database);
		double seconds;
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			long begun = System.nanoTime();
			statement.execute(CHANGE);
			seconds = (System.nanoTime() - begun) / 1e9;
		}
		Latencies latencies = (load != null) ? load.end() : null;
		return new Measured(what, rows / seconds, latencies, 0,
				(load != null) ? waits.millis(load.processes()) : List.of(), deadRows(database), 0);
	}

	private Measured alone(TestDatabase database, MixedLoad load) {
		// Who samples has a part in what the load pays.
		try (WaitSampler sampler = new WaitSampler(database)) {
			LockSupport.parkNanos(Duration.ofSeconds(60).toNanos());
			return new Measured("the load, alone", 0, load.end(), sampler.count(), List.of(), deadRows(database), 0);
		}
	}

	private Measured backfill(String what, TestDatabase database, MixedLoad load, long rows) {
		LockWaits waits = new LockWaits(database);
		try (WaitSampler sampler = new WaitSampler(database)) {
			List<BackfillProgress> ended = this.folder.tidemark(database)
				.backfillListener(this.ledger)
				.build()
				.backfills()
				.work(BackfillScope.ALL);
			assertThat(ended).hasSize(1)
				.allSatisfy((progress) -> assertThat(progress.state()).as("%s", progress.problem())
					.isEqualTo(BackfillState.FINISHED));
			Latencies latencies = (load != null) ? load.end() : null;
			return new Measured(what, rows / this.ledger.seconds(), latencies, sampler.count(),
					(load != null) ? waits.millis(load.processes()) : List.of(), deadRows(database),
					this.ledger.lastTenth());
		}
	}

	private static long deadRows(TestDatabase database) {
		return Long.parseLong(String
			.valueOf(database.value("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'accounts'")));
	}

	/** Returns after how many seconds it goes on once a signal is good. */
	private double goesOnAfterAThrottle() {
		try (TestDatabase database = database(200_000)) {
			PausingThrottle throttle = new PausingThrottle();
			this.folder.tidemark(database)
				.backfillThrottle(throttle)
				.backfillListener(throttle)
				.build()
				.backfills()
				.work(BackfillScope.ALL);
			return throttle.seconds();
		}
	}

	private void print(long rows, List<Measured> rounds, double goesOn) {
		StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "Backfill of %,d rows:%n", rows));
		table.append(Measured.HEAD);
		rounds.forEach((round) -> table.append(round.row()));
		rounds.stream()
			.filter((round) -> round.lastTenth() > 0)
			.forEach((round) -> table.append(String.format(Locale.ROOT,
					"%s: last tenth at %.2f of the speed of the first%n", round.what(), round.lastTenth())));
		table.append(String.format(Locale.ROOT, "goes on %.1f s after a signal is good%n", goesOn));
		System.out.println(table);
	}

	/** Measures something on a database of its own. */
	private interface Round {

		Measured measure(TestDatabase database, MixedLoad load) throws Exception;

	}

}
