package dev.tidemark.resume;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.tidemark.fixture.BackfillingProcess;
import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.OneSidedRelay;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills whatever backfills need at random moments, and requires that each row is moved
 * exactly once, and that what is recorded is what happened: at each moment, and at the
 * end.
 * <p>
 * {@code -Dtidemark.backfill.rounds} says how many deaths each kind of backfill dies,
 * {@code -Dtidemark.backfill.seed} repeats the choices of an earlier run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackfillChaosTests {

	private static final String HOLDS_LEASE = "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)";

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** How long one takes that was not measured. */
	private static final long ABOUT = TimeUnit.MILLISECONDS.toNanos(400);

	private static final List<BackfillDeath> DEATHS = List.of(BackfillDeath.values());

	private final long seed = seed();

	private final int rounds = Integer.getInteger("tidemark.backfill.rounds", 10);

	private final Map<BackfillDeath, Integer> deaths = new EnumMap<>(BackfillDeath.class);

	private final Map<BackfillDeath, Integer> hits = new EnumMap<>(BackfillDeath.class);

	private final Map<BackfillKind, Long> durations = new EnumMap<>(BackfillKind.class);

	private boolean embedded;

	private BackfillServers servers;

	@BeforeAll
	void start(@TempDir Path path) throws SQLException {
		this.servers = new BackfillServers(path);
		this.embedded = BackfillServers.areEmbedded();
	}

	@AfterAll
	void end() throws Exception {
		this.servers.close();
		tell("all");
	}

	private void tell(Object what) {
		System.out.println("Backfills: " + what + ", seed " + this.seed + ", deaths " + this.deaths
				+ ", that hit one at work " + this.hits);
	}

	private static long seed() {
		String seed = System.getProperty("tidemark.backfill.seed", "");
		return seed.isEmpty() ? System.nanoTime() : Long.parseLong(seed);
	}

	@ParameterizedTest
	@CsvSource({ "UPDATE, JVM", "INSERT, SESSIONS", "SEVERAL, CUT", "WORKERS, LEASE", "PARTITIONED, SERVER" })
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void eachRowIsMovedExactlyOnceWhateverDiesOnce(BackfillKind kind, BackfillDeath death) throws Exception {
		new Round(kind, death, 0).run();
	}

	@ParameterizedTest
	@EnumSource
	@Tag("proof")
	@Timeout(value = 3, unit = TimeUnit.HOURS)
	void eachRowIsMovedExactlyOnceWhateverDies(BackfillKind kind) throws Exception {
		measure(kind);
		for (int i = 0; i < this.rounds; i++) {
			new Round(kind, DEATHS.get((i + kind.ordinal()) % DEATHS.size()), i).run();
		}
		tell(kind);
	}

	/** Nothing dies here. */
	private void measure(BackfillKind kind) throws Exception {
		try (ChaosDatabase database = this.servers.shared(kind)) {
			long start = System.nanoTime();
			BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.servers.folder(kind));
			assertThat(run.hasFailed()).isFalse();
			this.durations.put(kind, System.nanoTime() - start);
			assertThatAllIsMoved(database, kind);
			assertThat(run.acknowledged()).isEqualTo(BackfillTally.of(database, kind).rows());
		}
	}

	private void assertThatRecordIsTrue(ChaosDatabase database, BackfillKind kind) {
		BackfillTally tally = BackfillTally.of(database, kind);
		assertThat(tally.rows()).as(tally.toString()).isEqualTo(tally.changed());
	}

	private void assertThatAllIsMoved(ChaosDatabase database, BackfillKind kind) {
		BackfillTally tally = BackfillTally.of(database, kind);
		assertThat(database.rows("SELECT times, count(*), min(key), max(key) FROM (" + kind.times()
				+ ") AS t WHERE times <> 1 GROUP BY times ORDER BY 1"))
			.as("rows that are not moved exactly once, " + tally)
			.isEmpty();
		assertThat(database.rows("SELECT count(*) FROM (" + kind.times() + ") AS t"))
			.containsExactly(Integer.toString(BackfillKind.ROWS));
		assertThat(tally.rows()).as(tally.toString()).isEqualTo(tally.changed());
		assertThat(tally.badRows()).as(tally.toString()).isEqualTo(kind.badRows());
		if (!kind.isByBlocks()) {
			assertThat(tally.keys()).as(tally.toString()).isEqualTo(BackfillKind.ROWS);
		}
		if (kind == BackfillKind.SEVERAL) {
			assertThat(database.rows("SELECT count(*) FROM batches")).containsExactly(Long.toString(tally.batches()));
		}
		assertThat(database.rows("SELECT count(*) FROM tidemark_history WHERE version = '2' AND state = 'applied'"))
			.containsExactly("1");
		BackfillProgress progress = progress(database, kind);
		assertThat(progress.state()).isEqualTo(BackfillState.FINISHED);
		assertThat(progress.counts().rows()).isEqualTo(tally.rows());
		assertThat(progress.counts().batches()).isEqualTo(tally.batches());
		assertThat(progress.counts().badRows()).isEqualTo(tally.badRows());
	}

	private BackfillProgress progress(ChaosDatabase database, BackfillKind kind) {
		return BackfillInstance.instance(database.jdbcUrl(), this.servers.folder(kind), new BackfillListener() {
		}).backfills().progress().get(0);
	}

	/** One database, one death, and what comes after it. */
	private final class Round {

		private final BackfillKind kind;

		private final BackfillDeath death;

		private final int number;

		private final Random random;

		private final Path folder;

		private Round(BackfillKind kind, BackfillDeath death, int number) {
			this.kind = kind;
			// A container has no processes that could be reached from here.
			this.death = (death.isOfServer() && !BackfillChaosTests.this.embedded) ? BackfillDeath.JVM : death;
			this.number = number;
			this.random = new Random(Objects.hash(BackfillChaosTests.this.seed, kind.name(), number));
			this.folder = BackfillChaosTests.this.servers.folder(kind);
		}

		private void run() throws Exception {
			String label = this.kind + ", round " + this.number + " (" + this.death + "), seed "
					+ BackfillChaosTests.this.seed;
			try {
				survive();
			}
			catch (Exception | AssertionError ex) {
				throw new AssertionError(label, ex);
			}
		}

		private void survive() throws Exception {
			BackfillServers servers = BackfillChaosTests.this.servers;
			switch (this.death) {
				case PROMOTED -> {
					try (ServerPair pair = servers.pair(); ChaosDatabase database = servers.on(pair, this.kind)) {
						die(database, () -> promote(pair, database));
					}
				}
				case SERVER -> {
					try (ChaosDatabase database = servers.crashing(this.kind)) {
						die(database, () -> crash(database));
					}
				}
				default -> {
					try (ChaosDatabase database = servers.shared(this.kind)) {
						die(database, () -> strike(database));
					}
				}
			}
		}

		private void die(ChaosDatabase database, Strike strike) throws Exception {
			boolean hit = strike.hits();
			BackfillChaosTests.this.deaths.merge(this.death, 1, Integer::sum);
			if (hit) {
				BackfillChaosTests.this.hits.merge(this.death, 1, Integer::sum);
			}
			assertThatRecordIsTrue(database, this.kind);
			finish(database);
			assertThatAllIsMoved(database, this.kind);
			assertThatNobodyIsLeft(database);
		}

		private boolean strike(ChaosDatabase database) throws Exception {
			return switch (this.death) {
				case BATCH -> endSessions(database, "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid"
						+ database.activity("NOT " + HOLDS_LEASE) + " ORDER BY random() LIMIT 1) AS one");
				case LEASE ->
					endSessions(database, "SELECT count(pg_terminate_backend(pid))" + database.activity(HOLDS_LEASE));
				case SESSIONS ->
					endSessions(database, "SELECT count(pg_terminate_backend(pid))" + database.activity("true"));
				case CANCEL -> endSessions(database, "SELECT count(pg_cancel_backend(pid))"
						+ database.activity("state = 'active' AND NOT " + HOLDS_LEASE));
				case CUT -> cut(database);
				case LOCKS -> lock(database);
				case STOP -> stop(database);
				case RACE -> race(database);
				case JVM -> kill(database);
				case FROZEN -> freeze(database);
				case SERVER, PROMOTED -> throw new IllegalStateException();
			};
		}

		/** At times it dies before the first batch, mostly behind it. */
		private void awaitMoment(BooleanSupplier begun) throws InterruptedException {
			if (this.random.nextInt(4) > 0) {
				await().pollInterval(Duration.ofMillis(2)).until(begun::getAsBoolean);
			}
			awaitMoment(0.7);
		}

		/** The moment is the point of the test. */
		private void awaitMoment(double share) throws InterruptedException {
			long duration = BackfillChaosTests.this.durations.getOrDefault(this.kind, ABOUT);
			TimeUnit.NANOSECONDS.sleep((long) (this.random.nextDouble() * duration * share));
		}

		/** Some die more than once. */
		private boolean endSessions(ChaosDatabase database, String sql) throws Exception {
			boolean hit = false;
			BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.folder);
			int strikes = 1 + this.random.nextInt(3);
			try (Connection monitor = database.monitor()) {
				awaitMoment(run::hasBegun);
				hit |= ChaosDatabase.count(monitor, sql) > 0;
				for (int i = 1; i < strikes; i++) {
					awaitMoment(0.5);
					hit |= ChaosDatabase.count(monitor, sql) > 0;
				}
			}
			run.hasFailed();
			return hit;
		}

		/**
		 * The instance is alone all of a sudden, and the server goes on with what it was
		 * told: it learns of it when the next instance begins.
		 */
		private boolean cut(ChaosDatabase database) throws Exception {
			try (OneSidedRelay relay = new OneSidedRelay(database.jdbcUrl())) {
				BackfillInstance run = BackfillInstance.start(relay.jdbcUrl(), this.folder);
				awaitMoment(run::hasBegun);
				boolean hit = !run.isDone();
				if (this.random.nextBoolean()) {
					relay.muteServer();
					awaitMoment(0.1);
				}
				relay.cutClients();
				run.hasFailed();
				return hit;
			}
		}

		/** Others lock rows for longer than a batch waits, so that it is tried again. */
		private boolean lock(ChaosDatabase database) throws Exception {
			boolean hit = false;
			BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.folder);
			try (Connection application = database.connect(); Statement statement = application.createStatement()) {
				application.setAutoCommit(false);
				for (int i = 0; i < 3; i++) {
					statement.execute("SELECT FROM items OFFSET " + this.random.nextInt(BackfillKind.ROWS)
							+ " LIMIT 1 FOR UPDATE");
					awaitMoment(0.3);
					hit |= !run.isDone();
					application.rollback();
				}
			}
			run.hasFailed();
			return hit;
		}

		private boolean stop(ChaosDatabase database) throws Exception {
			BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.folder);
			awaitMoment(run::hasBegun);
			run.stop();
			assertThat(run.hasFailed()).isFalse();
			return BackfillTally.of(database, this.kind).isHalfDone();
		}

		/** Whoever works loses the lease, and another one begins where it is at work. */
		private boolean race(ChaosDatabase database) throws Exception {
			boolean hit = false;
			List<BackfillInstance> runs = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				runs.add(BackfillInstance.start(database.jdbcUrl(), this.folder));
			}
			try (Connection monitor = database.monitor()) {
				for (int i = 0; i < 2; i++) {
					awaitMoment(() -> runs.stream().anyMatch(BackfillInstance::hasBegun));
					hit |= ChaosDatabase.count(monitor,
							"SELECT count(pg_terminate_backend(pid))" + database.activity(HOLDS_LEASE)) > 0;
				}
			}
			for (BackfillInstance run : runs) {
				run.hasFailed();
			}
			return hit;
		}

		private boolean kill(ChaosDatabase database) throws Exception {
			try (MigratingProcess process = process(database)) {
				awaitMoment(() -> hasBegun(process, database));
				process.kill();
			}
			return BackfillTally.of(database, this.kind).isHalfDone();
		}

		/**
		 * A JVM stands still, its lease is lost, and it goes on when another one is at
		 * work or done.
		 */
		private boolean freeze(ChaosDatabase database) throws Exception {
			try (MigratingProcess process = process(database); Connection monitor = database.monitor()) {
				awaitMoment(() -> hasBegun(process, database));
				boolean alive = process.isAlive();
				if (alive) {
					process.signal("STOP");
				}
				boolean hit = BackfillTally.of(database, this.kind).isHalfDone();
				ChaosDatabase.count(monitor,
						"SELECT count(pg_terminate_backend(pid))" + database.activity(HOLDS_LEASE));
				BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.folder);
				awaitMoment(2);
				if (alive) {
					process.signal("CONT");
				}
				process.exitValue(PATIENCE);
				run.hasFailed();
				return hit;
			}
		}

		private boolean hasBegun(MigratingProcess process, ChaosDatabase database) {
			return !process.isAlive() || BackfillTally.of(database, this.kind).rows() > 0;
		}

		private MigratingProcess process(ChaosDatabase database) throws Exception {
			return MigratingProcess.start(BackfillingProcess.class, database.jdbcUrl(), this.folder).awaitReady();
		}

		private boolean crash(ChaosDatabase database) throws Exception {
			BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.folder);
			awaitMoment(run::hasBegun);
			boolean hit = !run.isDone();
			database.crashServer();
			run.hasFailed();
			assertThatAcknowledgedIsThere(run, database);
			return hit;
		}

		private boolean promote(ServerPair pair, ChaosDatabase database) throws Exception {
			BackfillInstance run = BackfillInstance.start(database.jdbcUrl(), this.folder);
			awaitMoment(run::hasBegun);
			boolean hit = !run.isDone();
			pair.failOver();
			run.hasFailed();
			assertThatAcknowledgedIsThere(run, database);
			return hit;
		}

		private void assertThatAcknowledgedIsThere(BackfillInstance run, ChaosDatabase database) {
			assertThat(BackfillTally.of(database, this.kind).rows()).isGreaterThanOrEqualTo(run.acknowledged());
		}

		/** Nobody has to decide anything: the next instance goes on. */
		private void finish(ChaosDatabase database) throws Exception {
			assertThat(BackfillInstance.start(database.jdbcUrl(), this.folder).hasFailed()).isFalse();
		}

		private void assertThatNobodyIsLeft(ChaosDatabase database) throws SQLException {
			try (Connection monitor = database.monitor()) {
				await().until(() -> ChaosDatabase.count(monitor, "SELECT count(*)" + database.activity("true")) == 0);
			}
		}

	}

	/** Something that dies. */
	@FunctionalInterface
	private interface Strike {

		/** Returns whether it hit a backfill at work. */
		boolean hits() throws Exception;

	}

}
