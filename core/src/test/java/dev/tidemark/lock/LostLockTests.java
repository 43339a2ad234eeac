package dev.tidemark.lock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A file in segments that releases the lock by which one instance works at a time.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class LostLockTests {

	private static final String NONE = "-- tidemark: transaction=none\n";

	/** Its second statement releases the lock and waits. */
	private static final String FILE = NONE + """
			INSERT INTO log VALUES ('one');
			SELECT release();
			INSERT INTO log VALUES ('two')""";

	private final TestDatabase database;

	private MigrationFolder folder;

	LostLockTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", """
				CREATE TABLE gate (x int);
				CREATE TABLE log (x text);
				CREATE FUNCTION release() RETURNS void LANGUAGE plpgsql AS $$
				BEGIN PERFORM pg_advisory_unlock_all(); LOCK TABLE gate; END $$""");
		tidemark().migrate();
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).lockTimeout(Duration.ZERO).build();
	}

	private Connection closeGate() throws Exception {
		Connection holder = this.database.connect();
		holder.setAutoCommit(false);
		try (Statement statement = holder.createStatement()) {
			statement.execute("LOCK TABLE gate");
		}
		return holder;
	}

	private void awaitSomebodyAtTheGate() {
		await().atMost(Duration.ofSeconds(60)).until(() -> "1".equals(this.database.value("""
				SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gate'::regclass""")));
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	private static void awaitThatOneMakesWay(LogLines log) {
		await().atMost(Duration.ofSeconds(60)).until(() -> log.has("INFO", "Waiting for server process"));
	}

	@ParameterizedTest
	@ValueSource(strings = { NONE + "DISCARD ALL; ", NONE + "SELECT pg_advisory_unlock_all(); ",
			"SELECT pg_advisory_unlock_all(); VACUUM log; ",
			NONE + "DO 'BEGIN PERFORM pg_advisory_unlock_all(); END'; ",
			NONE + "BEGIN; SELECT pg_advisory_unlock_all(); COMMIT; ", NONE + """
					SELECT pg_advisory_unlock((classid::bigint << 32) | objid::bigint)
					FROM pg_locks, generate_series(1, 2) WHERE locktype = 'advisory' AND pid = pg_backend_pid();
					""" })
	void theLockIsHeldAgainBeforeTheNextStatement(String sql) throws Exception {
		this.folder.add("V2__b.sql", sql + "INSERT INTO gate VALUES (1); VACUUM log");
		CompletableFuture<RunResult> run;
		try (Connection holder = closeGate()) {
			run = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();

			assertThat(this.database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
					+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
				.isEqualTo("1");
			holder.commit();
		}
		assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
	}

	@Test
	void whoGotTheLockMakesWayForTheRunThatGoesOn() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		CompletableFuture<RunResult> first;
		CompletableFuture<RunResult> second;
		try (LogLines log = LogLines.of("RunWithoutLock"); Connection holder = closeGate()) {
			first = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();
			second = OwnThread.supply(() -> tidemark().migrate());
			awaitThatOneMakesWay(log);
			holder.commit();
			assertThat(first.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
			assertThat(second.get(60, TimeUnit.SECONDS).applied()).isEmpty();
		}
		assertThat(log()).containsExactly("one", "two");
	}

	@Test
	void nobodyDecidesAboutARunThatGoesOn() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		try (LogLines log = LogLines.of("RunWithoutLock"); Connection holder = closeGate()) {
			CompletableFuture<RunResult> run = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();
			CompletableFuture<TidemarkException> decision = OwnThread.supply(() -> catchThrowableOfType(
					TidemarkException.class,
					() -> tidemark().resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.RETRY, "it hangs"))));
			awaitThatOneMakesWay(log);
			holder.commit();

			assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
			assertThat(decision.get(60, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.NOTHING_TO_RESOLVE);
		}
	}

	@Test
	void aRunThatDoesNotTakeItsLockAgainIsNotTakenForAnInterruptedOne() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		try (Connection holder = closeGate()) {
			CompletableFuture<RunResult> run = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();

			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> this.folder.tidemark(this.database).waitTimeout(Duration.ofSeconds(1)).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.INSTANCE_LOCK);
			assertThat(failure).hasMessageContaining("Another instance is running version 2")
				.hasMessageNotContaining("interrupted");
			holder.commit();
			assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
		}
	}

	@Test
	void whoLooksSeesThatTheRunIsAtWork() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		try (Connection holder = closeGate()) {
			CompletableFuture<RunResult> run = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();

			Inspection inspection = tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(30)));

			assertThat(inspection.state()).isEqualTo(Inspection.State.RUNNING);
			assertThat(inspection.problems()).isEmpty();
			assertThat(inspection.lockHolder()).isNotNull();
			assertThat(inspection.lockHolder().locked()).isFalse();
			assertThat(inspection.current()).isNotNull();
			assertThat(inspection.current().statement()).isEqualTo(2);
			holder.commit();
			assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
		}
	}

	@Test
	void whoVerifiesIsToldOfTheRunAndNotOfAnInterruption() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		try (Connection holder = closeGate()) {
			CompletableFuture<RunResult> run = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();

			TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().verify());

			assertThat(failure.problems()).extracting((problem) -> problem.code()).containsOnly(ErrorCode.PENDING);
			assertThat(failure).hasMessageContaining("Another instance is migrating now")
				.hasMessageContaining("without the instance lock, which a statement of it has released");
			holder.commit();
			assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
		}
	}

	@Test
	void aTenantWhoseRunIsAtWorkWithoutTheLockIsNotInterrupted() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		Tenants tenants = Tenants.builder(tidemark(), TenantSchemas.of(List.of("public"))).build();
		try (Connection holder = closeGate()) {
			CompletableFuture<RunResult> run = OwnThread.supply(() -> tidemark().migrate());
			awaitSomebodyAtTheGate();

			assertThat(tenants.inspect(InspectRequest.everything().within(Duration.ofSeconds(30)))
				.in(Inspection.State.RUNNING)).hasSize(1);
			holder.commit();
			assertThat(run.get(60, TimeUnit.SECONDS).applied()).hasSize(1);
		}
	}

	/** An instance of an earlier version knows of no run without a lock. */
	@Test
	void aRunThatWasTakenOverStopsBeforeItDoesAnythingTwice() throws Exception {
		this.folder.add("V2__b.sql", FILE);
		try (LogOf log = new LogOf("dev.tidemark"); Connection holder = closeGate()) {
			CompletableFuture<TidemarkException> run = OwnThread
				.supply(() -> catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate()));
			awaitSomebodyAtTheGate();
			this.database.execute(
					"""
							UPDATE tidemark_history SET state = 'interrupted' WHERE rank = 2;
							INSERT INTO tidemark_history (rank, kind, phase, version, description, script, state,
							  statements_total, statements_done, started_at, installed_by, instance, tool_version, deployment_id)
							SELECT 3, kind, phase, version, description, script, 'running', statements_total, 1, started_at,
							  installed_by, 'elsewhere', tool_version, 'the-other-one' FROM tidemark_history WHERE rank = 2""");
			holder.commit();
			TidemarkException failure = run.get(60, TimeUnit.SECONDS);

			assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_CONFLICT);
			assertThat(failure).hasMessageContaining("deployment the-other-one on elsewhere has written rank 3");
			assertThat(failure.problems().get(0).state()).contains("2 of 3 statements of this file are done",
					"The other row says of version 2: running, 1 of 3 statements");
			assertThat(log.at(Level.WARN)).noneMatch((line) -> line.contains("could not be recorded"));
		}
		assertThat(log()).containsExactly("one");
		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE rank > 1 ORDER BY rank"))
			.containsExactly("interrupted", "running");
	}

}
