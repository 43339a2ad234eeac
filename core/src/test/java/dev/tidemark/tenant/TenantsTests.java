package dev.tidemark.tenant;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.Relay;
import dev.tidemark.fixture.Replicas;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.tenant.TenantOutcome.State;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Many schemas of one database.
 */
@ExtendWith(PostgresExtension.class)
class TenantsTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	TenantsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("V2__row.sql", "INSERT INTO a VALUES (1)")
			.add("R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT count(*) FROM a");
	}

	private Tenants.Builder tenants(String... schemas) {
		return tenants(this.folder.tidemark(this.database), schemas);
	}

	private static Tenants.Builder tenants(Tidemark.Builder tidemark, String... schemas) {
		return Tenants.builder(tidemark.build(), TenantSchemas.of(List.of(schemas)));
	}

	private static List<State> states(TenantsResult result) {
		return result.outcomes().stream().map(TenantOutcome::state).toList();
	}

	@Test
	void eachSchemaGetsTheMigrationsAndAHistoryOfItsOwn() {
		TenantsResult result = tenants("acme", "globex").build().migrate();

		assertThat(result.outcomes()).extracting(TenantOutcome::schema).containsExactly("acme", "globex");
		assertThat(result.outcomes()).allSatisfy((outcome) -> {
			assertThat(outcome.state()).isEqualTo(State.MIGRATED);
			assertThat(outcome.applied()).isEqualTo(3);
			assertThat(outcome.currentVersion()).hasToString("2");
		});
		for (String schema : List.of("acme", "globex")) {
			assertThat(this.database.value("SELECT count FROM " + schema + ".v")).isEqualTo("1");
			assertThat(this.database.rows("SELECT state FROM " + schema + ".tidemark_history")).hasSize(3)
				.containsOnly("applied");
		}
		assertThat(this.database.value("SELECT to_regclass('public.a')")).isNull();
	}

	@Test
	void whatIsUpToDateStaysSo() {
		Tenants tenants = tenants("acme", "globex").build();
		tenants.migrate();

		TenantsResult again = tenants.migrate();

		assertThat(states(again)).containsOnly(State.UP_TO_DATE);
		assertThat(again.outcomes()).allSatisfy((outcome) -> assertThat(outcome.currentVersion()).hasToString("2"));
	}

	@Test
	void manyThatAreUpToDateCostAFewRoundTrips() throws IOException {
		String[] schemas = IntStream.range(0, 250).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);
		tenants(schemas).build().migrate();
		try (Relay relay = new Relay(this.database)) {
			TenantsResult result = tenants(Tidemark
				.builder(ConnectionSource.of(relay.jdbcUrl(), this.database.user(), this.database.password()))
				.locations(this.folder.location()), schemas).build().migrate();

			assertThat(states(result)).containsOnly(State.UP_TO_DATE);
			assertThat(relay.roundTrips()).isLessThan(15);
		}
	}

	@Test
	void aNewTenantCostsAFewRoundTripsBesideThoseOfItsFiles() throws IOException {
		int count = 20;
		String[] schemas = IntStream.range(0, count).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);
		try (Relay relay = new Relay(this.database)) {
			TenantsResult result = tenants(Tidemark
				.builder(ConnectionSource.of(relay.jdbcUrl(), this.database.user(), this.database.password()))
				.locations(this.folder.location()), schemas).connections(1).build().migrate();

			assertThat(states(result)).containsOnly(State.MIGRATED);
			assertThat(relay.roundTrips()).isLessThan(15 + count * (3 + 9));
		}
	}

	@Test
	void aTenantThatComesLaterIsMigratedByTheNextRun() {
		List<String> known = new ArrayList<>(List.of("acme"));
		Tenants tenants = Tenants.builder(this.folder.tidemark(this.database).build(), () -> known).build();
		tenants.migrate();
		known.add("globex");

		assertThat(states(tenants.migrate())).containsExactly(State.UP_TO_DATE, State.MIGRATED);
	}

	@Test
	void aTenantThatHasJustComeCanBeMigratedAlone() {
		RunResult result = tenants("acme").build().in("globex").migrate();

		assertThat(result.applied()).hasSize(3);
		assertThat(result.scope().tenant()).isTrue();
		assertThat(this.database.value("SELECT count(*) FROM globex.tidemark_history")).isEqualTo("3");
		assertThat(this.database.value("SELECT to_regnamespace('acme')")).isNull();
	}

	@Test
	void noTenantsIsNothingToDo() {
		TenantsResult result = tenants().build().migrate();

		assertThat(result.outcomes()).isEmpty();
		assertThat(result.isComplete()).isTrue();
	}

	@Test
	void aNameThatComesTwiceCountsOnce() {
		assertThat(tenants("acme", "acme").build().migrate().outcomes()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\"; DROP SCHEMA public; --", "Acme", "it's", "ä b", "a.b", "select" })
	void anyNameIsTakenAsItIs(String schema) {
		tenants(schema).build().migrate();

		assertThat(this.database.rows("SELECT nspname FROM pg_namespace JOIN pg_class ON relnamespace = "
				+ "pg_namespace.oid WHERE relname = 'tidemark_history'"))
			.containsExactly(schema);
		assertThat(states(tenants(schema).build().migrate())).containsExactly(State.UP_TO_DATE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0123456789012345678901234567890123456789012345678901234567890123456789" })
	void aNameThatPostgresWouldCutOffFailsAlone(String schema) {
		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants(schema, "acme").build().migrate());

		assertThat(states(failure.result())).containsExactly(State.FAILED, State.MIGRATED);
		assertThat(failure.problems()).element(1).extracting((problem) -> problem.code()).isEqualTo(ErrorCode.SETTING);
	}

	@Test
	void thePlaceholderOfTheSchemaHasItsValueInEachOfThem() {
		this.folder.add("V3__schema.sql", "CREATE TABLE here AS SELECT '${tidemark.schema}' AS name");

		tenants("acme", "globex", "initech").build().migrate();

		for (String schema : List.of("acme", "globex", "initech")) {
			assertThat(this.database.value("SELECT name FROM " + schema + ".here")).isEqualTo(schema);
		}
	}

	@Test
	void aCallbackKnowsItsTenant() {
		Set<String> seen = ConcurrentHashMap.newKeySet();
		tenants(this.folder.tidemark(this.database).callback(new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.AFTER_MIGRATE);
			}

			@Override
			public void call(CallbackContext context) {
				seen.add(context.schema() + (context.scope().tenant() ? ", a tenant" : ""));
			}

		}), "acme", "globex").build().migrate();

		assertThat(seen).containsExactlyInAnyOrder("acme, a tenant", "globex, a tenant");
	}

	@Test
	void whatOneTenantSetsInItsSessionDoesNotReachTheNext() {
		this.folder.add("V3__leak.sql", """
				SET search_path = public;
				SET app.tenant = '${tidemark.schema}';
				SET statement_timeout = '1h';
				SELECT pg_advisory_lock(4711);
				CREATE TEMP TABLE t (x int)""").add("V4__look.sql", """
				CREATE TABLE seen AS SELECT current_setting('app.tenant', true) AS tenant,
				  current_setting('statement_timeout') AS timeout, to_regclass('pg_temp.t') AS temp""");

		tenants("acme", "globex", "initech").connections(1).build().migrate();

		for (String schema : List.of("acme", "globex", "initech")) {
			assertThat(this.database.rows("SELECT nullif(tenant, ''), timeout, temp FROM " + schema + ".seen"))
				.containsExactly("|0|");
		}
	}

	@Test
	void noMoreConnectionsAreOpenAtATimeThanMayBe() {
		this.folder.add("V3__sleep.sql", "SELECT pg_sleep(0.05)");
		AtomicInteger most = new AtomicInteger();
		RunListener counting = new RunListener() {

			@Override
			public void migrationStarted(MigrationInfo migration) {
				int connections = Integer.parseInt(String.valueOf(TenantsTests.this.database
					.value("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tidemark%'"
							+ " AND datname = current_database()")));
				most.accumulateAndGet(connections, Math::max);
			}

		};
		String[] schemas = IntStream.range(0, 12).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);

		tenants(this.folder.tidemark(this.database).listener(counting), schemas).connections(3).build().migrate();

		assertThat(most.get()).isBetween(2, 3);
	}

	@Test
	void connectionsGoFromOneTenantToTheNext() {
		this.folder.add("V3__pid.sql", "CREATE TABLE pid AS SELECT pg_backend_pid() AS pid");
		String[] schemas = IntStream.range(0, 10).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);

		tenants(schemas).connections(2).build().migrate();

		Set<String> pids = ConcurrentHashMap.newKeySet();
		for (String schema : schemas) {
			pids.add(String.valueOf(this.database.value("SELECT pid FROM " + schema + ".pid")));
		}
		assertThat(pids).hasSizeBetween(1, 2);
	}

	@Test
	void borrowedConnectionsServeTenantsToo() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.database.jdbcUrl());
		dataSource.setUser(this.database.user());
		dataSource.setPassword(this.database.password());

		TenantsResult result = tenants(
				Tidemark.builder(ConnectionSource.of(dataSource)).locations(this.folder.location()), "acme", "globex",
				"initech")
			.connections(2)
			.build()
			.migrate();

		assertThat(states(result)).containsOnly(State.MIGRATED);
		assertThat(this.database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
				+ "(SELECT oid FROM pg_database WHERE datname = current_database())"))
			.isEqualTo("0");
	}

	@Test
	void theOthersGoOnWhenOneFails() {
		this.database
			.execute("CREATE SCHEMA globex; CREATE TABLE globex.a (); CREATE TABLE globex.tidemark_history ()");

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants("acme", "globex", "initech").build().migrate());

		assertThat(states(failure.result())).containsExactly(State.MIGRATED, State.FAILED, State.MIGRATED);
		assertThat(failure.code()).isEqualTo(ErrorCode.TENANTS_FAILED);
		assertThat(failure).hasMessageContaining("1 of 3 schemas failed: \"globex\" (TM-HIS-002)")
			.hasMessageContaining("2 schemas are up to date, 0 were not begun");
	}

	@Test
	void noFurtherTenantIsBegunAfterAFailureThatStops() {
		this.folder.add("V3__fail.sql", "SELECT 1 / 0");

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants("acme", "globex", "initech").connections(1)
					.onFailure(OnTenantFailure.STOP)
					.build()
					.migrate());

		assertThat(states(failure.result())).containsExactly(State.FAILED, State.NOT_BEGUN, State.NOT_BEGUN);
		assertThat(this.database.value("SELECT to_regnamespace('globex')")).isNull();
		assertThat(failure.problems().get(1).what()).startsWith("Schema \"acme\": ");
		assertThat(failure.problems().get(1).place()).hasFieldOrPropertyWithValue("line", 1);
	}

	@Test
	void aFailureThatIsToleratedIsInTheResult() {
		this.folder.add("V3__fail.sql", "SELECT 1 / CASE WHEN '${tidemark.schema}' = 'acme' THEN 0 ELSE 1 END");

		TenantsResult result = tenants("acme", "globex").onFailure(OnTenantFailure.TOLERATE).build().migrate();

		assertThat(states(result)).containsExactly(State.FAILED, State.MIGRATED);
		assertThat(result.isComplete()).isFalse();
		assertThat(result.outcomes().get(0).failure()).hasMessageContaining("division by zero");
	}

	@Test
	void aServerThatDoesNotAnswerIsNotTolerated() {
		this.folder.add("beforeMigrate.sql", "SELECT 1");
		Tenants tenants = tenants(Tidemark.builder(ConnectionSource.of("jdbc:postgresql://localhost:1/x", "x", "x"))
			.locations(this.folder.location()), "acme", "globex").onFailure(OnTenantFailure.TOLERATE).build();

		assertThat(catchThrowableOfType(TenantsFailedException.class, tenants::migrate).problems())
			.extracting(Problem::code)
			.contains(ErrorCode.CONNECTION_REFUSED);
	}

	@Test
	void whatFailsInTheSameWayIsToldOnce() {
		this.folder.add("V3__fail.sql", "SELECT 1 / 0");
		String[] schemas = IntStream.range(0, 30).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants(schemas).build().migrate());

		assertThat(failure.problems()).hasSize(2);
		assertThat(failure).hasMessageContaining("30 of 30 schemas failed")
			.hasMessageContaining(" and 10 more")
			.hasMessageContaining("and 29 more in the same way");
	}

	@Test
	void whatWasCorrectedGoesOn() {
		this.folder.add("V3__fail.sql", "SELECT 1 / 0");
		catchThrowableOfType(TenantsFailedException.class, () -> tenants("acme", "globex").build().migrate());
		this.folder.add("V3__fail.sql", "SELECT 1");

		TenantsResult result = tenants("acme", "globex").build().migrate();

		assertThat(result.outcomes()).extracting(TenantOutcome::applied).containsExactly(2, 2);
	}

	@Test
	void wrongFilesAreRefusedOnceAndBeforeAnyTenant() {
		this.folder.add("V2__again.sql", "SELECT 1");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tenants("acme", "globex").build().migrate());

		assertThat(failure.problems()).hasSize(1);
		assertThat(failure.code()).isEqualTo(ErrorCode.DUPLICATE);
		assertThat(this.database.value("SELECT to_regnamespace('acme')")).isNull();
	}

	@Test
	void aServerThatDoesNotAnswerIsAskedOnceAndNotForEachTenant() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tenants(Tidemark.builder(ConnectionSource.of("jdbc:postgresql://localhost:1/x", "x", "x"))
					.locations(this.folder.location()), "acme", "globex").build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
		assertThat(failure.problems()).hasSize(1);
	}

	@Test
	void aLoginThatIsRefusedInTheMiddleEndsTheRun() {
		this.database.execute("CREATE ROLE short_lived SUPERUSER LOGIN PASSWORD 'x'");
		this.folder.add("V3__lock_out.sql", """
				ALTER ROLE short_lived NOLOGIN;
				COMMIT;
				SELECT pg_terminate_backend(pg_backend_pid())""");

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants(Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), "short_lived", "x"))
					.locations(this.folder.location()), "a", "b", "c", "d").connections(1).build().migrate());

		this.database.execute("ALTER ROLE short_lived NOSUPERUSER; REASSIGN OWNED BY short_lived TO CURRENT_USER;"
				+ " DROP OWNED BY short_lived; DROP ROLE short_lived");
		assertThat(states(failure.result())).containsExactly(State.FAILED, State.FAILED, State.NOT_BEGUN,
				State.NOT_BEGUN);
		assertThat(failure.problems()).extracting((problem) -> problem.code()).contains(ErrorCode.AUTHENTICATION);
	}

	@Test
	void aBeanThatCannotNameTheTenantsIsToldOfWithoutWhatItSays() {
		Tenants tenants = Tenants.builder(this.folder.tidemark(this.database).build(), () -> {
			throw new IllegalStateException("password=secret");
		}).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tenants::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.TENANTS_UNKNOWN);
		assertThat(failure).hasMessageContaining("IllegalStateException").hasMessageNotContaining("secret");
	}

	@Test
	void aBeanThatNamesNoListOfTenantsIsToldOf() {
		Tenants tenants = Tenants.builder(this.folder.tidemark(this.database).build(), () -> null).build();

		assertThat(catchThrowableOfType(TidemarkException.class, tenants::migrate).code())
			.isEqualTo(ErrorCode.TENANTS_UNKNOWN);
	}

	@Test
	void anInspectionWaitsForNobodyWhoNamesTheTenants() {
		CountDownLatch never = new CountDownLatch(1);
		Tenants tenants = Tenants.builder(this.folder.tidemark(this.database).build(), () -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return List.of();
		}).build();

		TenantsInspection inspection = tenants.inspect(InspectRequest.everything().within(Duration.ofMillis(100)));

		never.countDown();
		assertThat(inspection.state()).isEqualTo(Inspection.State.UNREACHABLE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 65 })
	void anAbsurdNumberOfConnectionsIsRefused(int connections) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tenants("acme").connections(connections).build());

		assertThat(failure.code()).isEqualTo(ErrorCode.SETTING);
	}

	@Test
	@Timeout(180)
	void replicasApplyEachFileOfEachTenantOnce() throws Exception {
		String[] schemas = IntStream.range(0, 20).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);

		List<TenantsResult> results = Replicas.startAtOnce(4, () -> tenants(schemas).connections(2).build().migrate());

		assertThat(results).allMatch(TenantsResult::isComplete);
		assertThat(
				results.stream().flatMap((result) -> result.outcomes().stream()).mapToInt(TenantOutcome::applied).sum())
			.isEqualTo(60);
		for (String schema : schemas) {
			assertThat(this.database.value("SELECT count(*) FROM " + schema + ".tidemark_history")).isEqualTo("3");
		}
	}

	@Test
	@Timeout(180)
	void whatWasKilledInTheMiddleGoesOnWithTheNextStart(@TempDir Path path) throws Exception {
		MigrationFolder files = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("V2__wait.sql", "SELECT pg_advisory_xact_lock_shared(4711); CREATE TABLE b (x int)");
		String[] schemas = IntStream.range(0, 8).mapToObj((i) -> "tenant_" + i).toArray(String[]::new);
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(4711)");
			try (MigratingProcess process = MigratingProcess.start(this.database.jdbcUrl(), path, Duration.ofMinutes(1),
					schemas)) {
				await().atMost(Duration.ofSeconds(60))
					.until(() -> "4".equals(this.database.value("SELECT count(*) FROM pg_locks WHERE NOT granted"
							+ " AND locktype = 'advisory' AND database = (SELECT oid FROM pg_database"
							+ " WHERE datname = current_database())")));
				process.kill();
			}
		}

		TenantsResult result = Tenants
			.builder(files.tidemark(this.database).build(), TenantSchemas.of(List.of(schemas)))
			.build()
			.migrate();

		assertThat(result.isComplete()).isTrue();
		assertThat(result.outcomes().stream().mapToInt(TenantOutcome::applied).sum()).isEqualTo(12);
		for (String schema : schemas) {
			assertThat(this.database
				.rows("SELECT version FROM " + schema + ".tidemark_history WHERE state = 'applied'" + " ORDER BY rank"))
				.containsExactly("1", "2");
		}
	}

	@Test
	void aConnectionThatIsCutFailsItsTenantOnly() {
		this.folder.add("V3__cut.sql",
				"SELECT pg_terminate_backend(pg_backend_pid()) WHERE '${tidemark.schema}' = 'acme'");

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants("acme", "globex", "initech").connections(1).build().migrate());

		assertThat(states(failure.result())).containsExactly(State.FAILED, State.MIGRATED, State.MIGRATED);
	}

	@Test
	void aListenerHearsWhatBecameOfAll() {
		AtomicReference<@Nullable TenantsResult> heard = new AtomicReference<>();
		this.folder.add("V3__fail.sql", "SELECT 1 / CASE WHEN '${tidemark.schema}' = 'acme' THEN 0 ELSE 1 END");

		catchThrowableOfType(TenantsFailedException.class,
				() -> tenants(this.folder.tidemark(this.database).name("shops"), "acme", "globex").listener(heard::set)
					.build()
					.migrate());

		assertThat(heard.get()).isNotNull();
		assertThat(heard.get().tidemark()).isEqualTo("shops");
		assertThat(heard.get().counts())
			.isEqualTo(Map.of(State.FAILED, 1, State.MIGRATED, 1, State.UP_TO_DATE, 0, State.NOT_BEGUN, 0));
	}

	@Test
	void verifyingAcceptsTenantsThatAreUpToDateAndChangesNothing() {
		tenants("acme", "globex").build().migrate();

		assertThat(tenants("acme", "globex").build().verify().isComplete()).isTrue();
	}

	@Test
	void verifyingNamesTenantsThatAreBehind() {
		tenants("acme").build().migrate();

		TenantsFailedException failure = catchThrowableOfType(TenantsFailedException.class,
				() -> tenants("acme", "globex").build().verify());

		assertThat(states(failure.result())).containsExactly(State.UP_TO_DATE, State.FAILED);
		assertThat(failure.problems().get(1).code()).isEqualTo(ErrorCode.PENDING);
		assertThat(this.database.value("SELECT to_regnamespace('globex')")).isNull();
	}

	@Test
	void anInspectionTellsTheStateOfEachTenant() {
		tenants("acme", "globex").build().migrate();
		this.database.execute("UPDATE globex.tidemark_history SET checksum = 'sha256:0' WHERE version = '1'");
		this.database.execute("CREATE SCHEMA broken; CREATE TABLE broken.tidemark_history ()");

		TenantsInspection inspection = tenants("acme", "globex", "initech", "broken").build()
			.inspect(InspectRequest.everything().within(Duration.ofSeconds(10)));

		assertThat(inspection.state()).isEqualTo(Inspection.State.BLOCKED);
		assertThat(inspection.tenants()).extracting(TenantsInspection.Tenant::state)
			.containsExactly(Inspection.State.UP_TO_DATE, Inspection.State.BLOCKED, Inspection.State.PENDING,
					Inspection.State.BLOCKED);
		assertThat(inspection.tenants()).extracting(TenantsInspection.Tenant::pending).containsExactly(0, 0, 3, 0);
		assertThat(inspection.tenants().get(1).problems()).extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.CHANGED);
		assertThat(inspection.tenants().get(3).problems()).extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.HISTORY_ACCESS);
	}

	@Test
	void anInspectionSeesWhichTenantIsBeingMigrated() {
		this.folder.add("V3__wait.sql", "SELECT pg_advisory_xact_lock_shared(4711)");
		Tenants tenants = tenants("acme", "globex").connections(1).build();
		AtomicReference<@Nullable TenantsInspection> seen = new AtomicReference<>();
		RunListener looking = new RunListener() {

			@Override
			public void migrationStarted(MigrationInfo migration) {
				seen.compareAndSet(null, tenants.inspect(InspectRequest.everything().within(Duration.ofSeconds(10))));
			}

		};

		tenants(this.folder.tidemark(this.database).listener(looking), "acme", "globex").connections(1)
			.build()
			.migrate();

		assertThat(seen.get()).isNotNull();
		assertThat(seen.get().tenants()).extracting(TenantsInspection.Tenant::state)
			.containsExactly(Inspection.State.RUNNING, Inspection.State.PENDING);
	}

	@Test
	void anInspectionOfADatabaseThatDoesNotAnswerSaysSo() {
		TenantsInspection inspection = tenants(
				Tidemark.builder(ConnectionSource.of("jdbc:postgresql://localhost:1/x", "x", "x"))
					.locations(this.folder.location()),
				"acme")
			.build()
			.inspect(InspectRequest.everything().within(Duration.ofSeconds(5)));

		assertThat(inspection.state()).isEqualTo(Inspection.State.UNREACHABLE);
		assertThat(inspection.problems()).extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.CONNECTION_REFUSED);
	}

	@Test
	void aPlanTellsOfTenantsThatAreNotUpToDate() {
		tenants("acme").build().migrate();

		assertThat(tenants("acme", "globex").build().plan().previews()).singleElement().satisfies((preview) -> {
			assertThat(preview.database().schema()).isEqualTo("globex");
			assertThat(preview.steps()).hasSize(3);
		});
	}

	@Test
	void aPlanReadsTheFilesOnceForAllTenants() {
		AtomicInteger looked = new AtomicInteger();
		Tidemark.Builder tidemark = this.folder.tidemark(this.database).migration(new CodeMigration() {

			@Override
			public Identity identity() {
				return new Identity.Versioned(MigrationVersion.of("3"));
			}

			@Override
			public String description() {
				looked.incrementAndGet();
				return "counts";
			}

			@Override
			public void migrate(JdbcContext context) {
			}

		});
		Tenants tenants = tenants(tidemark, "acme", "globex", "initech").build();
		int before = looked.get();
		tenants.in("acme").plan();
		int once = looked.get() - before;

		assertThat(tenants.plan().previews()).hasSize(3);

		assertThat(looked.get() - before - once).isEqualTo(once);
	}

	@Test
	void aPlanTellsOfATenantAtWhichNobodyCanLookBesideTheOthers() {
		this.database.execute("CREATE SCHEMA broken; CREATE TABLE broken.tidemark_history (x int)");

		List<Preview> previews = tenants("acme", "broken", "pg_reserved").build().plan().previews();

		assertThat(previews).extracting(Preview::isBlocked).containsExactly(false, true, true);
		assertThat(previews.get(1).errors()).extracting(Problem::code).containsExactly(ErrorCode.HISTORY_LAYOUT);
		assertThat(previews.get(2).errors()).extracting(Problem::code).containsExactly(ErrorCode.SETTING);
	}

	@Test
	void aPlanTellsWhatIsWrongWithTheFilesOnce() {
		this.folder.add("V2__again.sql", "SELECT 1");

		assertThat(tenants("acme", "globex").build().plan().previews()).singleElement()
			.satisfies((preview) -> assertThat(preview.errors()).extracting(Problem::code)
				.containsExactly(ErrorCode.DUPLICATE));
	}

	@Test
	@Timeout(120)
	void aRunThatIsCancelledBeginsNoFurtherTenant() throws Exception {
		this.folder.add("V3__wait.sql", "SELECT pg_advisory_xact_lock_shared(4711)");
		Tenants tenants = tenants("a", "b", "c", "d").connections(1).build();
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(4711)");
			CompletableFuture<TenantsFailedException> run = OwnThread
				.supply(() -> catchThrowableOfType(TenantsFailedException.class, tenants::migrate));
			await().until(() -> "1".equals(this.database.value("SELECT count(*) FROM pg_locks WHERE NOT granted"
					+ " AND locktype = 'advisory' AND database = (SELECT oid FROM pg_database"
					+ " WHERE datname = current_database())")));

			tenants.cancel();

			assertThat(states(run.get(60, TimeUnit.SECONDS).result())).containsExactly(State.FAILED, State.NOT_BEGUN,
					State.NOT_BEGUN, State.NOT_BEGUN);
		}
	}

}
