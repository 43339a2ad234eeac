package dev.tidemark.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Placeholders;
import dev.tidemark.migration.placeholder.PlaceholderReplacement;
import dev.tidemark.migration.placeholder.UndeclaredPlaceholders;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What placeholders do in a database, and what is never seen of their values.
 */
@ExtendWith(PostgresExtension.class)
class PlaceholderTests {

	private static final String SECRET = "s3cr3t-hunter2";

	private final TestDatabase database;

	private MigrationFolder folder;

	private Map<String, String> values = Map.of();

	PlaceholderTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database).placeholders(this.values);
	}

	private RunResult migrate() {
		return tidemark().build().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private List<String> applied() {
		return migrate().applied().stream().map((applied) -> applied.identity().toString()).toList();
	}

	/** All that the history and the endpoint could show. */
	private String allThatIsTold(TidemarkException failure) {
		StringBuilder text = new StringBuilder();
		for (Throwable ex = failure; ex != null; ex = ex.getCause()) {
			text.append(ex).append('\n');
		}
		text.append(failure.problems()).append('\n');
		text.append(this.database.rows("SELECT h::text FROM tidemark_history h")).append('\n');
		Inspection inspection = tidemark().build().inspect(InspectRequest.everything().within(Duration.ofSeconds(10)));
		text.append(inspection);
		inspection.migrations()
			.stream()
			.flatMap((migration) -> tidemark().build().text(migration.identity()).stream())
			.forEach(text::append);
		return text.toString();
	}

	@Test
	void namesTextsAndRowsAreReplaced() {
		this.values = Map.of("default.admin", "PIPE_ADMIN", "default.admin.id", "1", "suffix", "", "schema", "app");
		this.folder.add("V1__a.sql", """
				CREATE SCHEMA ${schema};
				CREATE TABLE ${schema}.users${suffix} (id int DEFAULT ${default.admin.id}, "${default.admin}" text);
				COMMENT ON TABLE ${schema}.users IS 'of ${default.admin}, ${limit:10}, ${:literal}';
				COPY ${schema}.users FROM stdin;
				7	${default.admin}
				\\.
				INSERT INTO ${schema}.users ("${default.admin}") VALUES ('${suffix}');
				""");
		migrate();

		assertThat(this.database.rows("SELECT id, \"PIPE_ADMIN\" FROM app.users ORDER BY id")).containsExactly("1|",
				"7|PIPE_ADMIN");
		assertThat(this.database.value("SELECT obj_description('app.users'::regclass)"))
			.isEqualTo("of PIPE_ADMIN, 10, ${literal}");
	}

	@Test
	void aValueMayBeSeveralStatements() {
		this.values = Map.of("extra", "CREATE TABLE a (); CREATE TABLE b ();");
		this.folder.add("V1__a.sql", "${extra} CREATE TABLE c ()");
		migrate();

		assertThat(this.database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
			.containsExactly("a", "b", "c", "tidemark_history");
	}

	@Test
	void builtInPlaceholdersTellOfDatabaseAndRun() {
		this.folder.add("V7__a.sql", """
				CREATE TABLE told AS SELECT '${tidemark.schema}' AS schema, '${tidemark.version}' AS version,
				  '${tidemark.user}' AS "user", '${tidemark.database}' = current_database() AS database,
				  extract(epoch FROM timestamptz '${tidemark.timestamp}')::bigint AS time, '${flyway:filename}' AS file;
				GRANT SELECT ON ${flyway:defaultSchema}.told TO ${flyway:user};
				""");
		tidemark().schema("orders")
			.clock(Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC))
			.build()
			.migrate();

		assertThat(this.database.rows("SELECT * FROM orders.told"))
			.containsExactly("orders|7|postgres|t|1800000000|V7__a.sql");
	}

	@Test
	void functionBodiesAreReplacedWhereAskedAndElseKeepWhatIsNotDeclared() {
		this.values = Map.of("x", "value");
		this.folder.add("V1__a.sql", "CREATE FUNCTION a() RETURNS text LANGUAGE sql AS $$ SELECT '${y}' $$")
			.add("V2__b.sql", """
					-- tidemark: placeholders=everywhere
					CREATE FUNCTION b() RETURNS text LANGUAGE sql AS $$ SELECT '${x}' $$""");
		RunResult result = migrate();

		assertThat(this.database.rows("SELECT a(), b()")).containsExactly("${y}|value");
		assertThat(result.warnings()).isEmpty();
	}

	@Test
	void aDeclaredPlaceholderInABodyIsRefusedBeforeAnythingRuns() {
		this.values = Map.of("x", "secret value");
		this.folder.add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "SELECT 1;\nDO $$ BEGIN\n  PERFORM '${X}'; END $$");
		TidemarkException failure = failure();

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.PLACEHOLDER_IN_BODY);
			assertThat(problem.isError()).isTrue();
			assertThat(problem.place()).asString().endsWith("V2__b.sql:3:12");
			assertThat(problem.what()).contains("${X}");
			assertThat(problem.remedy()).contains("-- tidemark: placeholders=everywhere",
					"tidemark.placeholder.replacement=everywhere", "-- tidemark: placeholders=off", "${:X}");
		});
		assertThat(failure).hasMessageNotContaining("secret value").hasMessageContaining("Nothing was changed");
		assertThat(this.database.rows("SELECT coalesce(to_regclass('a'), to_regclass('tidemark_history')) IS NULL"))
			.containsExactly("t");
	}

	@Test
	void aQuoteInAValueIsToldWithThePlaceholderAndNeverItsValue() {
		this.values = Map.of("author", "Connor O'Reilly", "table", "t");
		this.folder.add("V1__a.sql",
				"CREATE TABLE t (n text);\nINSERT INTO ${table} VALUES ('${author}');\nSELECT 'b'");
		TidemarkException failure = failure();

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.SYNTAX);
			assertThat(problem.place()).asString().endsWith("V1__a.sql:2:31");
			assertThat(problem.what()).startsWith("The value of the placeholder ${author} breaks the text");
			assertThat(problem.remedy()).contains("tidemark.placeholders.author", "twice");
		});
		assertThat(failure).hasMessageNotContaining("Connor").hasMessageContaining("Nothing was changed");
	}

	@Test
	void anUndeclaredPlaceholderStopsTheRunBeforeAnythingIsChanged() {
		this.values = Map.of("x", "value");
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("V2__b.sql", "\nSELECT '${oops}'");
		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.PLACEHOLDER);
		assertThat(failure.problems().get(0).place().toString()).endsWith("V2__b.sql:2:9");
		assertThat(this.database.rows("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).isEmpty();
	}

	@Test
	void otherSyntaxAndOtherStrictnessAreSettings() {
		this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT '@{x}' AS x, '${x}' AS y, '@{z}' AS z, $$@{x}$$ AS b");
		tidemark()
			.placeholders(new Placeholders(Map.of("x", "value"), "@{", "}", PlaceholderReplacement.EVERYWHERE,
					UndeclaredPlaceholders.KEEP))
			.build()
			.migrate();

		assertThat(this.database.rows("SELECT * FROM a")).containsExactly("value|${x}|@{z}|value");
	}

	@Test
	void whatTheServerRefusesIsToldAtItsPlaceInTheFile() {
		this.values = Map.of("long", "1 AS a,\n\n\n 2 AS b");
		this.folder.add("V1__a.sql", "SELECT 1;\nSELECT ${long},\n  oops");
		Problem problem = failure().problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(problem.place().toString()).endsWith("V1__a.sql:3:3 (statement 2: SELECT ${long}, oops)");
	}

	@Test
	void noMessageShowsAValue() {
		this.values = Map.of("pw", SECRET, "role", "no_such_role_x");
		this.folder.add("V1__a.sql", "ALTER ROLE ${role} RENAME TO ${pw}");
		TidemarkException failure = failure();

		assertThat(allThatIsTold(failure)).contains("ALTER ROLE ${role} RENAME TO ${pw}")
			.doesNotContain("no_such_role_x")
			.doesNotContain("hunter2");
	}

	@Test
	void noMessageShowsAPieceOfAValueThatBreaksItsQuotes() {
		this.values = Map.of("pw", "s3'hunter2'x");
		this.folder.add("V1__a.sql", "SELECT '${pw}' || '${pw}'");
		TidemarkException failure = failure();

		assertThat(allThatIsTold(failure)).doesNotContain("hunter2");
	}

	@Test
	void theHistoryOfWhatSucceededHasNoValue() {
		this.values = Map.of("pw", SECRET);
		this.folder.add("R__a.sql", "CREATE OR REPLACE VIEW a AS SELECT '${pw}' AS pw")
			.add("V1__b.sql", "CREATE TABLE b AS SELECT '${pw}' AS x; CREATE INDEX CONCURRENTLY i ON b (x)");
		migrate();

		assertThat(this.database.value("SELECT string_agg(h::text, ' ') FROM tidemark_history h"))
			.contains("values=pw;")
			.doesNotContain("hunter2");
	}

	@Test
	@Timeout(60)
	void whoWaitsForTheLockIsNotToldTheValueEither() throws Exception {
		this.values = Map.of("pw", SECRET);
		this.folder.add("V1__a.sql", "SELECT '${pw}', pg_advisory_lock(4711), pg_advisory_unlock(4711)");
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(4711)");
			CompletableFuture<RunResult> run = OwnThread
				.supply(() -> tidemark().lockTimeout(Duration.ZERO).build().migrate());
			await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(this.database.value("""
					SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
					AND query LIKE '%4711%' AND wait_event_type = 'Lock'""")));

			Inspection inspection = tidemark().build()
				.inspect(InspectRequest.everything().within(Duration.ofSeconds(10)));
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark().waitTimeout(Duration.ZERO).build().migrate());

			assertThat(inspection.lockHolder()).asString().contains("SELECT '***', pg_advisory_lock(4711)");
			assertThat(failure.code()).isEqualTo(ErrorCode.INSTANCE_LOCK);
			assertThat(failure.getMessage()).contains("SELECT '***'").doesNotContain("hunter2");
			statement.execute("SELECT pg_advisory_unlock(4711)");
			run.get(30, TimeUnit.SECONDS);
		}
	}

	@Test
	void aChangedValueRunsTheRepeatablesThatUseItAgain() {
		this.values = Map.of("x", "1", "y", "1");
		this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT '${x}' AS x")
			.add("R__b.sql", "CREATE OR REPLACE VIEW b AS SELECT ${x} AS x")
			.add("R__c.sql", "CREATE OR REPLACE VIEW c AS SELECT ${y} AS y");
		assertThat(applied()).containsExactly("1", "b", "c");
		assertThat(applied()).isEmpty();

		this.values = Map.of("x", "2", "y", "1");
		assertThat(applied()).containsExactly("b");
		assertThat(this.database.value("SELECT x FROM b")).isEqualTo("2");
		assertThat(applied()).isEmpty();
	}

	@Test
	void whatIsBuiltInRunsNothingAgain() {
		this.folder.add("R__b.sql", """
				CREATE OR REPLACE VIEW b AS SELECT '${tidemark.timestamp}' AS t, '${flyway:timestamp}' AS f,
				  '${tidemark.user}' AS u, '${tidemark.database}' AS d""");

		assertThat(applied()).containsExactly("b");
		assertThat(tidemark().clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).build().migrate().applied()).isEmpty();
	}

	@Test
	void aFileThatFailedHalfWayGoesOnWithTheSameValues() {
		this.values = Map.of("x", SECRET);
		this.folder.add("V1__a.sql", """
				-- tidemark: transaction=none
				CREATE TABLE a AS SELECT '${x}'::text AS x, '${tidemark.timestamp}' AS t;
				INSERT INTO later VALUES ('${x}')""");
		assertThat(failure().code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(this.database.value("SELECT journal FROM tidemark_history")).startsWith("sha256:")
			.contains(" values=x;")
			.doesNotContain("hunter2");
		this.database.execute("CREATE TABLE later (x text)");

		tidemark().clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).build().migrate();
		assertThat(this.database.rows("SELECT x FROM a UNION ALL SELECT x FROM later")).containsExactly(SECRET, SECRET);
	}

	@Test
	void aStatementThatIsNotDoneMayBeCorrectedWithAPlaceholder() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); VACUUM a; GRANT SELECT ON a TO nobody_knows");
		failure();
		this.values = Map.of("app_reader", "pg_monitor");
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int); VACUUM a; GRANT SELECT ON a TO ${app_reader}");

		assertThat(applied()).containsExactly("1");
	}

	@Test
	void thePlaceholderOfAStatementThatIsNotDoneMayBeRemoved() {
		this.values = Map.of("x", "1", "app_reader", "nobody_knows");
		this.folder.add("V1__a.sql",
				"CREATE TABLE a AS SELECT ${x} AS x; VACUUM a; GRANT SELECT ON a TO ${app_reader}");
		failure();
		this.values = Map.of("x", "1");
		this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT ${x} AS x; VACUUM a; GRANT SELECT ON a TO pg_monitor");

		assertThat(applied()).containsExactly("1");
	}

	@Test
	void thePlaceholderOfAStatementThatIsNotDoneMayHaveAnotherValue() {
		this.values = Map.of("x", "1", "app_reader", "nobody_knows");
		this.folder.add("V1__a.sql",
				"CREATE TABLE a AS SELECT ${x} AS x; VACUUM a; GRANT SELECT ON a TO ${app_reader}");
		failure();
		this.values = Map.of("x", "1", "app_reader", "pg_monitor");

		assertThat(applied()).containsExactly("1");
	}

	@Test
	void theNamesOfWhatIsDoneAreToldAsTheFileWritesThem() {
		this.values = Map.of("first-name", "x");
		this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT '${First_Name}' AS x; VACUUM a; SELECT 1 / 0");
		failure();
		this.values = Map.of("first-name", "y");

		assertThat(failure()).hasMessageContaining("has another value now (First_Name), so");
	}

	@Test
	void aFileThatFailedHalfWayDoesNotGoOnWithOtherValues() {
		this.values = Map.of("x", "first");
		this.folder.add("V1__a.sql",
				"-- tidemark: transaction=none\nCREATE TABLE a AS SELECT '${x}' AS x; INSERT INTO later VALUES ('${x}')");
		failure();
		this.database.execute("CREATE TABLE later (x text)");
		this.values = Map.of("x", "second");
		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.FAILED);
		assertThat(failure.getMessage()).contains("A placeholder of what has run has another value now (x)")
			.doesNotContain("second");
		this.values = Map.of("x", "first");
		migrate();
		assertThat(this.database.rows("SELECT x FROM later")).containsExactly("first");
	}

}
