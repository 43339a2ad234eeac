package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.lock.LockHolder;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is told of sessions of another role, of which the login may see next to nothing.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class HiddenSessionTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Of a statement made of strings nobody knows beforehand what it locks. */
	private static final String UNKNOWN = "DO $$ BEGIN EXECUTE 'ALTER TABLE a ' || 'ADD COLUMN y int'; END $$";

	private final TestDatabase database;

	private final String login;

	private final String grant;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<LockWait> waits = new CopyOnWriteArrayList<>();

	private final List<LockLook> looks = new CopyOnWriteArrayList<>();

	private MigrationFolder folder;

	HiddenSessionTests(TestDatabase database) {
		this.database = database;
		this.login = "Blind " + database.name();
		this.grant = "GRANT pg_read_all_stats TO \"" + this.login + "\"";
	}

	@BeforeEach
	void createRole(@TempDir Path path) {
		this.database.execute("CREATE ROLE \"" + this.login + "\" LOGIN PASSWORD 'pw'; GRANT ALL ON SCHEMA public TO \""
				+ this.login + '"');
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		tidemark().build().migrate();
		this.folder.add("V2__b.sql", "\nALTER TABLE a ADD COLUMN y int");
	}

	@AfterEach
	void dropRole() {
		this.threads.shutdownNow();
		this.database.execute("DROP OWNED BY \"" + this.login + "\" CASCADE; DROP ROLE \"" + this.login + '"');
	}

	private Tidemark.Builder tidemark() {
		return Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), this.login, "pw"))
			.locations(this.folder.location())
			.lockTimeout(Duration.ofSeconds(1))
			.listener(new RunListener() {

				@Override
				public void lockLooked(LockLook look) {
					HiddenSessionTests.this.looks.add(look);
				}

				@Override
				public void lockNotGranted(LockWait wait) {
					HiddenSessionTests.this.waits.add(wait);
				}

			});
	}

	private Connection holdTable() throws Exception {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET application_name = 'nightly report'; SELECT * FROM a");
		}
		return connection;
	}

	/** Returns the first look that has shown the session in the way. */
	private LockLook seen() throws Exception {
		try (Connection holder = holdTable()) {
			Future<?> run = this.threads.submit(() -> tidemark().build().migrate());
			await().atMost(PATIENCE).until(() -> !this.looks.isEmpty());
			holder.rollback();
			run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		return this.looks.get(0);
	}

	/** Tries until the session in the way was seen. */
	private LockWait seenWait() throws Exception {
		this.folder.remove("V2__b.sql").add("V2__b.sql", "\n" + UNKNOWN);
		try (Connection holder = holdTable()) {
			Future<?> run = this.threads.submit(() -> tidemark().build().migrate());
			await().atMost(PATIENCE).until(() -> this.waits.stream().anyMatch((wait) -> !wait.blockers().isEmpty()));
			holder.rollback();
			run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		return this.waits.stream().filter((wait) -> !wait.blockers().isEmpty()).findFirst().orElseThrow();
	}

	@Test
	void whatMayNotBeSeenOfASessionInTheWayIsUnknown() throws Exception {
		Blocker blocker = seen().blockers().get(0);

		assertThat(blocker.user()).isEqualTo("postgres");
		assertThat(blocker.application()).isEqualTo("nightly report");
		assertThat(blocker.state()).isNull();
		assertThat(blocker.transaction()).isNull();
		assertThat(blocker.statement()).isNull();
		assertThat(blocker.grant()).isEqualTo(this.grant);
	}

	@Test
	void theTextLeavesItOutAndSaysWhatShowsIt() throws Exception {
		assertThat(seen().toString()).contains("(nightly report, user postgres)", this.grant)
			.doesNotContain("null", " 0 ms", "insufficient privilege", "transaction open for");
	}

	@Test
	void theTextOfAFailureSaysItOnce() throws Exception {
		try (Connection first = holdTable(); Connection second = holdTable()) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().lockRetry(new LockRetry(Duration.ZERO)).build().migrate());

			assertThat(failure.getMessage()).containsOnlyOnce(this.grant).doesNotContain("null");
			assertThat(first.isValid(5) && second.isValid(5)).isTrue();
		}
	}

	@Test
	void withTheGrantItIsSeen() throws Exception {
		this.database.execute(this.grant);

		Blocker blocker = seen().blockers().get(0);

		assertThat(blocker.state()).isEqualTo("idle in transaction");
		assertThat(blocker.transaction()).isNotNull();
		assertThat(blocker.grant()).isNull();
	}

	@Test
	void theLockAndTheStatementThatWaitsForItAreNamed() throws Exception {
		LockWait wait = seenWait();

		assertThat(wait.lock()).isEqualTo(new AwaitedLock("relation", "AccessExclusiveLock", "public.a"));
		assertThat(wait.where()).asString().contains("V2__b.sql:2:1 (statement 1: DO $$ BEGIN EXECUTE 'ALTER TABLE a");
		assertThat(wait.toString()).contains("V2__b.sql:2:1", "AccessExclusiveLock on public.a is blocked by pid ");
	}

	@Test
	void aPreparedTransactionInTheWayIsToldAsWhatItIs() throws Exception {
		String name = this.database.name();
		this.database.execute("BEGIN; LOCK TABLE a; PREPARE TRANSACTION '" + name + "'");
		Future<?> run = this.threads.submit(() -> tidemark().build().migrate());
		await().atMost(PATIENCE).until(() -> !this.looks.isEmpty());
		this.database.execute("ROLLBACK PREPARED '" + name + "'");
		run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

		assertThat(this.looks).anySatisfy((look) -> assertThat(look.toString())
			.contains("blocked by a prepared transaction (see pg_prepared_xacts)"));
	}

	@Test
	void theThirdAttemptIsAWarning() throws Exception {
		String lock = "SELECT pg_advisory_xact_lock(4711)";
		this.folder.remove("V2__b.sql").add("V2__b.sql", lock);
		try (LogLines log = LogLines.of("MigrationAttempts");
				Connection holder = holdTable();
				Statement holding = holder.createStatement()) {
			holding.execute(lock);
			Future<?> run = this.threads.submit(() -> tidemark().lockTimeout(Duration.ofMillis(50)).build().migrate());
			await().atMost(PATIENCE).until(() -> this.waits.size() >= 3);
			holder.rollback();
			run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

			assertThat(log.lines()).element(0).asString().startsWith("INFO Attempt 1 ");
			assertThat(log.lines()).element(1).asString().startsWith("INFO Attempt 2 ");
			assertThat(log.lines()).element(2).asString().startsWith("WARN Attempt 3 ");
		}
	}

	@Test
	void ofAnInstanceThatMigratesOnlyWhatMayBeSeenIsTold() throws Exception {
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(42)");
			this.folder.remove("V2__b.sql").add("V2__b.sql", "SELECT pg_advisory_xact_lock(42)");
			Future<?> run = this.threads
				.submit(() -> this.folder.tidemark(this.database).lockTimeout(Duration.ZERO).build().migrate());
			Tidemark other = tidemark().build();
			await().atMost(PATIENCE).until(() -> {
				LockHolder migrating = other.inspect(InspectRequest.everything().within(PATIENCE)).lockHolder();
				return migrating != null && migrating.activity().lock() != null;
			});
			LockHolder migrating = other.inspect(InspectRequest.everything().within(PATIENCE)).lockHolder();
			statement.execute("SELECT pg_advisory_unlock(42)");
			run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

			assertThat(migrating).isNotNull();
			assertThat(migrating.user()).isEqualTo("postgres");
			assertThat(migrating.client()).isNull();
			assertThat(migrating.connected()).isNull();
			assertThat(migrating.running()).isNull();
			assertThat(migrating.statement()).isNull();
			assertThat(migrating.grant()).isEqualTo(this.grant);
			assertThat(migrating.toString()).contains("ExclusiveLock (advisory)")
				.containsOnlyOnce(this.grant)
				.doesNotContain("null", "0 s", "local socket", "working", "insufficient");
		}
	}

}
