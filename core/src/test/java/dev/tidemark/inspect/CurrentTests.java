package dev.tidemark.inspect;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.Current;
import dev.tidemark.run.inspect.Current.State;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.tenant.TenantsInspection;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is told of a run while it works: a table that somebody has locked is its gate.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class CurrentTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/** The second of its three statements waits at the gate. */
	private static final String FILE = """
			CREATE TABLE b (x int);

			INSERT INTO gate VALUES (1);
			CREATE TABLE c (x int)""";

	private final TestDatabase database;

	private final Instant before = Instant.now();

	private MigrationFolder folder;

	private Connection gate;

	private @Nullable CompletableFuture<?> run;

	CurrentTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void closeGate(@TempDir Path path) throws Exception {
		this.folder = new MigrationFolder(path);
		this.database.execute("CREATE TABLE gate (x int)");
		this.gate = this.database.connect();
		this.gate.setAutoCommit(false);
		try (Statement statement = this.gate.createStatement()) {
			statement.execute("LOCK TABLE gate");
		}
	}

	@AfterEach
	void openGate() throws Exception {
		this.gate.close();
		if (this.run != null) {
			this.run.get(60, TimeUnit.SECONDS);
		}
	}

	private Tidemark.Builder builder() {
		return this.folder.tidemark(this.database)
			.baseline(MigrationVersion.of("0"), "the gate")
			.lockTimeout(Duration.ZERO);
	}

	private Tidemark start(Tidemark tidemark) {
		this.run = OwnThread.supply(tidemark::migrate);
		awaitSomebodyAtTheGate();
		return tidemark;
	}

	private void awaitSomebodyAtTheGate() {
		await().atMost(TIMEOUT).until(() -> "1".equals(this.database.value("""
				SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gate'::regclass""")));
	}

	private static Current current(Tidemark tidemark) {
		Current current = tidemark.inspect(InspectRequest.everything().within(TIMEOUT)).current();
		assertThat(current).isNotNull();
		return current;
	}

	@Test
	void theInstanceThatMigratesKnowsTheStatementWithinItsTransaction() {
		this.folder.add("V1__b.sql", FILE);

		Current current = current(start(builder().build()));

		assertThat(current.here()).isTrue();
		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.script()).endsWith("V1__b.sql");
		assertThat(current.statement()).isEqualTo(2);
		assertThat(current.statements()).isEqualTo(3);
		assertThat(current.line()).isEqualTo(3);
		assertThat(current.excerpt()).isEqualTo("INSERT INTO gate VALUES (1)");
		assertThat(current.attempt()).isEqualTo(1);
		assertThat(current.since()).isAfter(this.before);
		assertThat(current.elapsed()).isPositive();
		assertThat(current.undo()).isFalse();
	}

	@Test
	void itSaysWhichLockTheStatementWaitsFor() {
		this.folder.add("V1__b.sql", FILE);

		Current current = current(start(builder().build()));

		assertThat(current.state()).isEqualTo(State.WAITING_FOR_LOCK);
		assertThat(current.lock()).isNotNull();
		assertThat(current.lock().relation()).isEqualTo("public.gate");
	}

	@Test
	void anotherInstanceOfTheSameBuildSeesTheStatementThatRuns() {
		this.folder.add("V1__b.sql", FILE);
		start(builder().build());

		Current current = current(builder().build());

		assertThat(current.here()).isFalse();
		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statement()).isEqualTo(2);
		assertThat(current.statements()).isEqualTo(3);
		assertThat(current.line()).isEqualTo(3);
		assertThat(current.state()).isEqualTo(State.WAITING_FOR_LOCK);
		assertThat(current.since()).isAfter(this.before);
		assertThat(current.attempt()).isNull();
	}

	@Test
	void whereSeveralStatementsLookAlikeNoneIsNamed() {
		this.folder.add("V1__b.sql", "INSERT INTO gate VALUES (1);\nINSERT INTO gate VALUES (1)");
		start(builder().build());

		Current current = current(builder().build());

		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statement()).isNull();
		assertThat(current.line()).isNull();
	}

	@Test
	void anotherBuildDoesNotGuessWhichVersionItIs() {
		this.folder.add("V1__b.sql", FILE);
		start(builder().build());
		this.folder.remove("V1__b.sql").add("V2__other.sql", "CREATE TABLE other ()");

		Current current = current(builder().build());

		assertThat(current.state()).isEqualTo(State.WAITING_FOR_LOCK);
		assertThat(current.migration()).isNull();
		assertThat(current.script()).isNull();
		assertThat(current.pid()).isNotNull();
	}

	@Test
	void aFileThatCommitsInPartsIsSeenFromItsRow() {
		this.folder.add("V1__b.sql", "-- tidemark: transaction=none\n" + FILE);
		start(builder().build());

		Current current = current(builder().build());

		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statement()).isEqualTo(2);
		assertThat(current.line()).isEqualTo(4);
	}

	@Test
	void aBuildWithoutTheFileSeesItsRowToo() {
		this.folder.add("V1__b.sql", "-- tidemark: transaction=none\n" + FILE);
		start(builder().build());
		this.folder.remove("V1__b.sql");

		Current current = current(builder().failOnMissingLocations(false).build());

		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statements()).isEqualTo(3);
		assertThat(current.statement()).isNull();
	}

	@Test
	void betweenTwoAttemptsTheNextOneIsDue() {
		this.folder.add("V1__b.sql", FILE);
		Tidemark tidemark = builder().lockTimeout(Duration.ofMillis(200))
			.lockRetry(new LockRetry(Duration.ofSeconds(60)))
			.build();
		this.run = OwnThread.supply(tidemark::migrate);

		await().atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(tidemark.inspect(InspectRequest.everything().within(TIMEOUT)).current())
				.isNotNull()
				.satisfies((current) -> {
					assertThat(current.state()).isEqualTo(State.PAUSED);
					assertThat(current.attempt()).isGreaterThan(1);
					assertThat(current.migration()).isEqualTo(Identity.of("1"));
					assertThat(current.statement()).isEqualTo(2);
					assertThat(current.statements()).isEqualTo(3);
					assertThat(current.line()).isEqualTo(3);
					assertThat(current.nextAttempt()).isAfter(current.since());
				}));
	}

	@Test
	void whoWaitsForAnotherInstanceSaysSo() throws Exception {
		this.folder.add("V1__b.sql", FILE);
		start(builder().build());
		Tidemark waiting = builder().build();
		CompletableFuture<?> second = OwnThread.supply(waiting::migrate);

		await().atMost(TIMEOUT)
			.untilAsserted(
					() -> assertThat(waiting.inspect(InspectRequest.everything().within(TIMEOUT)).current()).isNotNull()
						.extracting(Current::state)
						.isEqualTo(State.WAITING_FOR_INSTANCE));
		Inspection inspection = waiting.inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.current().here()).isTrue();
		assertThat(inspection.current().migration()).isNull();
		assertThat(inspection.lockHolder()).isNotNull();
		openGate();
		second.get(60, TimeUnit.SECONDS);
	}

	@Test
	void aCallbackIsNamedByItsOwnFile() {
		this.folder.add("V1__b.sql", "CREATE TABLE b ()")
			.add("beforeEachMigrate.sql", "SELECT 1;\nINSERT INTO gate VALUES (1)");

		Current current = current(start(builder().build()));

		assertThat(current.script()).endsWith("beforeEachMigrate.sql");
		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statement()).isEqualTo(2);
		assertThat(current.statements()).isEqualTo(2);
	}

	@Test
	void codeIsNamedByItsClass() {
		CodeMigration code = new Code((jdbc) -> {
			jdbc.client().sql("INSERT INTO gate VALUES (1)").update();
		});

		Current current = current(start(builder().migration(code).failOnMissingLocations(false).build()));

		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.script()).contains("CurrentTests");
		assertThat(current.statement()).isNull();
		assertThat(current.line()).isNull();
	}

	@Test
	void anUndoIsToldAsSuch() throws Exception {
		this.folder.add("V1__b.sql", "CREATE TABLE b ()")
			.add("U1__b.sql", "INSERT INTO gate VALUES (1);\nDROP TABLE b");
		Tidemark tidemark = builder().build();
		tidemark.migrate();
		this.run = OwnThread.supply(() -> tidemark.undo(UndoRequest.of(UndoSelection.last(1))));
		awaitSomebodyAtTheGate();

		Current current = current(tidemark);

		assertThat(current.undo()).isTrue();
		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.script()).endsWith("U1__b.sql");
		assertThat(current.statement()).isEqualTo(1);
		assertThat(current.statements()).isEqualTo(2);
	}

	@Test
	void aCommitThatWaitsIsToldAsSuch() {
		this.folder.add("V1__b.sql", """
				CREATE TABLE b (x int);
				CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN INSERT INTO gate VALUES (1); RETURN NULL; END $$;
				CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON b DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION wait();
				INSERT INTO b VALUES (1)""");

		Current current = current(start(builder().build()));

		assertThat(current.state()).isEqualTo(State.COMMITTING);
		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statement()).isNull();
	}

	@Test
	void ofManyTenantsEachOneHasItsOwn() throws Exception {
		this.folder.add("V1__b.sql", """
				DO $$ BEGIN IF current_schema() = 'acme' THEN INSERT INTO public.gate VALUES (1); END IF; END $$""");
		this.database.execute("CREATE SCHEMA acme; CREATE SCHEMA globex");
		Tenants tenants = Tenants
			.builder(this.folder.tidemark(this.database).lockTimeout(Duration.ZERO).build(),
					TenantSchemas.of(List.of("acme", "globex")))
			.build();
		this.run = OwnThread.supply(tenants::migrate);
		awaitSomebodyAtTheGate();

		TenantsInspection inspection = tenants.inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.tenants().get(0).current()).isNotNull()
			.satisfies((current) -> assertThat(current.migration()).isEqualTo(Identity.of("1")));
		await().atMost(TIMEOUT)
			.until(() -> tenants.inspect(InspectRequest.everything().within(TIMEOUT))
				.tenants()
				.get(1)
				.current() == null);
		assertThat(current(tenants.in("acme")).state()).isEqualTo(State.WAITING_FOR_LOCK);
		assertThat(tenants.in("globex").inspect(InspectRequest.everything().within(TIMEOUT)).current()).isNull();
	}

	@Test
	void aCallbackBeforeTheValidationIsNotToldToWaitForAnInstance() {
		this.folder.add("V1__b.sql", "CREATE TABLE b ()").add("beforeValidate.sql", "INSERT INTO gate VALUES (1)");

		Current current = current(start(builder().build()));

		assertThat(current.state()).isEqualTo(State.WAITING_FOR_LOCK);
		assertThat(current.script()).endsWith("beforeValidate.sql");
		assertThat(current.migration()).isNull();
		assertThat(current.attempt()).isEqualTo(1);
	}

	@Test
	void theAttemptsOfACallbackOutsideOfMigrationsAreCountedToo() {
		this.folder.add("V1__b.sql", "CREATE TABLE b ()")
			.add("beforeMigrate.sql", "SELECT 1;\nINSERT INTO gate VALUES (1)");
		Tidemark tidemark = impatient();
		this.run = OwnThread.supply(tidemark::migrate);

		Current paused = paused(tidemark);

		assertThat(paused.script()).endsWith("beforeMigrate.sql");
		assertThat(paused.migration()).isNull();
		assertThat(paused.statement()).isEqualTo(2);
		assertThat(paused.nextAttempt()).isAfter(paused.since());
	}

	private Tidemark impatient() {
		return builder().lockTimeout(Duration.ofMillis(200)).lockRetry(new LockRetry(Duration.ofSeconds(60))).build();
	}

	/** Returns what is told between two attempts, of which the first one is over. */
	private static Current paused(Tidemark tidemark) {
		return await().atMost(TIMEOUT)
			.until(() -> tidemark.inspect(InspectRequest.everything().within(TIMEOUT)).current(),
					(current) -> current != null && current.state() == State.PAUSED && current.attempt() != null
							&& current.attempt() > 1);
	}

	@Test
	void aCallbackThatPausesHasNotAsManyStatementsAsTheMigration() {
		this.folder.add("V1__b.sql", FILE).add("beforeEachMigrate.sql", "INSERT INTO gate VALUES (1)");
		Tidemark tidemark = impatient();
		this.run = OwnThread.supply(tidemark::migrate);

		Current paused = paused(tidemark);

		assertThat(paused.script()).endsWith("beforeEachMigrate.sql");
		assertThat(paused.migration()).isEqualTo(Identity.of("1"));
		assertThat(paused.statement()).isEqualTo(1);
		assertThat(paused.statements()).isNull();
	}

	@Test
	void anUndoThatPausesIsToldAsSuch() {
		this.folder.add("V1__b.sql", "CREATE TABLE b ()")
			.add("U1__b.sql", "INSERT INTO gate VALUES (1);\nDROP TABLE b");
		Tidemark tidemark = impatient();
		tidemark.migrate();
		this.run = OwnThread.supply(() -> tidemark.undo(UndoRequest.of(UndoSelection.last(1))));

		Current paused = paused(tidemark);

		assertThat(paused.undo()).isTrue();
		assertThat(paused.migration()).isEqualTo(Identity.of("1"));
		assertThat(paused.statements()).isEqualTo(2);
	}

	@Test
	void theRowOfAnInstanceThatWasKilledIsNotWhatTheNextOneDoes() throws Exception {
		this.folder.add("V1__b.sql", "-- tidemark: transaction=none\n" + FILE);
		CompletableFuture<?> killed = OwnThread.supply(builder().build()::migrate);
		awaitSomebodyAtTheGate();
		this.database.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted"
				+ " AND relation = 'gate'::regclass");
		await().atMost(TIMEOUT).until(killed::isDone);
		assertThat(this.database.value("SELECT state FROM tidemark_history WHERE version = '1'")).isEqualTo("running");
		this.folder.add("beforeValidate.sql", "INSERT INTO gate VALUES (2)");
		CompletableFuture<?> next = OwnThread.supply(builder().build()::migrate);
		awaitSomebodyAtTheGate();

		Current current = current(builder().build());

		assertThat(current.state()).isEqualTo(State.WAITING_FOR_LOCK);
		assertThat(current.migration()).isNull();
		this.gate.close();
		await().atMost(TIMEOUT).until(next::isDone);
	}

	@Test
	void aStatementThatTheServerCutsOffIsSeenFromElsewhere() {
		String rest = "-- \u00e4\u20ac ".repeat(500);
		this.folder.add("V1__b.sql",
				"CREATE TABLE b ();\nDO $$ BEGIN INSERT INTO gate VALUES (1); " + rest + "\nEND $$");
		start(builder().build());

		Current current = current(builder().build());

		assertThat(current.migration()).isEqualTo(Identity.of("1"));
		assertThat(current.statement()).isEqualTo(2);
	}

	@Test
	void sinceWhenASessionElsewhereIsIdleIsNotKnown() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		CodeMigration code = new Code((jdbc) -> {
			jdbc.client().sql("CREATE TABLE b ()").update();
			begun.countDown();
			assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
		});
		Tidemark.Builder builder = builder().migration(code).failOnMissingLocations(false);
		this.run = OwnThread.supply(builder.build()::migrate);
		assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

		Current current = current(builder.build());
		end.countDown();

		assertThat(current.state()).isEqualTo(State.RUNNING);
		assertThat(current.pid()).isNotNull();
		assertThat(current.since()).isNull();
		assertThat(current.elapsed()).isNull();
	}

	@Test
	void afterTheRunNothingIsTold() throws Exception {
		this.folder.add("V1__b.sql", FILE);
		Tidemark tidemark = start(builder().build());

		openGate();

		assertThat(tidemark.inspect(InspectRequest.everything().within(TIMEOUT)).current()).isNull();
	}

	/** Version 1. */
	private record Code(Content content) implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("1");
		}

		@Override
		public String description() {
			return "code";
		}

		@Override
		public void migrate(JdbcContext jdbc) throws Exception {
			this.content.migrate(jdbc);
		}

	}

	@FunctionalInterface
	private interface Content {

		void migrate(JdbcContext jdbc) throws Exception;

	}

}
