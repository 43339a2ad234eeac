package dev.tidemark.resume;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.BackfillProcess;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.Backfills;
import dev.tidemark.rollout.pace.ThrottleSignal;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.CrashableServer;
import dev.tidemark.testkit.HotStandby;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kills whoever works on a backfill at random moments: its sessions, its JVM, its server.
 * A counter of each row tells whether it was moved exactly once.
 */
@ExtendWith(PostgresExtension.class)
class BackfillChaosTests {

	private static final int ROWS = 2000;

	/** What else goes on on the machine is none of the test's business. */
	private static final Map<String, String> OFF = Arrays.stream(ThrottleSignal.values())
		.filter((signal) -> signal != ThrottleSignal.QUERY)
		.collect(Collectors.toMap(ThrottleSignal::word, (signal) -> "off"));

	private final long seed = Long.getLong("backfill.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private final Map<Kill, Integer> kills = new EnumMap<>(Kill.class);

	private final TestDatabase shared;

	@TempDir
	private Path path;

	BackfillChaosTests(TestDatabase shared) {
		this.shared = shared;
	}

	@Test
	@Timeout(value = 2, unit = TimeUnit.HOURS)
	void eachRowIsMovedExactlyOnceWhateverIsKilled() throws Exception {
		int rounds = Integer.getInteger("backfill.rounds", 1);
		try {
			for (int i = 0; i < rounds; i++) {
				for (Shape shape : Shape.values()) {
					Kill kill = (i == 0 && shape == Shape.COMPOSITE) ? Kill.JVM
							: (i < 2 || this.random.nextInt(4) > 0) ? Kill.SESSION : Kill.JVM;
					round(i, shape, kill, this.shared.jdbcUrl());
				}
			}
		}
		finally {
			System.out.println("Backfills: seed " + this.seed + ", kills " + this.kills);
		}
	}

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void eachRowIsMovedExactlyOnceWhenTheServerCrashes() throws Exception {
		int rounds = Math.max(1, Integer.getInteger("backfill.rounds", 1) / 5);
		for (int i = 0; i < rounds; i++) {
			for (Shape shape : (rounds == 1) ? List.of(Shape.WORKERS) : List.of(Shape.values())) {
				Path data = Files.createTempDirectory(this.path, "server");
				try (CrashableServer server = CrashableServer.start(data)) {
					crash(server, shape);
				}
			}
		}
	}

	private void crash(CrashableServer server, Shape shape) throws Exception {
		Path files = files(shape);
		begin(server.jdbcUrl(), files);
		Tidemark killed = tidemark(server.jdbcUrl(), files);
		CompletableFuture<Void> work = OwnThread.run(() -> {
			try {
				killed.backfills().work(BackfillScope.ALL);
			}
			catch (TidemarkException ex) {
				// Its server is gone.
			}
		});
		awaitMoment(server.jdbcUrl());
		server.crash();
		// The port is another one then: this instance finds no server any more.
		killed.backfills().stop();
		work.join();
		finish(server.jdbcUrl(), files);
		assertThat(counts(server.jdbcUrl(), shape)).as("seed " + this.seed).containsExactly("1|" + ROWS);
	}

	@Test
	void aPromotedStandbyGoesOnWhereThePrimaryWas() throws Exception {
		Shape shape = Shape.INSERT;
		Path files = files(shape);
		try (HotStandby standby = HotStandby.start(Files.createTempDirectory(this.path, "standby"), (primary) -> {
			begin(primary.jdbcUrl(), files);
			Backfills backfills = tidemark(primary.jdbcUrl(), files).backfills();
			CompletableFuture<Void> work = OwnThread.run(() -> backfills.work(BackfillScope.ALL));
			awaitMoment(primary.jdbcUrl());
			backfills.stop();
			work.join();
		})) {
			String url = standby.database().jdbcUrl();
			assertThat(counts(url, shape)).as("some, and not all").isNotEmpty().doesNotContain("1|" + ROWS);
			standby.database().execute("SELECT pg_promote()");

			finish(url, files);

			assertThat(counts(url, shape)).containsExactly("1|" + ROWS);
		}
	}

	private void round(int number, Shape shape, Kill kill, String url) throws Exception {
		String label = "round " + number + ", " + shape + ", " + kill + ", seed " + this.seed;
		Path files = files(shape);
		execute(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
		begin(url, files);
		if (kill == Kill.JVM) {
			try (BackfillProcess process = BackfillProcess.start(url, files)) {
				awaitMoment(url);
				process.kill();
			}
		}
		else {
			for (int i = 0; i <= this.random.nextInt(3); i++) {
				CompletableFuture<Void> work = work(url, files);
				awaitMoment(url);
				execute(url,
						"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tidemark%'"
								+ " AND datname = current_database()"
								+ (this.random.nextBoolean() ? "" : " AND state = 'active'"));
				work.get(60, TimeUnit.SECONDS);
			}
		}
		this.kills.merge(kill, 1, Integer::sum);
		finish(url, files);
		assertThat(counts(url, shape)).as(label).containsExactly("1|" + ROWS);
		assertThat(rows(url, "SELECT state FROM tidemark_history WHERE phase = 'backfill'")).as(label)
			.containsExactly("applied");
	}

	private Path files(Shape shape) throws Exception {
		Path folder = Files.createTempDirectory(this.path, "files");
		Files.writeString(folder.resolve("V1__before.sql"), shape.schema.replace("ROWS", Integer.toString(ROWS)));
		Files.writeString(folder.resolve("V2__move.backfill.sql"),
				"-- tidemark: batch table=moved max-size=20 size=20 duty=1\n" + shape.backfill);
		return folder;
	}

	/** In a schema that held nothing the backfill would run with the first start. */
	private static void begin(String url, Path files) {
		tidemark(url, files).mutate().target(MigrationVersion.of("1")).build().migrate();
	}

	private static Tidemark tidemark(String url, Path files) {
		return Tidemark.builder(ConnectionSource.of(url, PostgresServer.SUPERUSER, PostgresServer.PASSWORD))
			.locations("filesystem:" + files)
			.throttleSettings(OFF)
			.build();
	}

	/** Works; anything but an orderly end is wrong. */
	private static CompletableFuture<Void> work(String url, Path files) {
		Tidemark tidemark = tidemark(url, files);
		return OwnThread.run(() -> {
			try {
				tidemark.backfills().work(BackfillScope.ALL);
			}
			catch (TidemarkException ex) {
				// Its session was killed.
			}
		});
	}

	/** Waits until some batches are committed, and then for a moment. */
	private void awaitMoment(String url) {
		long wanted = this.random.nextInt(ROWS / 25);
		long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			while (System.nanoTime() < deadline && batches(statement) < wanted) {
				Thread.onSpinWait();
			}
			if (System.nanoTime() >= deadline) {
				throw new AssertionError("Nobody works");
			}
			TimeUnit.MICROSECONDS.sleep(this.random.nextInt(5000));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static long batches(Statement statement) throws SQLException {
		try (ResultSet exists = statement.executeQuery("SELECT to_regclass('tidemark_history_backfill') IS NULL")) {
			if (exists.next() && exists.getBoolean(1)) {
				return 0;
			}
		}
		try (ResultSet results = statement
			.executeQuery("SELECT CASE WHEN bool_or(state = 'finished') THEN 100000 ELSE coalesce(sum(batches), 0) END"
					+ " FROM tidemark_history_backfill")) {
			results.next();
			return results.getLong(1);
		}
	}

	private static void finish(String url, Path files) {
		for (int i = 0; i < 5; i++) {
			List<BackfillProgress> ended = tidemark(url, files).backfills().work(BackfillScope.ALL);
			assertThat(ended).allSatisfy((one) -> assertThat(one.problem()).isNull());
			if (ended.stream().allMatch((one) -> one.state() == BackfillState.FINISHED)) {
				return;
			}
		}
		throw new AssertionError("The backfill does not come to its end");
	}

	private static List<String> counts(String url, Shape shape) {
		return rows(url, "SELECT n, count(*) FROM (" + shape.counter + ") c GROUP BY n ORDER BY n");
	}

	private static void execute(String url, String sql) {
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> rows(String url, String sql) {
		try (Connection connection = connect(url);
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			List<String> rows = new ArrayList<>();
			int columns = results.getMetaData().getColumnCount();
			while (results.next()) {
				String row = String.valueOf((results.getString(1) != null) ? results.getString(1) : "");
				rows.add((columns > 1) ? row + "|" + results.getString(2) : row);
			}
			return rows;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Connection connect(String url) throws SQLException {
		return DriverManager.getConnection(url, PostgresServer.SUPERUSER, PostgresServer.PASSWORD);
	}

	private enum Kill {

		SESSION, JVM

	}

	private enum Shape {

		UPDATE("CREATE TABLE moved (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
				+ " INSERT INTO moved SELECT generate_series(1, ROWS)", "UPDATE moved SET n = n + 1 WHERE {batch}",
				"SELECT n FROM moved"),

		INSERT("CREATE TABLE moved (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), i int); CREATE TABLE made (id uuid);"
				+ " INSERT INTO moved (i) SELECT generate_series(1, ROWS)",
				"INSERT INTO made SELECT id FROM moved WHERE {batch}", "SELECT count(*) AS n FROM made GROUP BY id"),

		DELETE("CREATE TABLE moved (id int PRIMARY KEY); CREATE TABLE gone (id int);"
				+ " INSERT INTO moved SELECT generate_series(1, ROWS)",
				"WITH d AS (DELETE FROM moved WHERE {batch} RETURNING id) INSERT INTO gone SELECT id FROM d",
				"SELECT count(*) AS n FROM gone GROUP BY id"),

		COMPOSITE(
				"CREATE TABLE moved (a text, b int, n int NOT NULL DEFAULT 0, PRIMARY KEY (a, b));"
						+ " INSERT INTO moved SELECT 'x' || i % 7, i FROM generate_series(1, ROWS) i",
				"UPDATE moved SET n = n + 1 WHERE {batch}", "SELECT n FROM moved"),

		PARTITIONED(
				"CREATE TABLE moved (id int PRIMARY KEY, n int NOT NULL DEFAULT 0) PARTITION BY HASH (id);"
						+ " CREATE TABLE moved_0 PARTITION OF moved FOR VALUES WITH (MODULUS 3, REMAINDER 0);"
						+ " CREATE TABLE moved_1 PARTITION OF moved FOR VALUES WITH (MODULUS 3, REMAINDER 1);"
						+ " CREATE TABLE moved_2 PARTITION OF moved FOR VALUES WITH (MODULUS 3, REMAINDER 2);"
						+ " INSERT INTO moved SELECT generate_series(1, ROWS)",
				"UPDATE moved SET n = n + 1 WHERE {batch}", "SELECT n FROM moved"),

		WORKERS(UPDATE.schema, "-- tidemark: workers=4\nUPDATE moved SET n = n + 1 WHERE {batch}", UPDATE.counter);

		private final String schema;

		private final String backfill;

		private final String counter;

		Shape(String schema, String backfill, String counter) {
			this.schema = schema;
			this.backfill = backfill;
			this.counter = counter;
		}

	}

}
