package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A migration of a table that the server vacuums by itself.
 */
@Timeout(180)
class AutovacuumTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** A page in a tenth of a second, so that it would go on for a minute. */
	private static final String SLOW_VACUUM = """
			CREATE TABLE big (x int, t text) WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
			  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50, autovacuum_enabled = false);
			INSERT INTO big SELECT n, repeat('x', 500) FROM generate_series(1, 10000) AS n""";

	private static OwnServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<LockLook> looks = new CopyOnWriteArrayList<>();

	private final List<LockWait> waits = new CopyOnWriteArrayList<>();

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeAll
	static void start() {
		server = OwnServer.start(Map.of("autovacuum_naptime", "1s"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void migrate(@TempDir Path path) {
		this.database = server.createDatabase();
		this.folder = new MigrationFolder(path).add("V1__log.sql", "CREATE TABLE log (x int)");
		tidemark().build().migrate();
		this.database.execute(SLOW_VACUUM);
		this.folder.add("V2__big.sql", "ALTER TABLE big ADD COLUMN y int");
	}

	@AfterEach
	void end() {
		this.threads.shutdownNow();
		this.database.close();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).listener(listener());
	}

	private RunListener listener() {
		return new RunListener() {

			@Override
			public void lockLooked(LockLook look) {
				AutovacuumTests.this.looks.add(look);
			}

			@Override
			public void lockNotGranted(LockWait wait) {
				AutovacuumTests.this.waits.add(wait);
			}

		};
	}

	private void awaitVacuum(String query) {
		await().atMost(PATIENCE)
			.until(() -> "1".equals(this.database.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '"
					+ query + "' AND backend_type = 'autovacuum worker' AND datname = current_database()")));
	}

	@Test
	void anOrdinaryOneGivesWayWithoutThatAnybodyQueuesBehindTheMigration() throws Exception {
		this.database.execute("UPDATE big SET x = x + 1; ALTER TABLE big SET (autovacuum_enabled = true)");
		awaitVacuum("autovacuum: VACUUM%public.big%");
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Integer> queued = CompletableFuture.supplyAsync(() -> countQueues(done), this.threads);
		RunResult run = CompletableFuture.supplyAsync(tidemark().build()::migrate, this.threads)
			.get(60, TimeUnit.SECONDS);
		done.set(true);

		assertThat(run.applied()).hasSize(1);
		assertThat(this.looks).isEmpty();
		assertThat(this.waits).isEmpty();
		assertThat(queued.get(60, TimeUnit.SECONDS)).isZero();
	}

	/**
	 * Of a process of the server such a login sees no more than that it belongs to
	 * nobody.
	 */
	@Test
	void oneThatMayNotBeSeenGivesWayToo() {
		String login = "Owner of " + this.database.name();
		this.database.execute(("CREATE ROLE %1$s LOGIN PASSWORD 'pw'; GRANT ALL ON SCHEMA public TO %1$s;"
				+ " ALTER TABLE big OWNER TO %1$s; ALTER TABLE tidemark_history OWNER TO %1$s;"
				+ " UPDATE big SET x = x + 1; ALTER TABLE big SET (autovacuum_enabled = true)")
			.formatted('"' + login + '"'));
		awaitVacuum("autovacuum: VACUUM%public.big%");
		RunResult run = Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), login, "pw"))
			.locations(this.folder.location())
			.listener(listener())
			.build()
			.migrate();

		assertThat(run.applied()).hasSize(1);
		assertThat(this.looks).isEmpty();
		assertThat(this.waits).isEmpty();
	}

	/** Counts how often somebody queues behind a vacuum for a lock that readers meet. */
	private int countQueues(AtomicBoolean done) {
		int queues = 0;
		try (var connection = this.database.connect(); var statement = connection.createStatement()) {
			while (!done.get()) {
				try (var results = statement.executeQuery("""
						SELECT FROM pg_locks w JOIN pg_locks v USING (relation)
						WHERE w.relation = 'big'::regclass AND NOT w.granted AND w.mode = 'AccessExclusiveLock'
						  AND v.granted AND v.mode = 'ShareUpdateExclusiveLock' AND v.pid <> w.pid""")) {
					queues += results.next() ? 1 : 0;
				}
			}
			return queues;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void oneAgainstWraparoundGivesNoWayAndIsNamed() {
		this.database.execute("""
				ALTER TABLE big SET (autovacuum_freeze_max_age = 100000);
				SET synchronous_commit = off;
				CREATE PROCEDURE grow_old() LANGUAGE plpgsql AS $$
				BEGIN
				  FOR i IN 1..100100 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP;
				END $$""");
		this.database.execute("CALL grow_old()");
		awaitVacuum("autovacuum: VACUUM%public.big%(to prevent wraparound)");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().lockRetry(new LockRetry(Duration.ofSeconds(2))).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
		assertThat(failure).hasMessageContaining("autovacuum (to prevent wraparound)");
		assertThat(this.looks).isNotEmpty()
			.allSatisfy((look) -> assertThat(look.blockers()).singleElement()
				.satisfies((blocker) -> assertThat(blocker.application())
					.isEqualTo("autovacuum (to prevent wraparound)")));
		awaitVacuum("autovacuum: VACUUM%public.big%(to prevent wraparound)");
	}

}
