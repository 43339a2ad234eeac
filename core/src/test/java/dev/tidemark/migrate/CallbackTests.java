package dev.tidemark.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What runs at the events of a run. Most callbacks here write down that they ran, and
 * when.
 */
@ExtendWith(PostgresExtension.class)
class CallbackTests {

	private final TestDatabase database;

	private final List<Callback> callbacks = new ArrayList<>();

	private MigrationFolder folder;

	CallbackTests(TestDatabase database) {
		this.database = database;
		// In a schema of its own, as the run shall find an empty one.
		database.execute("CREATE SCHEMA told; CREATE TABLE told.event (id serial, what text,"
				+ " transaction text DEFAULT pg_current_xact_id()::text)");
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private Tidemark.Builder tidemark() {
		Tidemark.Builder builder = this.folder.tidemark(this.database);
		this.callbacks.forEach(builder::callback);
		return builder;
	}

	private RunResult migrate() {
		return tidemark().build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private Problem problem() {
		TidemarkException failure = failure();
		assertThat(failure.problems()).hasSize(1);
		return failure.problems().get(0);
	}

	private static String tell(String what) {
		return "INSERT INTO told.event (what) VALUES ('" + what + "');\n";
	}

	private CallbackTests tellAt(String... events) {
		for (String event : events) {
			this.folder.add(event + ".sql", tell(event));
		}
		return this;
	}

	private List<String> told() {
		return this.database.rows("SELECT what FROM told.event ORDER BY id");
	}

	private static void tell(JdbcContext jdbc, String what) {
		jdbc.client().sql("INSERT INTO told.event (what) VALUES (:what)").param("what", what).update();
	}

	@Test
	void theEventsOfARunComeInThisOrder() {
		this.folder.add("V1__a.sql", tell("statement 1.1") + tell("statement 1.2"))
			.add("R__r.sql", tell("statement r"));
		for (CallbackEvent event : CallbackEvent.values()) {
			tellAt(event.toString());
		}
		tidemark().schemas(List.of("fresh")).build().migrate();

		assertThat(told()).containsExactly("beforeValidate", "afterValidate", "beforeCreateSchema", "beforeMigrate",
				"beforeEachMigrate", "beforeEachMigrateStatement", "statement 1.1", "afterEachMigrateStatement",
				"beforeEachMigrateStatement", "statement 1.2", "afterEachMigrateStatement", "afterEachMigrate",
				"afterVersioned", "beforeRepeatables", "beforeEachMigrate", "beforeEachMigrateStatement", "statement r",
				"afterEachMigrateStatement", "afterEachMigrate", "afterMigrateApplied", "afterMigrate",
				"afterMigrateOperationFinish");
	}

	@Test
	void thoseOfAMigrationShareItsTransactionAndOthersHaveTheirOwn() {
		this.folder.add("V1__a.sql", tell("statement"));
		tellAt("beforeMigrate", "beforeEachMigrate", "beforeEachMigrateStatement", "afterEachMigrateStatement",
				"afterEachMigrate", "afterMigrateApplied", "afterMigrate");
		migrate();

		assertThat(this.database.rows(
				"SELECT string_agg(what, ' ' ORDER BY id) FROM told.event GROUP BY transaction" + " ORDER BY min(id)"))
			.containsExactly("beforeMigrate",
					"beforeEachMigrate beforeEachMigrateStatement statement afterEachMigrateStatement afterEachMigrate",
					"afterMigrateApplied", "afterMigrate");
	}

	@Test
	void theyAreNotPartOfTheHistory() {
		this.folder.add("V1__a.sql", "SELECT 1");
		tellAt("beforeMigrate", "afterMigrate");

		assertThat(migrate().applied()).hasSize(1);
		assertThat(this.database.rows("SELECT script FROM tidemark_history")).hasSize(1)
			.element(0)
			.asString()
			.endsWith("V1__a.sql");
	}

	@Test
	void thoseOfEveryRunRunWithNothingPending() {
		this.folder.add("V1__a.sql", "SELECT 1");
		migrate();
		for (CallbackEvent event : CallbackEvent.values()) {
			tellAt(event.toString());
		}

		assertThat(migrate().applied()).isEmpty();
		assertThat(told()).containsExactly("beforeValidate", "afterValidate", "beforeMigrate", "afterVersioned",
				"afterMigrate", "afterMigrateOperationFinish");
	}

	@Test
	void filesOfOneEventRunInTheOrderOfTheirDescriptions() {
		this.folder.add("V1__a.sql", "SELECT 1")
			.add("z/afterMigrate.sql", tell("none"))
			.add("afterMigrate__b.sql", tell("b"))
			.add("y/afterMigrate__a_first.sql", tell("a first"));
		migrate();

		assertThat(told()).containsExactly("none", "a first", "b");
	}

	@Test
	void codeThatDoesNotTellItsEventsStopsTheRun() {
		this.folder.add("V1__a.sql", "SELECT 1");
		List<TidemarkException> heard = new ArrayList<>();
		Tidemark tidemark = tidemark().callback(new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				throw new UnsupportedOperationException("not yet");
			}

			@Override
			public void call(CallbackContext context) {
			}

		}).listener(new RunListener() {

			@Override
			public void runFailed(TidemarkException failure) {
				heard.add(failure);
			}

		}).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.CALLBACK);
		assertThat(failure).hasMessageContainingAll("CallbackTests$", "UnsupportedOperationException: not yet");
		assertThat(heard).containsExactly(failure);
	}

	@Test
	void codeRunsAfterFilesInItsOrder() {
		this.folder.add("V1__a.sql", "SELECT 1");
		tellAt("afterMigrate", "afterEachMigrate");
		Set<CallbackEvent> events = EnumSet.of(CallbackEvent.AFTER_MIGRATE, CallbackEvent.AFTER_EACH_MIGRATE);
		this.callbacks.add(new Code(events, (context) -> tell(context, "one " + context.event())));
		this.callbacks.add(new Code(events, (context) -> tell(context, "two " + context.event())));
		migrate();

		assertThat(told()).containsExactly("afterEachMigrate", "one afterEachMigrate", "two afterEachMigrate",
				"afterMigrate", "one afterMigrate", "two afterMigrate");
	}

	@Test
	void codeIsToldWhatRuns() {
		this.folder.add("V1__a.sql", "SELECT 1; SELECT 2");
		this.callbacks.add(new Code(
				EnumSet.of(CallbackEvent.BEFORE_MIGRATE, CallbackEvent.BEFORE_EACH_MIGRATE,
						CallbackEvent.AFTER_EACH_MIGRATE_STATEMENT),
				(context) -> tell(context,
						context.event() + " " + ((context.migration() != null) ? context.migration().identity() : "-")
								+ " " + ((context.statement() != null) ? context.statement().sql() : "-"))));
		migrate();

		assertThat(told()).containsExactly("beforeMigrate - -", "beforeEachMigrate 1 -",
				"afterEachMigrateStatement 1 SELECT 1", "afterEachMigrateStatement 1 SELECT 2");
	}

	@Test
	void codeWorksInTheTransactionOfTheMigration() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("V2__b.sql", "SELECT 1 / 0");
		this.callbacks.add(new Code(EnumSet.of(CallbackEvent.BEFORE_EACH_MIGRATE),
				(context) -> tell(context, String.valueOf(context.migration()).contains("V1") ? "1" : "2")));
		failure();

		assertThat(told()).containsExactly("1");
	}

	@Test
	void codeThatCommitsItsOwnTransactionBySqlIsFoundOut() {
		this.folder.add("V1__a.sql", "SELECT 1");
		this.callbacks.add(new Code(Set.of(CallbackEvent.AFTER_MIGRATE), (context) -> {
			tell(context, "done");
			context.operations().execute("COMMIT");
		}));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(problem.remedy()).contains("Was it the transaction of a migration");
		assertThat(told()).containsExactly("done");
	}

	@Test
	void codeCannotCommit() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");
		this.callbacks.add(new Code(EnumSet.of(CallbackEvent.AFTER_EACH_MIGRATE),
				(context) -> context.operations().execute("COMMIT")));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history")).containsExactly("1|interrupted");
	}

	@Test
	void aroundCodeThereAreNoStatements() {
		this.folder.add("V1__a.sql", "SELECT 1");
		tellAt("beforeEachMigrate", "beforeEachMigrateStatement", "afterEachMigrateStatement", "afterEachMigrate");
		tidemark().migration(new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("2");
			}

			@Override
			public void migrate(JdbcContext jdbc) {
				tell(jdbc, "code");
			}

		}).build().migrate();

		assertThat(told().subList(4, 7)).containsExactly("beforeEachMigrate", "code", "afterEachMigrate");
	}

	@Test
	void whatIsSetBeforeAMigrationHoldsForItAndNoLonger() {
		this.folder.add("beforeEachMigrate.sql", "SET work_mem = '9MB'")
			.add("V1__a.sql", "CREATE TABLE a AS SELECT current_setting('work_mem') AS mem")
			.add("V2__b.sql", "CREATE TABLE b AS SELECT current_setting('work_mem') AS mem")
			.add("beforeMigrate.sql", "SET maintenance_work_mem = '99MB'; SELECT pg_advisory_lock(42)")
			.add("afterMigrate.sql",
					"CREATE TABLE c AS SELECT current_setting('work_mem') AS mem,"
							+ " current_setting('maintenance_work_mem') AS maintenance,"
							+ " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
							+ " AND pid = pg_backend_pid()) AS locks");
		migrate();

		assertThat(this.database.rows("SELECT a.mem, b.mem, c.* FROM a, b, c")).containsExactly("9MB|9MB|4MB|64MB|1");
	}

	@Test
	void copyRunsInACallback() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("afterEachMigrate.sql", "COPY told.event (what) FROM stdin;\none\ntwo\n\\.\n");
		migrate();

		assertThat(told()).containsExactly("one", "two");
	}

	@Test
	void placeholdersAreReplacedInACallback() {
		this.folder.add("V1__a.sql", "SELECT 1")
			.add("afterMigrate.sql", tell("${who} in ${tidemark.database}") + "SELECT 1 /* ${tidemark.schema} */");
		tidemark().placeholders(Map.of("who", "ada")).build().migrate();

		assertThat(told()).containsExactly("ada in " + this.database.name());
	}

	@Test
	void aPlaceholderWithoutAValueStopsTheRunBeforeItBegins() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("afterMigrate.sql", tell("${who}"));
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().placeholders(Map.of("other", "x")).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.PLACEHOLDER);
		assertThat(failure.problems().get(0).place()).asString().contains("afterMigrate.sql:1:");
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
	}

	@Test
	void theValueOfAPlaceholderIsNotShownWhenCodeFails() {
		this.folder.add("V1__a.sql", "SELECT 1");
		this.callbacks.add(new Code(EnumSet.of(CallbackEvent.AFTER_EACH_MIGRATE), (context) -> {
			throw new IllegalStateException("no rights for s3cr3t-value");
		}));
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().placeholders(Map.of("key", "s3cr3t-value")).build().migrate());

		assertThat(failure).hasMessageContaining("no rights for ").hasMessageNotContaining("s3cr3t-value");
		assertThat(failure.getCause()).hasMessageNotContaining("s3cr3t-value");
		assertThat(this.database.value("SELECT error_message FROM tidemark_history")).doesNotContain("s3cr3t-value");
	}

	@Test
	void longFilesRunBetweenCallbacks() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int);\n" + "INSERT INTO a VALUES (1);\n".repeat(1000));
		tellAt("beforeEachMigrate", "afterEachMigrate");
		migrate();

		assertThat(this.database.value("SELECT count(*) FROM a")).isEqualTo("1000");
		assertThat(told()).containsExactly("beforeEachMigrate", "afterEachMigrate");
	}

	@Test
	void aFileThatRunsInSegmentsHasItsCallbacksBetweenThem() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");
		migrate();
		this.folder.add("V2__b.sql", tell("one") + "CREATE INDEX CONCURRENTLY i ON a (x);" + tell("two"));
		tellAt("beforeEachMigrate", "beforeEachMigrateStatement", "afterEachMigrateStatement", "afterEachMigrate");
		migrate();

		assertThat(told()).containsExactly("beforeEachMigrate", "beforeEachMigrateStatement", "one",
				"afterEachMigrateStatement", "beforeEachMigrateStatement", "afterEachMigrateStatement",
				"beforeEachMigrateStatement", "two", "afterEachMigrateStatement", "afterEachMigrate");
		assertThat(this.database.value("SELECT count(DISTINCT transaction) FROM told.event")).isEqualTo("6");
	}

	@Test
	void aVacuumRunsAfterARun() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("afterMigrate__vacuum.sql", tell("before") + "VACUUM ANALYZE a;" + tell("after"));
		migrate();

		assertThat(told()).containsExactly("before", "after");
		// It is -1 until the first time; the statistics of the server may come late.
		assertThat(this.database.value("SELECT reltuples FROM pg_class WHERE relname = 'a'")).isEqualTo("0");
	}

	@Test
	void aProcedureThatEndsTransactionsRunsAfterARun() {
		this.folder
			.add("V1__a.sql",
					"CREATE PROCEDURE told.tell() LANGUAGE plpgsql AS"
							+ " 'BEGIN INSERT INTO told.event (what) VALUES (''procedure''); COMMIT; END'")
			.add("afterMigrate.sql", tell("before") + "CALL told.tell();\n" + tell("after"));
		migrate();

		assertThat(told()).containsExactly("before", "procedure", "after");
	}

	@Test
	void aProcedureThatEndsTransactionsFailsTheMigrationThatItIsCalledIn() {
		this.folder.add("V1__a.sql", tell("statement")).add("afterEachMigrate.sql", "DO 'BEGIN COMMIT; END'");

		assertThat(problem().code()).isEqualTo(ErrorCode.CALLBACK);
		assertThat(told()).isEmpty();
	}

	@Test
	void thoseForOtherEnvironmentsCostAStartWithNothingToDoNoLock() {
		this.folder.add("V1__a.sql", "SELECT 1");
		migrate();
		this.folder.add("afterMigrate.sql", "-- tidemark: only=prod\nSELECT 1");
		List<Duration> waits = new ArrayList<>();
		RunListener listener = new RunListener() {

			@Override
			public void lockAcquired(Duration waited) {
				waits.add(waited);
			}

		};

		tidemark().listener(listener).build().migrate();
		assertThat(waits).isEmpty();
		tidemark().listener(listener).environments(List.of("prod")).build().migrate();
		assertThat(waits).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "VACUUM", "COMMIT", "-- tidemark: transaction=none\nSELECT 1" })
	void whatCannotRunInTheTransactionOfAMigrationIsRefusedBefore(String sql) {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("beforeEachMigrate__x.sql", sql);

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CALLBACK_TRANSACTION);
		assertThat(problem.place()).asString().contains("beforeEachMigrate__x.sql");
		assertThat(problem.state()).isEqualTo(Problem.UNCHANGED);
		assertThat(this.database.value("SELECT to_regclass('tidemark_history')")).isNull();
	}

	@Test
	void aFileThatCannotBeReadStopsTheRunBeforeItBegins() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("afterMigrate.sql", "SELECT 'open")
			.add("beforeMigrate.sql", "\\connect other");

		assertThat(failure().problems()).extracting(Problem::code).containsExactly(ErrorCode.SYNTAX, ErrorCode.SYNTAX);
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
	}

	@Test
	void twoOfOneEventAndDescriptionAreADuplicateUnlessTheyAreCopies() {
		this.folder.add("V1__a.sql", "SELECT 1")
			.add("x/afterMigrate.sql", tell("a"))
			.add("y/afterMigrate.sql", tell("a"));
		migrate();
		assertThat(told()).containsExactly("a");

		this.folder.add("y/afterMigrate.sql", tell("b"));
		Problem problem = problem();
		assertThat(problem.code()).isEqualTo(ErrorCode.DUPLICATE);
		assertThat(problem).asString().contains("x/afterMigrate.sql", "y/afterMigrate.sql");
	}

	@Test
	void aFailureBeforeTheRunStopsIt() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("beforeMigrate__check.sql", tell("done") + "\nSELECT 1;\nSELECT * FROM nowhere;");

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CALLBACK);
		assertThat(problem.what()).contains("A statement of the callback ", "beforeMigrate__check.sql");
		assertThat(problem.place()).asString()
			.endsWith("beforeMigrate__check.sql:4:15 (statement 3: SELECT * FROM nowhere)");
		assertThat(problem.server()).hasToString("relation \"nowhere\" does not exist (SQLSTATE 42P01)");
		assertThat(problem.state()).contains("rolled back");
		assertThat(told()).isEmpty();
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
	}

	@Test
	void aFailureAfterAMigrationRollsItBack() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("afterEachMigrate__check.sql", "SELECT 1 / 0");

		MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class, this::migrate);

		assertThat(failure.code()).isEqualTo(ErrorCode.CALLBACK);
		assertThat(failure.migration()).isEqualTo(Identity.of("1"));
		assertThat(failure.problems().get(0).place()).asString().contains("afterEachMigrate__check.sql:1:");
		assertThat(failure.problems().get(0).state()).contains("as it was before this migration");
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
		assertThat(this.database.rows("SELECT state, error_code, error_line, error_message LIKE"
				+ " 'A statement of the callback %afterEachMigrate__check.sql failed. division by zero'"
				+ " FROM tidemark_history"))
			.containsExactly("failed|TM-CAL-003||t");
	}

	@Test
	void aFailureAfterTheRunFailsItAndKeepsWhatIsApplied() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)").add("afterMigrate.sql", "SELECT 1 / 0");

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CALLBACK);
		assertThat(problem.state()).contains("migrations that were applied before it stay");
		assertThat(this.database.rows("SELECT state FROM tidemark_history")).containsExactly("applied");
		assertThat(problem().code()).isEqualTo(ErrorCode.CALLBACK);
	}

	@Test
	void aFailureOfCodeIsToldWithItsLine() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");
		this.callbacks.add(new Code(EnumSet.of(CallbackEvent.AFTER_EACH_MIGRATE), (context) -> {
			throw new IllegalStateException("grants are missing, password=hunter2");
		}));

		Problem problem = problem();

		assertThat(problem.code()).isEqualTo(ErrorCode.CALLBACK);
		assertThat(problem.what()).isEqualTo("The code of the callback dev.tidemark.migrate.CallbackTests$Code failed:"
				+ " java.lang.IllegalStateException: grants are missing, password=***.");
		assertThat(problem.place()).asString().matches("dev\\.tidemark\\.migrate\\.CallbackTests\\$Code:\\d+");
		assertThat(this.database.value("SELECT to_regclass('a')")).isNull();
	}

	@Test
	void afterAFailureTheEventsComeInThisOrder() {
		this.folder.add("V1__a.sql", tell("1")).add("V2__b.sql", tell("2") + "SELECT 1 / 0");
		for (CallbackEvent event : CallbackEvent.values()) {
			tellAt(event.toString());
		}
		tellAt("afterEachMigrateError__again");
		failure();

		List<String> told = told();
		assertThat(told).endsWith("afterEachMigrate", "afterEachMigrateStatementError", "afterEachMigrateError",
				"afterEachMigrateError__again", "afterMigrateError");
		assertThat(told).contains("1").doesNotContain("2", "afterMigrate", "afterMigrateApplied");
		assertThat(this.database.rows("SELECT state FROM tidemark_history ORDER BY rank")).containsExactly("applied",
				"failed");
	}

	@Test
	void codeIsToldOfTheFailure() {
		this.folder.add("V1__a.sql", "SELECT 1;\nSELECT 1 / 0");
		List<String> seen = new ArrayList<>();
		this.callbacks.add(new Code(
				EnumSet.of(CallbackEvent.AFTER_EACH_MIGRATE_STATEMENT_ERROR, CallbackEvent.AFTER_MIGRATE_ERROR),
				(context) -> seen.add(context.event() + " " + context.failure().code() + " "
						+ ((context.statement() != null) ? context.statement().number() : "-"))));
		failure();

		assertThat(seen).containsExactly("afterEachMigrateStatementError TM-RUN-001 2",
				"afterMigrateError TM-RUN-001 -");
	}

	@Test
	void aFailureAfterAFailureHidesNothing() {
		this.folder.add("V1__a.sql", "SELECT * FROM nowhere")
			.add("afterEachMigrateError.sql", "SELECT 1 / 0")
			.add("afterMigrateError.sql", tell("still told"));

		assertThat(failure()).isInstanceOf(MigrationFailedException.class).hasMessageContaining("nowhere");
		assertThat(told()).containsExactly("still told");
	}

	@Test
	void aCallbackThatFailsAfterAFailureDoesNotKeepTheOthersFromRunning() {
		this.folder.add("V1__a.sql", "SELECT * FROM nowhere")
			.add("afterEachMigrateError__a.sql", "SELECT 1 / 0")
			.add("afterEachMigrateError__b.sql", tell("still told"));
		failure();

		assertThat(told()).containsExactly("still told");
	}

	@Test
	void oneThatFailsWithoutALockTimeoutLeavesTheNextOneTheConfiguredOne() {
		this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT 1 AS x FROM generate_series(1, 2); SELECT 1")
			.add("V2__b.sql", "SELECT * FROM nowhere")
			.add("afterEachMigrateError__a.sql", "CREATE UNIQUE INDEX CONCURRENTLY a_x ON a (x)")
			.add("afterEachMigrateError__b.sql",
					"INSERT INTO told.event (what) VALUES (current_setting('lock_timeout'))");
		failure();

		assertThat(told()).containsExactly("300ms");
	}

	@Test
	void oneThatRunsWithoutALockTimeoutLeavesTheNextStatementTheConfiguredOne() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("afterMigrate.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x);\n"
					+ "INSERT INTO told.event (what) VALUES (current_setting('lock_timeout'))");
		migrate();

		assertThat(told()).containsExactly("300ms");
	}

	@Test
	void anIndexThatATransactionOfTheFileRefusesIsToldAsTheServerDoes() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int)");
		migrate();
		this.folder.add("V2__b.sql", "SELECT 1")
			.add("beforeMigrate.sql", "BEGIN;\nCREATE INDEX CONCURRENTLY a_x ON a (x);");

		assertThat(failure()).hasMessageContaining("beforeMigrate.sql:2:1")
			.hasMessageContaining("CREATE INDEX CONCURRENTLY cannot run inside a transaction block")
			.hasMessageNotContaining("current transaction is aborted");
	}

	@Test
	void whatDoesNotFitIsToldToTheValidation() {
		this.folder.add("V1__a.sql", "SELECT 1");
		migrate();
		this.folder.add("V1__a.sql", "SELECT 2");
		tellAt("beforeValidate", "afterValidate", "afterValidateError", "beforeMigrate", "afterMigrateError");

		assertThat(failure().code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(told()).containsExactly("beforeValidate", "afterValidateError");
	}

	@Test
	void aVerificationRunsNone() {
		this.folder.add("V1__a.sql", "SELECT 1");
		migrate();
		for (CallbackEvent event : CallbackEvent.values()) {
			tellAt(event.toString());
		}
		tidemark().build().verify();

		assertThat(told()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "beforeMigrate.sql", "afterEachMigrate.sql" })
	void aLockThatIsNotGrantedIsTriedAgain(String name) throws SQLException {
		this.database.execute("CREATE TABLE told.busy (x int)");
		this.folder.add("V1__a.sql", tell("migration"))
			.add(name, tell("callback") + "DO $$ BEGIN EXECUTE 'ALTER TABLE told.busy ' || 'ADD COLUMN y int'; END $$");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM told.busy");
			Thread release = new Thread(() -> commitAfterWaiting(other));
			release.start();
			tidemark().lockTimeout(Duration.ofMillis(300))
				.lockRetry(new LockRetry(Duration.ofMinutes(1)))
				.build()
				.migrate();
			release.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}

		assertThat(told()).containsExactlyInAnyOrder("migration", "callback");
		assertThat(this.database.value("SELECT count(*) FROM information_schema.columns WHERE table_name = 'busy'"))
			.isEqualTo("2");
	}

	/** Commits as soon as an attempt has been rolled back. */
	private void commitAfterWaiting(Connection other) {
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		int waits = 0;
		boolean waiting = false;
		while (waits < 2 && System.nanoTime() < deadline) {
			boolean now = "t".equals(this.database
				.value("SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'told.busy'::regclass AND NOT granted)"));
			waits += (now && !waiting) ? 1 : 0;
			waiting = now;
		}
		try {
			other.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Code that runs at events. */
	@FunctionalInterface
	private interface Work {

		void run(CallbackContext context) throws Exception;

	}

	private static final class Code implements Callback {

		private final Set<CallbackEvent> events;

		private final Work work;

		Code(Set<CallbackEvent> events, Work work) {
			this.events = events;
			this.work = work;
		}

		@Override
		public Set<CallbackEvent> events() {
			return this.events;
		}

		@Override
		public void call(CallbackContext context) throws Exception {
			this.work.run(context);
		}

	}

}
