package dev.tidemark.outcome;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.datasource.AbstractDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.OneSidedRelay;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.MigrationResult;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * After an error that the server did not report, what became of the work is looked up: an
 * error at the client while the statement goes on, of which the server does not hear.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class OutcomeTests {

	/** Calls no function by itself as far as its command tells, so its commit is sent. */
	private static final String LONG = "INSERT INTO b SELECT 1 FROM pg_sleep(10)";

	private static final String HELD_UP = "INSERT INTO b SELECT 1 FROM pg_advisory_xact_lock(7)";

	private static final String WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

	private static final String AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
			+ " AND state = 'active' AND query LIKE '%pg_sleep(10)%' AND pid <> pg_backend_pid()";

	private static final String IDLE = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
			+ " AND application_name = 'tidemark'";

	private final TestDatabase database;

	private final OneSidedRelay relay;

	private MigrationFolder folder;

	OutcomeTests(TestDatabase database) throws IOException {
		this.database = database;
		this.relay = new OneSidedRelay(database);
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
	}

	@AfterEach
	void close() {
		this.relay.close();
	}

	private Tidemark.Builder builder() {
		return Tidemark
			.builder(ConnectionSource.of(this.relay.jdbcUrl(), this.database.user(), this.database.password()))
			.locations(this.folder.location())
			.lockTimeout(Duration.ofMinutes(1));
	}

	private static FutureTask<?> start(Callable<?> run) {
		FutureTask<?> task = new FutureTask<>(run);
		Thread thread = new Thread(task, "run");
		thread.setDaemon(true);
		thread.start();
		return task;
	}

	private static Problem problem(FutureTask<?> run) {
		Throwable failure = catchThrowableOfType(ExecutionException.class, () -> run.get(60, TimeUnit.SECONDS))
			.getCause();
		assertThat(failure).isInstanceOf(TidemarkException.class);
		return ((TidemarkException) failure).problems().get(0);
	}

	private Problem cutWhileAtWork(Callable<?> work) throws IOException {
		FutureTask<?> run = start(work);
		await().until(() -> "1".equals(this.database.value(AT_WORK)));
		this.relay.cutClients();
		return problem(run);
	}

	/** Holds the work up, so that the client does not hear of its commit, and cuts. */
	private Problem cutAfter(String committed, Callable<?> work) throws IOException, SQLException {
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
			FutureTask<?> run = start(work);
			await().until(() -> "1".equals(this.database.value(WAITING)));
			this.relay.muteServer();
			statement.execute("SELECT pg_advisory_unlock(7)");
			await().until(() -> "t".equals(this.database.value(committed)));
			this.relay.cutClients();
			return problem(run);
		}
	}

	private String history() {
		return String.join(", ",
				this.database.rows("SELECT version, kind, state, statements_done, error_code, error_sqlstate"
						+ " FROM tidemark_history WHERE rank > 1 ORDER BY rank"));
	}

	private boolean exists(String table) {
		return this.database.value("SELECT to_regclass('" + table + "')") != null;
	}

	private void assertNobodyAtWork() {
		assertThat(this.database.value(AT_WORK)).isEqualTo("0");
	}

	@Test
	void aTransactionWhoseStatementGoesOnIsEndedAndSaidToBeRolledBack() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);

		Problem problem = cutWhileAtWork(() -> builder().build().migrate());

		assertNobodyAtWork();
		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(problem.place().line()).isEqualTo(2);
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(exists("b")).isFalse();
		assertThat(history()).isEqualTo("2|versioned|failed|0|TM-DB-006|08006");
	}

	@Test
	void aConnectionThatIsCutWhileTheServerIsUpIsCalledThat() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);

		Problem problem = cutWhileAtWork(() -> builder().build().migrate());

		assertThat(problem.what()).contains("cut in the middle of version 2", "although the server is up");
		assertThat(problem.remedy()).contains("proxy", "keepalive", "tidemark.connection.url")
			.doesNotContain("is back");
	}

	@Test
	void aCommitOfWhichTheClientHasNotHeardIsSaidToBeDone() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + HELD_UP);
		Problem problem = cutAfter("SELECT to_regclass('b') IS NOT NULL", () -> builder().build().migrate());

		assertThat(problem.state()).contains("applied, as a whole, and recorded");
		assertThat(problem.remedy()).contains("Do not change the file");
		assertThat(history()).isEqualTo("2|versioned|applied|2||");
		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).isEmpty();
	}

	@Test
	void ofAFileInSegmentsTheStatementThatWasRunningIsLeftToTheNextStart() throws IOException {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\nCREATE TABLE b (x int);\n" + LONG);

		Problem problem = cutWhileAtWork(() -> builder().build().migrate());

		assertNobodyAtWork();
		assertThat(problem.state()).contains("1 of 2 statements of this file is done and stays",
				"the next start finds out");
		assertThat(history()).isEqualTo("2|versioned|running|1|TM-DB-006|08006");
	}

	@Test
	void aSegmentInATransactionIsSurelyRolledBack() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nCREATE INDEX CONCURRENTLY i ON b (x);\n" + LONG);

		Problem problem = cutWhileAtWork(() -> builder().build().migrate());

		assertThat(problem.state()).isEqualTo("2 of 3 statements of this file are done and stay.");
		assertThat(history()).isEqualTo("2|versioned|failed|2|TM-DB-006|08006");
		assertThat(this.database.rows("SELECT * FROM b")).isEmpty();
	}

	@Test
	void whatIsDoneOfAFileInSegmentsIsReadFromTheDatabaseAndNotCounted() throws IOException {
		this.folder.add("V2__b.sql",
				"CREATE TABLE b (x int);\nCREATE INDEX CONCURRENTLY i ON b (x);\nDROP INDEX CONCURRENTLY i;\n" + LONG);
		FutureTask<?> run = start(() -> builder().build().migrate());
		await().until(() -> "1".equals(this.database.value(AT_WORK)));
		// What a crash does with progress that was not on the disk.
		this.database.execute("UPDATE tidemark_history SET statements_done = 1 WHERE rank = 2");

		this.relay.cutClients();
		Problem problem = problem(run);

		assertThat(problem.state()).startsWith("1 of 4 statements of this file is done and stays.")
			.contains("the next start finds out");
		assertThat(history()).isEqualTo("2|versioned|running|1|TM-DB-006|08006");
	}

	@Test
	void aSegmentWhoseCommitTheClientHasNotHeardOfCountsAsDone() throws Exception {
		// It waits in the message that records the progress and commits.
		this.database.execute("""
				CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  IF NEW.statements_done = 3 THEN PERFORM pg_advisory_xact_lock(7); END IF;
				  RETURN NEW;
				END $$;
				CREATE TRIGGER hold BEFORE UPDATE ON tidemark_history FOR EACH ROW EXECUTE FUNCTION hold()""");
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nCREATE INDEX CONCURRENTLY i ON b (x);\n"
				+ "INSERT INTO b VALUES (1);\nDROP INDEX CONCURRENTLY i");
		Problem problem = cutAfter(
				"SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'b') AND (SELECT"
						+ " statements_done = 3 FROM tidemark_history WHERE rank = 2)",
				() -> builder().build().migrate());

		assertThat(problem.state()).startsWith("3 of 4 statements of this file are done and stay.");
		assertThat(history()).isEqualTo("2|versioned|failed|3|TM-DB-006|08006");
		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).hasSize(1);
		assertThat(this.database.rows("SELECT x FROM b")).containsExactly("1");
	}

	@Test
	void anUndoWhoseStatementGoesOnIsEndedAndSaidToBeRolledBack() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)").add("U2__b.sql", LONG + "; DROP TABLE b");
		this.folder.tidemark(this.database).build().migrate();

		Problem problem = cutWhileAtWork(() -> builder().build().undo(UndoRequest.of(UndoSelection.last())));

		assertNobodyAtWork();
		assertThat(problem.state()).contains("as it was before the undo");
		assertThat(exists("b")).isTrue();
		assertThat(history()).endsWith("2|undo|failed|0|TM-DB-006|08006");
	}

	@Test
	void aCallbackWhoseStatementGoesOnIsEndedAndSaidToBeRolledBack() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)").add("afterMigrate.sql", LONG);

		Problem problem = cutWhileAtWork(() -> builder().build().migrate());

		assertNobodyAtWork();
		assertThat(problem.state()).contains("What the callback had not committed was rolled back");
		assertThat(this.database.rows("SELECT * FROM b")).isEmpty();
		assertThat(exists("b")).isTrue();
	}

	@Test
	void aCallbackWhoseCommitTheClientHasNotHeardOfIsSaidToBeCommitted() throws Exception {
		this.folder.add("afterMigrate.sql", "CREATE TABLE deferred (x int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)");
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute(
				"""
						CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
						CREATE CONSTRAINT TRIGGER t AFTER INSERT ON deferred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
						EXECUTE FUNCTION wait()""");
		this.folder.add("afterMigrate.sql", "INSERT INTO deferred VALUES (1)");
		Problem problem = cutAfter("SELECT EXISTS (SELECT FROM deferred)", () -> builder().build().migrate());

		assertThat(problem.state()).contains("The transaction of the callback is committed.");
	}

	@Test
	void codeWhoseStatementGoesOnIsEndedAndSaidToBeRolledBack() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)");

		Problem problem = cutWhileAtWork(
				() -> builder().migration(code("3", (jdbc) -> jdbc.operations().execute(LONG))).build().migrate());

		assertNobodyAtWork();
		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(this.database.rows("SELECT * FROM b")).isEmpty();
		assertThat(history()).endsWith("3|versioned|failed|0|TM-DB-006|08006");
	}

	private static CodeMigration code(String identity, Work work) {
		return new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of(identity);
			}

			@Override
			public String description() {
				return "code";
			}

			@Override
			public void migrate(JdbcContext jdbc) throws Exception {
				work.run(jdbc);
			}

		};
	}

	@Test
	void anInterruptedRunLooksAllTheSame() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);
		AtomicReference<Thread> runner = new AtomicReference<>();
		FutureTask<?> run = start(() -> {
			runner.set(Thread.currentThread());
			try {
				return builder().build().migrate();
			}
			finally {
				assertThat(Thread.interrupted()).isTrue();
			}
		});
		await().until(() -> "1".equals(this.database.value(AT_WORK)));

		runner.get().interrupt();
		this.relay.cutClients();

		assertThat(problem(run).state()).contains("as it was before this migration");
		assertThat(history()).isEqualTo("2|versioned|failed|0|TM-DB-006|08006");
	}

	@Test
	void whatNobodyCanBeAskedAboutIsNotKnownYet() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nINSERT INTO b SELECT 1 FROM pg_sleep(100)");
		FutureTask<?> run = start(() -> builder().build().migrate());
		String working = AT_WORK.replace("pg_sleep(10)", "pg_sleep(100)");
		await().until(() -> "1".equals(this.database.value(working)));
		String pid = this.database.value(working.replace("count(*)", "pid"));

		this.relay.cutForGood();
		Problem problem = problem(run);

		assertThat(problem.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
		assertThat(problem.state()).startsWith("Not known yet").contains("Server process " + pid);
		String look = problem.remedy().substring(problem.remedy().indexOf("SELECT"));
		assertThat(this.database.rows(look.substring(0, look.indexOf(';')))).singleElement()
			.asString()
			.startsWith(pid + "|");
		assertThat(problem.remedy())
			.contains("FROM \"public\".\"tidemark_history\" WHERE rank = 2 AND deployment_id = '")
			.doesNotContain("OPERATOR", "  ");
		String further = problem.remedy().substring(problem.remedy().indexOf("SELECT state, statements_done"));
		assertThat(this.database.rows(further.substring(0, further.indexOf(';')))).isEmpty();
		assertThat(problem.remedy()).contains("No row there, or no such table, means that nothing of it is committed.",
				"it may have lost versions too of which this run has told that they are applied");
		String overview = problem.remedy().substring(problem.remedy().indexOf("SELECT rank"));
		assertThat(this.database.rows(overview.substring(0, overview.indexOf(';')))).containsExactly("1|1|a|applied");
		assertThat(history()).isEmpty();
		this.database.execute("SELECT pg_terminate_backend(" + pid + ")");
	}

	private PGSimpleDataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(this.relay.jdbcUrl());
		dataSource.setUser(this.database.user());
		dataSource.setPassword(this.database.password());
		return dataSource;
	}

	@Test
	void aPoolOfOneGetsItsConnectionBackBeforeItIsAskedForAnother() throws IOException {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);
		DataSource pool = new PoolOfOne(dataSource());

		Problem problem = cutWhileAtWork(() -> Tidemark
			.builder(ConnectionSource.of(pool,
					ConnectionSource.of("jdbc:postgresql://localhost:1/nowhere", "nobody", null)))
			.locations(this.folder.location())
			.build()
			.migrate());

		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(history()).isEqualTo("2|versioned|failed|0|TM-DB-006|08006");
	}

	@Test
	void whoEndsTheSessionIsNamed() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nSELECT pg_terminate_backend(pg_backend_pid())");

		Problem problem = failure(builder());

		assertThat(problem.what()).contains("Somebody ended the session", "pg_terminate_backend");
		assertThat(problem.server().sqlState()).isEqualTo("57P01");
		assertThat(history()).isEqualTo("2|versioned|failed|0|TM-DB-006|57P01");
	}

	@Test
	void aTransactionTimeoutIsNamed() {
		assumeThat(PostgresServer.major()).isGreaterThanOrEqualTo(17);
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nSET LOCAL transaction_timeout = '200ms';\n" + LONG);

		Problem problem = failure(builder());

		assertThat(problem.what()).contains("transaction_timeout");
		assertThat(problem.remedy()).contains("where the file sets it for itself", "V2__b.sql:2:1")
			.doesNotContain("ALTER ROLE");
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(history()).isEqualTo("2|versioned|failed|0|TM-DB-006|25P04");
	}

	@Test
	void aTimeoutOfIdleTransactionsIsNamed() {
		Problem problem = failure(builder().migration(code("2", (jdbc) -> {
			jdbc.operations().execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'");
			String pid = jdbc.client().sql("SELECT pg_backend_pid()").query(String.class).single();
			await().until(() -> this.database.rows("SELECT 1 FROM pg_stat_activity WHERE pid = " + pid).isEmpty());
			jdbc.operations().execute("SELECT 1");
		})));

		assertThat(problem.what()).contains("idle_in_transaction_session_timeout");
		assertThat(problem.remedy()).contains("where it is set for this session", "by code");
		assertThat(history()).isEqualTo("2|versioned|failed|0|TM-DB-006|25P03");
	}

	private static Problem failure(Tidemark.Builder builder) {
		return catchThrowableOfType(TidemarkException.class, () -> builder.build().migrate()).problems().get(0);
	}

	@Test
	void aTimeoutOfIdleSessionsIsNamed() throws SQLException {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\nSET idle_session_timeout = '50ms';\n"
				+ "SELECT set_config('app.pid', pg_backend_pid()::text, false);\nALTER TABLE a ADD COLUMN y int");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("LOCK TABLE a");

			// Between two attempts to get a lock the session is idle.
			Problem problem = failure(builder().lockTimeout(Duration.ofMillis(100)).listener(new RunListener() {

				@Override
				public void lockNotGranted(LockWait wait) {
					await().until(() -> OutcomeTests.this.database.rows(IDLE).isEmpty());
				}

			}));

			assertThat(problem.what()).contains("idle_session_timeout");
			assertThat(problem.remedy()).contains("where the file sets it for itself", "V2__b.sql:2:1");
			assertThat(problem.server().sqlState()).isEqualTo("57P05");
		}
	}

	/** Starts a run in a database, and returns when it is at work there. */
	private FutureTask<?> startIn(String name) {
		FutureTask<?> run = start(() -> Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl().replace(this.database.name(), name),
					this.database.user(), this.database.password()))
			.locations(this.folder.location())
			.build()
			.migrate());
		await().until(() -> "1".equals(this.database.value(AT_WORK.replace("current_database()", "'" + name + "'"))));
		return run;
	}

	@Test
	void aDatabaseThatIsDroppedIsSaidToBeGone() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);
		String name = this.database.name() + "_dropped";
		this.database.execute("CREATE DATABASE " + name);
		try {
			FutureTask<?> run = startIn(name);

			this.database.execute("DROP DATABASE " + name + " WITH (FORCE)");
			Problem problem = problem(run);

			assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
			assertThat(problem.what()).contains("The database was dropped");
			assertThat(problem.state()).isEqualTo("The server that answers has no database of that name any more."
					+ " What this run had done, and told of before, is gone, if it was not only renamed.");
			assertThat(problem.remedy()).contains("Find out who did so");
		}
		finally {
			this.database.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
		}
	}

	@Test
	void aDatabaseThatIsMadeAnewIsNotTakenForTheOldOne() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);
		String name = this.database.name() + "_anew";
		this.database.execute("CREATE DATABASE " + name);
		try {
			FutureTask<?> run = startIn(name);

			this.database.execute("DROP DATABASE " + name + " WITH (FORCE)");
			this.database.execute("CREATE DATABASE " + name);
			Problem problem = problem(run);

			assertThat(problem.what()).contains("The database was dropped");
			assertThat(problem.state())
				.startsWith("The server has another database of that name since. What this run had done");
		}
		finally {
			this.database.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
		}
	}

	/**
	 * As one that was stopped, and whose session was ended: it looks when others have
	 * gone on.
	 */
	private Problem overtaken(Tidemark.Builder first) throws Exception {
		this.folder.add("V3__c.sql", "CREATE TABLE c (x int)");
		try (Connection connection = this.database.connect();
				Statement statement = connection.createStatement();
				LogOf log = new LogOf("dev.tidemark")) {
			statement.execute("SELECT pg_advisory_lock(7)");
			FutureTask<?> run = start(() -> first.build().migrate());
			await().until(() -> "1".equals(this.database.value(WAITING)));
			this.relay.muteServer();
			statement
				.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
			statement.execute("SELECT pg_advisory_unlock(7)");
			this.folder.add("V2__b.sql", "CREATE TABLE b (x int)");
			assertThat(this.folder.tidemark(this.database).build().migrate().applied()).hasSize(2);
			this.relay.cutClients();
			Problem problem = problem(run);
			assertThat(log.at(Level.WARN)).noneMatch((line) -> line.contains("duplicate key"));
			return problem;
		}
	}

	private void assertToldWhoHasGoneOn(Problem problem) {
		String deployment = this.database.value("SELECT deployment_id FROM tidemark_history WHERE rank = 3");
		assertThat(problem.state()).isEqualTo("What was not committed was rolled back. Another instance, deployment "
				+ deployment + ", has gone on in its place, and recorded: version 2 is applied, version 3 is applied.");
		assertThat(history()).isEqualTo("2|versioned|applied|1||, 3|versioned|applied|1||");
	}

	@Test
	void whatAnotherInstanceHasDoneInItsPlaceIsTold() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + HELD_UP);

		Problem problem = overtaken(builder());

		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(problem.remedy()).startsWith("Nothing has to be done about it here");
		assertToldWhoHasGoneOn(problem);
	}

	@Test
	void whatAnotherInstanceHasDoneInThePlaceOfCodeIsTold() throws Exception {
		assertToldWhoHasGoneOn(overtaken(builder()
			.migration(code("2", (jdbc) -> jdbc.operations().execute("SELECT pg_advisory_xact_lock(7)")))));
	}

	@Test
	void aSessionThatHasEndedIsNotTakenForAnotherOneThatStandsInForIt() {
		this.folder.add("V2__b.sql",
				"-- tidemark: transaction=none\nCREATE TABLE b (x int);\nSELECT pg_terminate_backend(pg_backend_pid())");

		Problem problem = failure(
				Tidemark.builder(ConnectionSource.of(new FailOver(dataSource()))).locations(this.folder.location()));

		assertThat(problem.what()).contains("Somebody ended the session");
		assertThat(problem.state()).contains("the next start finds out");
		assertThat(history()).isEqualTo("2|versioned|running|1|TM-DB-006|57P01");
	}

	@Test
	void whoeverHasTheInstanceLockByThenIsNotDisturbed() throws Exception {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\n" + LONG);
		FutureTask<?> run = start(() -> builder().build().migrate());
		await().until(() -> "1".equals(this.database.value(AT_WORK)));
		FutureTask<?> other = start(() -> {
			this.database.execute("SELECT pg_advisory_lock((classid::bigint << 32) | objid::bigint), 'next'"
					+ " FROM pg_locks WHERE locktype = 'advisory' AND granted"
					+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database());"
					+ " SELECT pg_sleep(60)");
			return null;
		});
		await().until(() -> "1".equals(this.database.value(WAITING)));

		this.relay.cutClients();
		Problem problem = problem(run);

		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(history()).isEmpty();
		assertThat(other.isDone()).isFalse();
		this.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'"
				+ " AND pid <> pg_backend_pid()");
	}

	@Test
	void whatTheServerHasLostOfTheRunIsNamed() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)")
			.add("V3__c.sql", "SELECT pg_terminate_backend(pg_backend_pid())");

		Problem problem = failure(builder().listener(new RunListener() {

			@Override
			public void migrationStarted(MigrationInfo migration) {
				if (migration.identity().equals(Identity.of("3"))) {
					// What a crash does with a commit that was not on the disk.
					OutcomeTests.this.database
						.execute("DROP TABLE b; DELETE FROM tidemark_history WHERE version = '2'");
				}
			}

		}));

		assertThat(problem.state()).contains("as it was before this migration",
				"the server has lost version 2; the next run does it again");
	}

	@Test
	void aWarningSaysNothingOfTheState() {
		assertThat(Problem.warning(ErrorCode.CHANGED, null, "what", "remedy").state())
			.isEqualTo("This is a warning, and stops nothing.");
	}

	@Test
	void whatARunHasDoneBeforeItIsCancelledIsTold() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)").add("V3__c.sql", "CREATE TABLE c (x int)");
		AtomicReference<Tidemark> self = new AtomicReference<>();
		self.set(builder().listener(new RunListener() {

			@Override
			public void migrationApplied(MigrationInfo migration, MigrationResult result) {
				self.get().cancel();
			}

		}).build());

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> self.get().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
		assertThat(failure.problems().get(0).state())
			.isEqualTo("What this run has done before stays: version 2 is applied.");
	}

	@Test
	void whatCallbacksHaveChangedIsToldWhenTheFilesAreRefusedAfterThem() {
		this.folder.add("V1__a.sql", "CREATE TABLE other ()");
		Callback before = new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.BEFORE_VALIDATE);
			}

			@Override
			public void call(CallbackContext context) {
				context.operations().execute("CREATE TABLE made ()");
			}

		};

		Problem problem = failure(builder().callback(before));

		assertThat(problem.code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(exists("made")).isTrue();
		assertThat(problem.state())
			.isEqualTo("What this run has done before stays: the callbacks of beforeValidate have run.");
	}

	@Test
	void aDecisionWhoseCommitTheClientHasNotHeardOfIsSaidToBeDone() throws Exception {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\nCREATE TABLE b (x int); SELECT 1/0");
		failure(builder());
		this.database.execute(
				"""
						CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END';
						CREATE TRIGGER t AFTER INSERT ON tidemark_history FOR EACH ROW EXECUTE FUNCTION wait()""");
		Problem problem = cutAfter("SELECT count(*) = 3 FROM tidemark_history", () -> {
			builder().build()
				.resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.APPLIED, "checked")
					.within(Duration.ofSeconds(10)));
			return null;
		});

		assertThat(problem.state()).contains("It is done, and recorded.");
	}

	private interface Work {

		void run(JdbcContext jdbc) throws Exception;

	}

	/**
	 * Its connections say that they are alive, as those that have another one by then.
	 */
	private static final class FailOver extends AbstractDataSource {

		private final DataSource dataSource;

		FailOver(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = this.dataSource.getConnection();
			AtomicBoolean closed = new AtomicBoolean();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						closed.compareAndSet(false, Set.of("abort", "close").contains(method.getName()));
						try {
							return switch (method.getName()) {
								case "isValid" -> true;
								case "isClosed" -> closed.get();
								default -> method.invoke(connection, arguments);
							};
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

		@Override
		public Connection getConnection(String user, String password) throws SQLException {
			return getConnection();
		}

	}

	/** Gives a connection only when the one before is closed. */
	private static final class PoolOfOne extends AbstractDataSource {

		private final DataSource dataSource;

		private final Semaphore free = new Semaphore(1);

		PoolOfOne(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (!this.free.tryAcquire()) {
				throw new SQLTransientConnectionException("The pool has one connection, which is in use");
			}
			Connection connection = this.dataSource.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("close")) {
							this.free.drainPermits();
							this.free.release();
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

		@Override
		public Connection getConnection(String user, String password) throws SQLException {
			return getConnection();
		}

	}

}
