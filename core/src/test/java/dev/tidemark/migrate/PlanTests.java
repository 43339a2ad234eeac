package dev.tidemark.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.plan.UndoSuggestion;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a run would do, told without doing it.
 */
@ExtendWith(PostgresExtension.class)
class PlanTests {

	private static final String OBJECTS = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";

	private final TestDatabase database;

	private MigrationFolder folder;

	PlanTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path)
			.add("V1__a.sql", "CREATE TABLE a (\n  x int\n);\nINSERT INTO a VALUES (1);")
			.add("U1__a.sql", "DROP TABLE a");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private Preview plan() {
		return tidemark().build().plan();
	}

	@Test
	void whatWouldRunIsToldWithItsSqlAndNothingIsChanged() {
		Preview plan = plan();

		assertThat(plan.isPending()).isTrue();
		assertThat(plan.isBlocked()).isFalse();
		assertThat(plan).hasToString("""
				Database %1$s, schema public, without a version: 1 migration would run.

				CREATE TABLE "public"."tidemark_history";

				version 1, %2$s/V1__a.sql
				  in one transaction with its history row:
				    CREATE TABLE a (
				      x int
				    );
				    INSERT INTO a VALUES (1);
				  undone by %2$s/U1__a.sql
				""".formatted(this.database.name(), this.folder.location().substring("filesystem:".length())));
		assertThat(this.database.value(OBJECTS)).isEqualTo("0");
	}

	@Test
	void whatIsPlannedIsWhatRuns() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)").add("R__c.sql", "CREATE VIEW c AS SELECT 1");
		Preview plan = plan();

		RunResult result = tidemark().build().migrate();

		assertThat(plan.steps()).extracting((step) -> step.migration().identity())
			.isEqualTo(result.applied().stream().map((applied) -> applied.identity()).toList());
	}

	@Test
	void ofAnUpToDateDatabaseNothingIsPlanned() {
		tidemark().build().migrate();

		Preview plan = plan();

		assertThat(plan.isPending()).isFalse();
		assertThat(plan.creates()).isEmpty();
		assertThat(plan)
			.hasToString("Database " + this.database.name() + ", schema public, version 1: nothing would run.\n");
	}

	@Test
	void whatCouldBeInAnUndoFileThatIsMissingIsToldAndNothingOfOthers() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)").add("R__v.sql", "CREATE VIEW v AS SELECT 1");

		Preview plan = plan();

		assertThat(plan.suggestions()).extracting(UndoSuggestion::migration).containsExactly(Identity.of("2"));
		assertThat(plan.toString()).contains("U1__a.sql\n\nversion 2")
			.contains("  cannot be undone without an undo file; ")
			.contains("U2__b.sql could hold:\n")
			.contains("    DROP TABLE \"b\";\n");
	}

	@Test
	void whatWouldBeRecordedAndWhatIsPassedOverIsTold() {
		this.folder.add("V2__b.sql", "SELECT 2").add("V3__c.sql", "-- tidemark: only=test\nSELECT 3");

		Preview plan = tidemark().skip(Map.of(Identity.of("2"), "INC-1")).build().plan();

		assertThat(plan.toString()).contains("Recorded without a run: version 2 as skipped: INC-1\n")
			.contains("Passed over: version 2 (skipped, as INC-1)\n")
			.contains("Passed over: version 3 (skipped, as its file is for other environments)\n");
		assertThat(this.database.value(OBJECTS)).isEqualTo("0");
	}

	@Test
	void aSkipAloneIsPending() {
		tidemark().build().migrate();
		this.folder.add("V2__b.sql", "SELECT 2");

		Preview plan = tidemark().skip(Map.of(Identity.of("2"), "INC-1")).build().plan();

		assertThat(plan.steps()).isEmpty();
		assertThat(plan.isPending()).isTrue();
	}

	@Test
	void aDatabaseThatBeginsWithABaselineFileSaysWhatThatStandsFor() {
		this.folder.add("V2__b.sql", "SELECT 2").add("B2__all.sql", "CREATE TABLE a (x int)");

		assertThat(plan().toString())
			.contains("Passed over: version 1, version 2 (superseded, as the database begins with baseline 2)")
			.contains("baseline 2, ");
	}

	@Test
	void aBaselineIsToldAndNothingIsRecorded() {
		this.database.execute("CREATE TABLE a (x int)");

		Preview plan = tidemark().baseline(MigrationVersion.of("1"), "INC-1").build().plan();

		assertThat(plan.isPending()).isTrue();
		assertThat(plan.creates()).containsExactly("CREATE TABLE \"public\".\"tidemark_history\"");
		assertThat(plan.toString()).contains("Recorded without a run: baseline 1: INC-1\n")
			.contains("Passed over: version 1 (baseline");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
	}

	@Test
	void whatIsUndoneIsPendingAgain() {
		tidemark().build().migrate();
		tidemark().build().undo(UndoRequest.of(UndoSelection.last()).allowingDataLoss("a test"));

		assertThat(plan().steps()).hasSize(1);
	}

	@Test
	void callbacksOfAnUndoAreNotPlanned() {
		this.folder.add("beforeUndo.sql", "SELECT 1").add("afterUndo.sql", "SELECT ${undeclared}");

		assertThat(plan().callbacks()).isEmpty();
		assertThat(plan().isBlocked()).isFalse();
	}

	@Test
	void transactionsAndWhatRunsOutsideOfThemCanBeSeen() {
		this.folder.remove("V1__a.sql").remove("U1__a.sql").add("V1__index.sql", """
				CREATE TABLE a (x int);
				CREATE INDEX CONCURRENTLY a_x ON a (x);
				COPY a FROM STDIN;
				1
				\\.
				""");

		assertThat(plan().toString()).contains("""
				  in a transaction:
				    CREATE TABLE a (x int);
				  outside of a transaction:
				    CREATE INDEX CONCURRENTLY a_x ON a (x);
				  in a transaction:
				    COPY a FROM STDIN;
				    -- with the rows of the file
				""");
	}

	@Test
	void whatAFailedRunHasDoneIsNotPlannedAgain() {
		this.folder.remove("V1__a.sql")
			.add("V1__half.sql", "CREATE TABLE a (x int); CREATE INDEX CONCURRENTLY a_y ON a (y);");
		catchThrowableOfType(TidemarkException.class, () -> tidemark().build().migrate());

		assertThat(plan().toString()).contains("V1__half.sql (goes on after 1 of 2 statements)", "a_y ON a (y)")
			.doesNotContain("CREATE TABLE a");
	}

	@Test
	void problemsAreToldAllAtOnceWithTheirRemedies() {
		this.folder.add("V3__c.sql", "SELECT 1");
		tidemark().build().migrate();
		this.folder.add("V1__a.sql", "CREATE TABLE other (x int)")
			.add("V2__late.sql", "SELECT 2")
			.add("V4__d.sql", "SELECT 'open");

		Preview plan = plan();

		assertThat(plan.isBlocked()).isTrue();
		assertThat(plan.errors()).extracting(Problem::code)
			.containsExactly(ErrorCode.CHANGED, ErrorCode.OUT_OF_ORDER, ErrorCode.SYNTAX);
		assertThat(plan.toString()).contains("nothing would run, but a run is refused", "Problem: TM-VAL-001",
				"  next: Restore the text", "Problem: TM-VAL-004", "Problem: TM-SRC-006");
	}

	@Test
	void noSecretIsShown() {
		this.folder.add("V2__role.sql", "CREATE ROLE app_of_plan LOGIN PASSWORD 'hush'");

		assertThat(plan().toString()).contains("CREATE ROLE app_of_plan").doesNotContain("hush");
	}

	@Test
	void placeholdersAreShownAsTheFileHasThem() {
		this.folder.add("V2__b.sql", "CREATE TABLE ${name} (x text DEFAULT '${owner}')");

		Preview plan = tidemark().placeholders(Map.of("name", "b", "owner", "hush")).build().plan();

		assertThat(plan.isBlocked()).isFalse();
		assertThat(plan.toString()).contains("CREATE TABLE ${name} (x text DEFAULT '${owner}')").doesNotContain("hush");
	}

	@Test
	void codeIsToldByItsName() {
		Preview plan = tidemark().migration(new Fill()).build().plan();

		assertThat(plan.toString()).contains("version 7, " + Fill.class.getName() + "\n"
				+ "  in one transaction with its history row:\n    -- code\n");
	}

	@Test
	void callbacksThatWouldBeCalledAreToldInOrder() {
		this.folder.add("afterMigrate__grants.sql", "SELECT 'granted'")
			.add("beforeMigrate.sql", "SELECT 'begun'")
			.add("beforeRepeatables.sql", "SELECT 'no repeatable is pending'")
			.add("afterEachMigrate.sql", "SELECT 'each'")
			.add("afterMigrateError.sql", "SELECT 'failed'");

		assertThat(plan().callbacks()).extracting((callback) -> callback.event().toString())
			.containsExactly("beforeMigrate", "afterEachMigrate", "afterMigrate");
		assertThat(plan().toString()).contains("afterMigrate__grants.sql\n    SELECT 'granted';\n");
		tidemark().build().migrate();
		assertThat(plan().callbacks()).extracting((callback) -> callback.event().toString())
			.containsExactly("beforeMigrate", "afterMigrate");
	}

	@Test
	void aCallbackThatCannotRunIsAProblem() {
		this.folder.add("beforeEachMigrate.sql", "VACUUM");

		assertThat(plan().errors()).extracting(Problem::code).containsExactly(ErrorCode.CALLBACK_TRANSACTION);
	}

	@Test
	void schemasThatWouldBeCreatedAreTold() {
		Preview plan = tidemark().schemas(List.of("shop", "audit")).build().plan();

		assertThat(plan.creates()).containsExactly("CREATE SCHEMA \"shop\"", "CREATE SCHEMA \"audit\"",
				"CREATE TABLE \"shop\".\"tidemark_history\"");
		assertThat(plan.historyTable()).isEqualTo("tidemark_history");
	}

	@Test
	void schemasThatMayNotBeCreatedAreAProblem() {
		Preview plan = tidemark().schemas(List.of("shop")).createSchemas(false).build().plan();

		assertThat(plan.errors()).extracting(Problem::code).containsExactly(ErrorCode.SCHEMA_MISSING);
	}

	@Test
	void aSearchPathWithoutASchemaIsAProblem() {
		this.database.execute("DROP SCHEMA public");

		assertThat(plan().errors()).extracting(Problem::code).containsExactly(ErrorCode.SCHEMA_MISSING);
	}

	@Test
	void aSessionThatMayOnlyReadIsEnough() {
		tidemark().build().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int)");
		String role = "reader_of_" + this.database.name();
		this.database
			.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'r'; GRANT SELECT ON tidemark_history TO " + role);

		Preview plan = Tidemark
			.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "r",
					Map.of("options", "-c default_transaction_read_only=on")))
			.locations(this.folder.location())
			.build()
			.plan();

		this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		assertThat(plan.steps()).hasSize(1);
		assertThat(plan.isBlocked()).isFalse();
	}

	@Test
	void whileAnotherInstanceMigratesThePlanSaysSoAndWaitsForNobody() throws Exception {
		this.folder.add("V2__waits.sql", "SELECT pg_advisory_xact_lock(7)").add("V3__c.sql", "SELECT 3");
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(7)");
			CompletableFuture<RunResult> run = OwnThread.supply(() -> tidemark().build().migrate());
			await().until(() -> waiting(statement));

			Preview plan = plan();

			assertThat(plan.lockHolder()).isNotNull();
			assertThat(plan.isPending()).isTrue();
			assertThat(plan.toString()).contains("Another instance is migrating now", "version 3");
			statement.execute("SELECT pg_advisory_unlock(7)");
			run.get(60, TimeUnit.SECONDS);
		}
	}

	private static boolean waiting(Statement statement) throws SQLException {
		try (var results = statement
			.executeQuery("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted")) {
			return results.next();
		}
	}

	@Test
	void withoutADatabaseThereIsNoPlan() {
		Tidemark nowhere = Tidemark.builder(ConnectionSource.of("jdbc:postgresql://localhost:1/nowhere", null, null))
			.locations(this.folder.location())
			.build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, nowhere::plan);

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
	}

	private static final class Fill implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("7");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			throw new IllegalStateException("Only planned");
		}

	}

}
