package dev.tidemark.resume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Kills instances, sessions and servers at random moments, and requires that the next run
 * brings the database to the state of an undisturbed one, every effect exactly once.
 * <p>
 * {@code -Dtidemark.chaos.rounds} says how many kills, {@code -Dtidemark.chaos.seed}
 * repeats the choices of an earlier run.
 */
class ChaosTests {

	private static final int RUNS_AT_MOST = 4;

	/** In turn, so that a short run has every kind too. */
	private static final List<Kind> KINDS = List.of(Kind.SESSION, Kind.AIMED, Kind.JVM, Kind.SERVER, Kind.SESSION,
			Kind.AIMED, Kind.SESSION, Kind.AIMED, Kind.SESSION, Kind.AIMED);

	/** Where concurrent commands can be held: before, during and after their work. */
	private static final List<Aim> AIMS = List.of(
			new Aim("2", "LOCK TABLE filled IN ROW EXCLUSIVE MODE", "%CONCURRENTLY%"),
			new Aim("2", "SELECT 1", "%CONCURRENTLY%"),
			new Aim("3", "LOCK TABLE reindexed IN ROW EXCLUSIVE MODE", "%CONCURRENTLY%"),
			new Aim("3", "SELECT 1", "%CONCURRENTLY%"),
			new Aim("3", "LOCK TABLE reindexed IN ACCESS SHARE MODE", "%CONCURRENTLY%"),
			new Aim("4", "LOCK TABLE dropped IN ACCESS SHARE MODE", "DROP INDEX CONCURRENTLY%"),
			new Aim("5", "LOCK TABLE parted IN ACCESS SHARE MODE", "%DETACH PARTITION%"),
			new Aim("1", null, "%tidemark_history%"), new Aim("8", null, "%tidemark_history%"),
			new Aim("1", null, "%COMMIT%"), new Aim("8", null, "%COMMIT%"), new Aim("8", null, "COMMIT"),
			new Aim("10", null, "INSERT INTO log%"), new Aim("13", null, "CALL%"),
			new Aim("14", "LOCK TABLE pg_database IN SHARE MODE", "CREATE DATABASE%"),
			new Aim("15", "LOCK TABLE pg_database IN SHARE MODE", "DROP DATABASE%"),
			new Aim("14", null, "CREATE DATABASE%"), new Aim("15", null, "DROP DATABASE%"),
			new Aim("14", null, "ALTER SYSTEM%"),
			new Aim("16", "LOCK TABLE filled IN ROW EXCLUSIVE MODE", "%CONCURRENTLY%"),
			new Aim("16", null, "%session 1%"), new Aim("16", null, "VACUUM%"));

	private final long seed = seed();

	private final Random random = new Random(this.seed);

	private final Map<Kind, Integer> rounds = new EnumMap<>(Kind.class);

	private final Map<Kind, Integer> kills = new EnumMap<>(Kind.class);

	private int resumed;

	private int resolved;

	@TempDir
	private Path path;

	private List<String> undisturbed;

	private long duration;

	private long processDuration;

	@Test
	@Timeout(value = 3, unit = TimeUnit.HOURS)
	void anyKillIsSurvivedWithEveryEffectExactlyOnce() throws Exception {
		ChaosFiles.write(this.path);
		int number = Integer.getInteger("tidemark.chaos.rounds", 20);
		try (EmbeddedPostgres server = isEmbedded() ? startServer() : null) {
			measure();
			for (int i = 0; i < number; i++) {
				Kind kind = KINDS.get(i % KINDS.size());
				if (kind == Kind.SERVER && server == null) {
					kind = Kind.JVM;
				}
				String url = (kind == Kind.SERVER) ? "jdbc:postgresql://localhost:" + server.getPort() + "/"
						: PostgresServer.shared().jdbcUrl("");
				round(i, kind, url);
			}
		}
		finally {
			System.out.println("Chaos: seed " + this.seed + ", rounds " + this.rounds + ", kills in the middle "
					+ this.kills + ", journals continued " + this.resumed + ", resolved by hand " + this.resolved);
		}
	}

	private static long seed() {
		String seed = System.getProperty("tidemark.chaos.seed", "");
		return seed.isEmpty() ? System.nanoTime() : Long.parseLong(seed);
	}

	/** A container has no pg_ctl that could be reached from here. */
	private static boolean isEmbedded() throws SQLException {
		try (Connection connection = DriverManager.getConnection(PostgresServer.shared().jdbcUrl("postgres"),
				PostgresServer.SUPERUSER, PostgresServer.PASSWORD);
				Statement statement = connection.createStatement();
				var results = statement.executeQuery("SELECT current_setting('data_directory')")) {
			results.next();
			return Files.exists(Path.of(results.getString(1)));
		}
	}

	private static EmbeddedPostgres startServer() throws IOException {
		return EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(60))
			.setServerConfig("fsync", "off")
			.start();
	}

	/** The second run of each kind is measured: the first one loads classes. */
	private void measure() throws Exception {
		for (int i = 0; i < 2; i++) {
			try (ChaosDatabase database = new ChaosDatabase(PostgresServer.shared().jdbcUrl(""))) {
				long start = System.nanoTime();
				tidemark(database, null).migrate();
				this.duration = System.nanoTime() - start;
				this.undisturbed = ChaosFiles.state(database);
			}
		}
		try (ChaosDatabase database = new ChaosDatabase(PostgresServer.shared().jdbcUrl(""));
				MigratingProcess process = start(database)) {
			long start = System.nanoTime();
			assertThat(process.exitValue(Duration.ofMinutes(1))).isZero();
			this.processDuration = System.nanoTime() - start;
			assertThat(ChaosFiles.state(database)).isEqualTo(this.undisturbed);
		}
	}

	private void round(int number, Kind kind, String url) throws Exception {
		String label = "round " + number + " (" + kind + "), seed " + this.seed;
		try (ChaosDatabase database = new ChaosDatabase(url)) {
			boolean killed = switch (kind) {
				case JVM -> killProcess(database);
				case SESSION -> killSession(database) | (this.random.nextBoolean() && killSession(database));
				case AIMED -> killAimed(database, AIMS.get(this.random.nextInt(AIMS.size())));
				case SERVER -> crashServer(database);
			};
			this.rounds.merge(kind, 1, Integer::sum);
			if (killed) {
				this.kills.merge(kind, 1, Integer::sum);
			}
			finish(database, label);
			this.resumed += database.rows("SELECT 1 FROM tidemark_history WHERE state = 'interrupted'").size();
			assertThat(ChaosFiles.state(database)).as(label).isEqualTo(this.undisturbed);
		}
		catch (Exception ex) {
			throw new IllegalStateException(label, ex);
		}
	}

	private Tidemark tidemark(ChaosDatabase database, String target) {
		return Tidemark
			.builder(ConnectionSource.of(database.jdbcUrl(), PostgresServer.SUPERUSER, PostgresServer.PASSWORD))
			.locations("filesystem:" + this.path)
			.target((target != null) ? MigrationVersion.of(target) : null)
			.build();
	}

	private MigratingProcess start(ChaosDatabase database) throws IOException {
		return MigratingProcess.start(database.jdbcUrl(), this.path, Duration.ofMinutes(1)).awaitReady();
	}

	/**
	 * Starts a run that something will happen to; anything but an orderly end is wrong.
	 */
	private CompletableFuture<Boolean> run(ChaosDatabase database) {
		Tidemark tidemark = tidemark(database, null);
		return OwnThread.supply(() -> {
			try {
				tidemark.migrate();
				return false;
			}
			catch (TidemarkException ex) {
				return true;
			}
		});
	}

	private static boolean hasFailed(CompletableFuture<Boolean> run) throws Exception {
		try {
			return run.get(60, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

	/** The moment is the point of the test. */
	private void awaitMoment(long duration) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep((long) (this.random.nextDouble() * duration));
	}

	private boolean killProcess(ChaosDatabase database) throws Exception {
		try (MigratingProcess process = start(database)) {
			awaitMoment(this.processDuration);
			boolean alive = process.isAlive();
			process.kill();
			return alive;
		}
	}

	private boolean killSession(ChaosDatabase database) throws Exception {
		try (Connection monitor = database.monitor()) {
			CompletableFuture<Boolean> run = run(database);
			awaitMoment(this.duration);
			database.terminate(monitor);
			return hasFailed(run);
		}
	}

	private boolean crashServer(ChaosDatabase database) throws Exception {
		CompletableFuture<Boolean> run = run(database);
		awaitMoment(this.duration);
		database.crashServer();
		return hasFailed(run);
	}

	/** Kills when a certain statement runs, and half the times once more. */
	private boolean killAimed(ChaosDatabase database, Aim aim) throws Exception {
		tidemark(database, aim.after()).migrate();
		try (Connection monitor = database.monitor(); Connection blocker = database.connect()) {
			String condition = "state = 'active' AND query LIKE '" + aim.query() + "'";
			try (Statement statement = blocker.createStatement()) {
				statement.execute("SET application_name = 'blocker'");
				if (aim.blocker() != null) {
					condition += " AND wait_event_type = 'Lock'";
					blocker.setTransactionIsolation(aim.blocker().startsWith("LOCK")
							? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_REPEATABLE_READ);
					blocker.setAutoCommit(false);
					statement.execute(aim.blocker());
				}
			}
			boolean killed = killWhen(database, monitor, condition);
			if (this.random.nextBoolean()) {
				killWhen(database, monitor, condition);
			}
			return killed;
		}
	}

	private boolean killWhen(ChaosDatabase database, Connection monitor, String condition) throws Exception {
		CompletableFuture<Boolean> run = run(database);
		String count = "SELECT count(*)" + database.activity(condition);
		while (!run.isDone() && ChaosDatabase.count(monitor, count) == 0) {
			Thread.onSpinWait();
		}
		database.terminate(monitor);
		return hasFailed(run);
	}

	/** Runs until all is done. A person is asked only where a person has to decide. */
	private void finish(ChaosDatabase database, String label) {
		for (int i = 0; i < RUNS_AT_MOST; i++) {
			try {
				tidemark(database, null).migrate();
				return;
			}
			catch (TidemarkException ex) {
				String version = database.rows("SELECT version FROM tidemark_history ORDER BY rank DESC LIMIT 1")
					.get(0);
				if (ex.code() != ErrorCode.INTERRUPTED || !ChaosFiles.UNDECIDABLE.contains(version)) {
					throw ex;
				}
				decide(database, version);
			}
		}
		fail(label + " is not done after " + RUNS_AT_MOST + " runs");
	}

	/** What an operator does: looks what is there, and undoes what is there in part. */
	private void decide(ChaosDatabase database, String version) {
		Resolution resolution = Resolution.RETRY;
		if (version.equals("14")) {
			database.execute("""
					DELETE FROM log WHERE entry LIKE 'procedure%' AND (
					  SELECT statements_done FROM tidemark_history ORDER BY rank DESC LIMIT 1) < 2""");
		}
		else if (!version.equals("17")) {
			String entry = version.equals("10") ? "isolated" : "alone";
			if (!database.rows("SELECT 1 FROM log WHERE entry = '" + entry + "'").isEmpty()) {
				resolution = Resolution.APPLIED;
			}
		}
		int rank = Integer.parseInt(database.rows("SELECT max(rank) FROM tidemark_history").get(0));
		tidemark(database, null).resolve(ResolveRequest
			.of(new Identity.Versioned(MigrationVersion.of(version)), rank, resolution, "looked into the log")
			.within(Duration.ofMinutes(1)));
		this.resolved++;
	}

	private enum Kind {

		/** SIGKILL to the JVM. */
		JVM,

		/** {@code pg_terminate_backend} at a random moment. */
		SESSION,

		/** {@code pg_terminate_backend} when a certain statement runs. */
		AIMED,

		/** An immediate stop of the server. */
		SERVER

	}

	/**
	 * A statement to hit.
	 *
	 * @param after the version that is applied before
	 * @param blocker what another session does to hold the statement up, or {@code null}
	 * @param query the pattern of the statement
	 */
	private record Aim(String after, String blocker, String query) {

	}

}
