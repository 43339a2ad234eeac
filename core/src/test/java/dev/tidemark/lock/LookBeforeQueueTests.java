package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.LockLook;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.tenant.TenantsResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who is in the way is looked for before a migration queues, so that nobody queues behind
 * it.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class LookBeforeQueueTests {

	private static final String ADD_COLUMN = "ALTER TABLE a ADD COLUMN y int";

	private static final AwaitedLock LOCK = new AwaitedLock("relation", "AccessExclusiveLock", "public.a");

	private final TestDatabase database;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final List<LockLook> looks = new CopyOnWriteArrayList<>();

	private MigrationFolder folder;

	@TempDir
	private Path tenants;

	LookBeforeQueueTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int); CREATE TABLE log (x int)");
		this.folder.tidemark(this.database).build().migrate();
	}

	@AfterEach
	void endThreads() {
		this.threads.shutdownNow();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).listener(listener());
	}

	private RunListener listener() {
		return new RunListener() {

			@Override
			public void lockLooked(LockLook look) {
				LookBeforeQueueTests.this.looks.add(look);
				LookBeforeQueueTests.this.events.add("looked");
			}

			@Override
			public void lockQueued(Identity migration, Duration looked) {
				LookBeforeQueueTests.this.events.add("queued");
			}

			@Override
			public void lockNotGranted(LockWait wait) {
				LookBeforeQueueTests.this.events.add("not granted");
			}

			@Override
			public void migrationApplied(MigrationInfo migration, MigrationResult result) {
				LookBeforeQueueTests.this.events.add("applied");
			}

		};
	}

	private CompletableFuture<RunResult> start(Tidemark tidemark) {
		return CompletableFuture.supplyAsync(tidemark::migrate, this.threads);
	}

	private static void end(CompletableFuture<RunResult> run) throws Exception {
		assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
	}

	/** Nobody is willing to queue for a transaction as old as that. */
	private Connection hold(String sql) throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET application_name = 'long report'");
			statement.execute(sql);
		}
		int pid = connection.unwrap(PGConnection.class).getBackendPID();
		await().until(() -> "t".equals(this.database.value("SELECT xact_start IS NULL"
				+ " OR clock_timestamp() - xact_start > '1 s' FROM pg_stat_activity WHERE pid = " + pid)));
		return connection;
	}

	private void awaitLook() {
		await().until(() -> !this.looks.isEmpty());
	}

	private long waiters() {
		return Long.parseLong(String
			.valueOf(this.database.value("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")));
	}

	@Test
	void asLongAsAReportReadsTheTableNoAttemptIsMade() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			run = start(tidemark().build());
			awaitLook();
			assertThat(waiters()).isZero();
			holder.rollback();
		}
		end(run);

		assertThat(this.events).containsExactly("looked", "queued", "applied");
	}

	@Test
	void whatIsInTheWayIsTold() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		try (Connection holder = hold("SELECT * FROM a")) {
			CompletableFuture<RunResult> run = start(tidemark().build());
			awaitLook();
			holder.rollback();
			end(run);

			LockLook look = this.looks.get(0);
			assertThat(look.migration()).hasToString("2");
			assertThat(look.lock()).isEqualTo(LOCK);
			assertThat(look.blockers()).singleElement().satisfies((blocker) -> {
				assertThat(blocker.application()).isEqualTo("long report");
				assertThat(blocker.state()).isEqualTo("idle in transaction");
				assertThat(blocker.transaction()).isNotNull();
			});
			assertThat(look.toString()).startsWith("No attempt of version 2 is made, since")
				.contains("AccessExclusiveLock on public.a is blocked by", "long report");
		}
	}

	@Test
	void whoAsksMeanwhileSeesThatItLooks() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		try (Connection holder = hold("SELECT * FROM a")) {
			Tidemark tidemark = tidemark().build();
			CompletableFuture<RunResult> run = start(tidemark);
			awaitLook();
			Current current = tidemark.inspect(InspectRequest.everything()).current();
			holder.rollback();
			end(run);

			assertThat(current).isNotNull();
			assertThat(current.state()).isEqualTo(Current.State.LOOKING);
			assertThat(current.lock()).isEqualTo(LOCK);
			assertThat(current.migration()).hasToString("2");
			assertThat(current.inTheWay()).singleElement()
				.satisfies((blocker) -> assertThat(blocker.application()).isEqualTo("long report"));
			assertThat(current.toString()).startsWith("looking, version 2, ")
				.contains("AccessExclusiveLock on public.a is blocked by pid ", "long report");
		}
	}

	@Test
	void whoIsInNobodysWayIsNotWaitedFor() throws Exception {
		this.folder.add("V2__b.sql", "CREATE INDEX ON a (x)");
		try (Connection holder = hold("SELECT * FROM a")) {
			assertThat(tidemark().build().migrate().applied()).hasSize(1);
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.events).containsExactly("applied");
	}

	@Test
	void whoQueuesForTheTableIsInTheWayToo() throws Exception {
		this.folder.add("V2__b.sql", "CREATE INDEX ON a (x)");
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a"); Connection other = hold("SELECT 1")) {
			int pid = other.unwrap(PGConnection.class).getBackendPID();
			CompletableFuture<Void> queued = CompletableFuture.runAsync(() -> lockAll(other), this.threads);
			await().until(() -> waiters() == 1);
			run = start(tidemark().build());
			awaitLook();
			holder.rollback();
			queued.get(60, TimeUnit.SECONDS);
			other.rollback();

			assertThat(this.looks.get(0).blockers()).extracting("pid").containsExactly(pid);
		}
		end(run);

		assertThat(this.events).containsExactly("looked", "queued", "applied");
	}

	private static void lockAll(Connection connection) {
		try (Statement statement = connection.createStatement()) {
			statement.execute("LOCK TABLE a");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void withoutALimitItQueuesAtOnce() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			run = start(tidemark().lockTimeout(Duration.ZERO).build());
			await().until(() -> waiters() == 1);
			holder.rollback();
		}
		end(run);

		assertThat(this.events).containsExactly("applied");
	}

	@Test
	void inTheLastFifthOfTheBudgetItTriesWhoeverIsInTheWay() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES (1); " + ADD_COLUMN);
		try (Connection holder = hold("SELECT * FROM a")) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().lockRetry(new LockRetry(Duration.ofSeconds(2))).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_TIMEOUT);
			assertThat(failure).hasMessageContainingAll("It was tried ", "were spent looking",
					"AccessExclusiveLock on public.a is blocked by", "long report");
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.events).startsWith("looked", "queued").doesNotContain("applied");
		assertThat(this.database.rows("SELECT x FROM log")).isEmpty();
	}

	@Test
	void whatIsNotKnownBeforehandTheFirstAttemptTells() throws Exception {
		this.folder.add("V2__b.sql", "DO $$ BEGIN EXECUTE 'ALTER TABLE a ' || 'ADD COLUMN y int'; END $$");
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			run = start(tidemark().lockTimeout(Duration.ofSeconds(2)).build());
			awaitLook();
			holder.rollback();
		}
		end(run);

		assertThat(this.events).startsWith("not granted").endsWith("looked", "queued", "applied");
	}

	@Test
	void aPreparedTransactionIsLookedAtToo() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		String name = this.database.name();
		this.database.execute("BEGIN; SELECT * FROM a; PREPARE TRANSACTION '" + name + "'");
		CompletableFuture<RunResult> run = start(tidemark().build());
		awaitLook();
		this.database.execute("COMMIT PREPARED '" + name + "'");
		end(run);

		assertThat(this.looks.get(0).blockers()).singleElement()
			.hasToString("a prepared transaction (see pg_prepared_xacts)");
		assertThat(this.events).containsExactly("looked", "queued", "applied");
	}

	@Test
	void aSessionWithoutStatisticsIsLookedAtToo() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SET track_activities = off; COMMIT; BEGIN; SELECT * FROM a")) {
			run = start(tidemark().build());
			awaitLook();
			holder.rollback();
		}
		end(run);

		assertThat(this.looks.get(0).blockers()).singleElement()
			.satisfies((blocker) -> assertThat(blocker.transaction()).isNull());
		assertThat(this.events).containsExactly("looked", "queued", "applied");
	}

	@Test
	void aTableThatIsDroppedMeanwhileIsNotWaitedForAnyMore() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		CompletableFuture<TidemarkException> run;
		try (Connection holder = hold("DROP TABLE a")) {
			run = CompletableFuture.supplyAsync(
					() -> catchThrowableOfType(TidemarkException.class, tidemark().build()::migrate), this.threads);
			awaitLook();
			holder.commit();
		}

		assertThat(run.get(60, TimeUnit.SECONDS)).hasMessageContaining("relation \"a\" does not exist");
		assertThat(this.events).containsExactly("looked", "queued");
	}

	@Test
	void whereNobodyMayLookItTriesAndSaysSo() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		String login = "Owner of " + this.database.name();
		this.database.execute(("CREATE ROLE %1$s LOGIN PASSWORD 'pw'; GRANT ALL ON SCHEMA public TO %1$s;"
				+ " ALTER TABLE a OWNER TO %1$s; ALTER TABLE tidemark_history OWNER TO %1$s;"
				+ " REVOKE ALL ON pg_locks FROM PUBLIC")
			.formatted('"' + login + '"'));
		try (Connection holder = hold("SELECT * FROM a"); LogLines log = LogLines.of("LookAhead")) {
			CompletableFuture<RunResult> run = start(
					Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), login, "pw"))
						.locations(this.folder.location())
						.listener(listener())
						.build());
			await().until(() -> this.events.contains("not granted"));
			holder.rollback();
			end(run);

			assertThat(log.lines()).singleElement()
				.asString()
				.contains("WARN Who is in the way of", "ACCESS EXCLUSIVE on public.a", "permission denied");
		}
		finally {
			this.database.execute("DROP OWNED BY \"" + login + "\" CASCADE; DROP ROLE \"" + login + '"');
		}
	}

	/** Ends what a thread does while it looks, and returns what it says then. */
	private TidemarkException endWhileItLooks(Runnable run) throws Exception {
		try (Connection holder = hold("SELECT * FROM a"); LogLines log = LogLines.of("LookAhead")) {
			CompletableFuture<TidemarkException> failure = new CompletableFuture<>();
			Thread thread = new Thread(() -> failure.complete(catchThrowableOfType(TidemarkException.class, run::run)));
			thread.start();
			await().until(() -> "t".equals(this.database.value("SELECT count(*) > 0 FROM pg_stat_activity"
					+ " WHERE query LIKE 'WITH who_is_in_the_way %' AND datname = current_database()"
					+ " AND pid <> pg_backend_pid()")));
			thread.interrupt();
			TidemarkException told = failure.get(60, TimeUnit.SECONDS);
			assertThat(holder.isValid(5)).isTrue();
			assertThat(log.lines()).isEmpty();
			return told;
		}
	}

	@Test
	void aRunThatIsEndedWhileItLooksHasNotBegun() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);

		assertThat(endWhileItLooks(tidemark().build()::migrate)).hasMessageContainingAll(
				"was ended while it looked for the moment at which version 2 should queue", "V2__b.sql", "long report",
				"The database is as it was before this migration.");
		assertThat(this.events).containsExactly("looked");
	}

	@Test
	void aFileThatIsEndedWhileItLooksSaysWhatOfItIsDone() throws Exception {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\nINSERT INTO log VALUES (1);\n" + ADD_COLUMN + ";");

		assertThat(endWhileItLooks(tidemark().build()::migrate)).hasMessageContainingAll("version 2", "V2__b.sql",
				"1 of 2 statements of this file is done and stays.");
		assertThat(tidemark().build().migrate().applied()).hasSize(1);
		assertThat(this.database.rows("SELECT x FROM log")).containsExactly("1");
	}

	@Test
	void aCallbackThatIsEndedWhileItLooksIsNamed() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES (1)").add("beforeMigrate.sql", ADD_COLUMN);

		assertThat(endWhileItLooks(tidemark().build()::migrate)).hasMessageContainingAll("the callback ",
				"beforeMigrate.sql");
	}

	@Test
	void anUndoThatIsEndedWhileItLooksIsNamed() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN).add("U2__b.sql", "ALTER TABLE a DROP COLUMN y");
		tidemark().build().migrate();
		UndoRequest last = UndoRequest.of(UndoSelection.last()).because("test").allowingDataLoss("test");

		assertThat(endWhileItLooks(() -> tidemark().build().undo(last))).hasMessageContainingAll("version 2",
				"U2__b.sql", "The database is as it was before the undo.");
	}

	@Test
	void whoAsksMeanwhileSeesWhatAnUndoLooksFor() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN).add("U2__b.sql", "ALTER TABLE a DROP COLUMN y");
		tidemark().build().migrate();
		UndoRequest last = UndoRequest.of(UndoSelection.last()).because("test").allowingDataLoss("test");
		Tidemark tidemark = tidemark().build();
		try (Connection holder = hold("SELECT * FROM a")) {
			CompletableFuture<?> undo = CompletableFuture.runAsync(() -> tidemark.undo(last), this.threads);
			awaitLook();
			Current current = tidemark.inspect(InspectRequest.everything()).current();
			holder.rollback();
			undo.get(60, TimeUnit.SECONDS);

			assertThat(current).isNotNull();
			assertThat(current.state()).isEqualTo(Current.State.LOOKING);
			assertThat(current.migration()).hasToString("2");
			assertThat(current.undo()).isTrue();
		}
	}

	@Test
	void aSessionThatIsTerminatedWhileItLooksIsNotSaidToQueue() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN);
		try (Connection holder = hold("SELECT * FROM a"); LogLines log = LogLines.of("LookAhead")) {
			CompletableFuture<TidemarkException> run = CompletableFuture.supplyAsync(
					() -> catchThrowableOfType(TidemarkException.class, tidemark().build()::migrate), this.threads);
			awaitLook();
			this.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					+ " WHERE query LIKE 'WITH who_is_in_the_way %' AND datname = current_database()"
					+ " AND pid <> pg_backend_pid()");

			assertThat(run.get(60, TimeUnit.SECONDS)).hasMessageContaining("pg_terminate_backend");
			assertThat(log.lines()).isEmpty();
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.events).containsExactly("looked");
	}

	@Test
	void aLockThatIsStrongerThanWhatWasKnownIsLearned() throws Exception {
		this.database
			.execute("CREATE FUNCTION alter_a() RETURNS void LANGUAGE plpgsql AS $$ BEGIN " + ADD_COLUMN + "; END $$");
		this.folder.add("V2__b.sql", "CREATE INDEX ON a (x); SELECT alter_a()");
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			run = start(tidemark().lockTimeout(Duration.ofSeconds(2)).build());
			awaitLook();
			holder.rollback();
		}
		end(run);

		assertThat(this.looks.get(0).lock()).isEqualTo(LOCK);
		assertThat(this.events).startsWith("not granted").endsWith("looked", "queued", "applied");
	}

	@Test
	void whereNamesAreNotKnownNobodyQueuesForAsLongAsTheBudget() throws Exception {
		this.database.execute("ALTER TABLE log ADD CONSTRAINT positive CHECK (x > 0) NOT VALID");
		this.folder.add("V2__b.sql",
				"ALTER TABLE log VALIDATE CONSTRAINT positive; SET search_path TO DEFAULT; " + ADD_COLUMN);
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			run = start(tidemark().build());
			await().until(() -> this.events.contains("not granted"));
			holder.rollback();
		}
		end(run);

		assertThat(this.events).startsWith("not granted").endsWith("applied");
	}

	@Test
	void aFileOfVeryManyStatementsIsLookedForOnce() throws Exception {
		this.folder.add("V2__b.sql",
				IntStream.range(0, 10_000)
					.mapToObj((number) -> (number % 100 == 0) ? "ALTER TABLE a ALTER COLUMN x SET DEFAULT " + number
							: "INSERT INTO log VALUES (" + number + ")")
					.collect(Collectors.joining(";\n")));
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			run = start(tidemark().build());
			awaitLook();
			holder.rollback();
		}
		end(run);

		assertThat(this.events).containsExactly("looked", "queued", "applied");
	}

	private void awaitLooking(Tidemark tidemark) {
		await().until(() -> {
			Current current = tidemark.inspect(InspectRequest.everything()).current();
			return current != null && current.state() == Current.State.LOOKING;
		});
		assertThat(waiters()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "beforeMigrate.sql", "beforeEachMigrate.sql", "afterMigrate.sql" })
	void callbacksLookBeforeTheyQueue(String callback) throws Exception {
		this.folder.add("V2__b.sql", "SELECT 1").add(callback, "COMMENT ON TABLE log IS 'x'; " + ADD_COLUMN);
		CompletableFuture<RunResult> run;
		try (Connection holder = hold("SELECT * FROM a")) {
			Tidemark tidemark = tidemark().build();
			run = start(tidemark);
			awaitLooking(tidemark);
			holder.rollback();
		}
		end(run);

		assertThat(this.events).doesNotContain("not granted");
	}

	@Test
	void anUndoLooksBeforeItQueues() throws Exception {
		this.folder.add("V2__b.sql", ADD_COLUMN).add("U2__b.sql", "ALTER TABLE a DROP COLUMN y");
		tidemark().build().migrate();
		CompletableFuture<UndoResult> undo;
		try (Connection holder = hold("SELECT * FROM a")) {
			Tidemark tidemark = tidemark().build();
			undo = CompletableFuture.supplyAsync(() -> tidemark.undo(UndoRequest.of(UndoSelection.last())),
					this.threads);
			awaitLooking(tidemark);
			holder.rollback();
		}

		assertThat(undo.get(60, TimeUnit.SECONDS).undone()).hasSize(1);
		assertThat(this.events).doesNotContain("not granted");
	}

	@Test
	void eachTenantLooksBeforeItQueues() throws Exception {
		MigrationFolder folder = new MigrationFolder(this.tenants).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.database.execute("CREATE SCHEMA acme; CREATE SCHEMA globex");
		Tenants.builder(folder.tidemark(this.database).build(), TenantSchemas.of(List.of("acme", "globex")))
			.build()
			.migrate();
		folder.add("V2__b.sql", ADD_COLUMN);
		CompletableFuture<TenantsResult> run;
		try (Connection holder = hold("SELECT * FROM globex.a")) {
			Tenants tenants = Tenants
				.builder(folder.tidemark(this.database).listener(listener()).build(),
						TenantSchemas.of(List.of("acme", "globex")))
				.build();
			run = CompletableFuture.supplyAsync(tenants::migrate, this.threads);
			awaitLook();
			assertThat(waiters()).isZero();
			holder.rollback();
		}
		run.get(60, TimeUnit.SECONDS);

		assertThat(this.looks.get(0).lock()).hasToString("AccessExclusiveLock on globex.a");
		assertThat(this.events).contains("applied").doesNotContain("not granted");
	}

}
