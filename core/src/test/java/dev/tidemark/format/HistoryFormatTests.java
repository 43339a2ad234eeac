package dev.tidemark.format;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What versions of Tidemark may change of the history, and what they may not.
 */
@ExtendWith(PostgresExtension.class)
class HistoryFormatTests {

	/** What the first layout lacks. */
	private static final String FIRST_LAYOUT = "ALTER TABLE tidemark_history DROP COLUMN restore_point,"
			+ " DROP COLUMN wal_position, DROP COLUMN adopted_rank, DROP COLUMN first_run;"
			+ " COMMENT ON TABLE tidemark_history IS 'Tidemark history, layout 1: one row for each run'";

	private final TestDatabase database;

	private MigrationFolder folder;

	HistoryFormatTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void applied(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().migrate();
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());
	}

	private boolean exists(String table) {
		return this.database.value("SELECT to_regclass('" + table + "')") != null;
	}

	private String comment() {
		return this.database.value("SELECT obj_description('tidemark_history'::regclass)");
	}

	private void record(String kind, String phase, String version, String state) {
		this.database.execute("INSERT INTO tidemark_history (rank, kind, phase, version, description, script, state,"
				+ " statements_total, statements_done, started_at, installed_by, instance, tool_version, deployment_id)"
				+ " SELECT max(rank) + 1, '" + kind + "', '" + phase + "', " + version + ", 'b', 'b.sql', '" + state
				+ "', 3, 1, now(), 'x', 'x', '9', 'x' FROM tidemark_history");
	}

	@Test
	void aColumnThatThisVersionCannotFillIsNamedBeforeAnythingRuns() {
		this.database.execute("ALTER TABLE tidemark_history ADD COLUMN filled text NOT NULL DEFAULT 'x',"
				+ " ADD COLUMN \"Not filled\" text NOT NULL DEFAULT 'x', ADD COLUMN id int GENERATED ALWAYS AS IDENTITY;"
				+ " ALTER TABLE tidemark_history ALTER \"Not filled\" DROP DEFAULT");
		tidemark().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_COLUMN);
		assertThat(failure).hasMessageContaining("wants a value in \"Not filled\",")
			.hasMessageContaining("ALTER COLUMN \"Not filled\" DROP NOT NULL;");
		assertThat(exists("b")).isFalse();
	}

	@Test
	void aTableOfTheFirstLayoutIsBroughtToTodaysByTheNextRunWithSomethingToDo() {
		this.database.execute(FIRST_LAYOUT);
		tidemark().migrate();
		assertThat(comment()).contains("layout 1:");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		tidemark().migrate();

		assertThat(comment()).startsWith("Tidemark history, layout 1.2: ");
		assertThat(this.database.rows("SELECT restore_point, wal_position, adopted_rank FROM tidemark_history"))
			.hasSize(2);
	}

	@Test
	void whoReadsTheTableHoldsUpNoRun() throws Exception {
		this.database.execute(FIRST_LAYOUT);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");
		try (Connection reader = this.database.connect(); Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute("SELECT * FROM tidemark_history");

			tidemark().migrate();

			assertThat(exists("b")).isTrue();
			assertThat(comment()).contains("layout 1:");
			reader.rollback();
		}
		this.folder.add("V3__c.sql", "CREATE TABLE c ()");

		tidemark().migrate();

		assertThat(comment()).contains("layout 1.2:");
	}

	@Test
	void whatSomebodyHasWrittenIntoTheCommentStays() {
		this.database.execute("ALTER TABLE tidemark_history DROP COLUMN adopted_rank;"
				+ " COMMENT ON TABLE tidemark_history IS 'ours'");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		tidemark().migrate();

		assertThat(comment()).isEqualTo("ours");
		assertThat(this.database.rows("SELECT adopted_rank FROM tidemark_history")).hasSize(2);
	}

	@Test
	void aNewerLayoutOfTheSameMajorVersionIsLeftAsItIs() {
		this.database.execute("COMMENT ON TABLE tidemark_history IS 'Tidemark history, layout 1.27: x';"
				+ " ALTER TABLE tidemark_history ADD COLUMN more jsonb");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		tidemark().migrate();

		assertThat(comment()).isEqualTo("Tidemark history, layout 1.27: x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "10", "2.1", "0" })
	void anotherMajorVersionIsRefused(String layout) {
		this.database.execute("COMMENT ON TABLE tidemark_history IS 'Tidemark history, layout " + layout + ": x'");

		TidemarkException failure = failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_LAYOUT);
		assertThat(failure).hasMessageContaining("it has layout " + layout + ", and this version knows layout 1.");
	}

	@Test
	void aTenantWhoseHistoryIsOfAnotherMajorVersionIsRefused() {
		this.database.execute("CREATE SCHEMA one; CREATE SCHEMA two");
		Tenants tenants = Tenants.builder(tidemark(), TenantSchemas.of(List.of("one", "two"))).build();
		tenants.migrate();
		this.database.execute("COMMENT ON TABLE two.tidemark_history IS 'Tidemark history, layout 2.0: x'");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tenants::migrate);

		assertThat(failure).hasMessageContaining("it has layout 2.0, and this version knows layout 1.");
	}

	@Test
	void aFileOfAMigrationThatIsRecordedWithAnUnknownKindDoesNotRun() {
		record("view", "expand", "'2'", "applied");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__c.sql", "CREATE TABLE c ()");

		RunResult result = tidemark().migrate();

		assertThat(exists("b")).isFalse();
		assertThat(exists("c")).isTrue();
		assertThat(result.migrations()).extracting(MigrationInfo::state)
			.containsExactly(MigrationState.APPLIED, MigrationState.UNKNOWN, MigrationState.APPLIED);
	}

	@Test
	void norDoesARepeatableOfTheSameName() {
		record("view", "expand", "NULL", "applied");
		this.folder.add("R__b.sql", "CREATE TABLE b ()");

		RunResult result = tidemark().migrate();

		assertThat(exists("b")).isFalse();
		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.HISTORY_UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "running", "interrupted", "waiting" })
	void aBackfillOfANewerVersionHoldsUpNoVersionAndIsNotHalfDone(String state) {
		record("versioned", "backfill", "'2'", state);
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__c.sql", "CREATE TABLE c ()");

		RunResult result = tidemark().migrate();

		assertThat(exists("b")).isFalse();
		assertThat(exists("c")).isTrue();
		assertThat(result.migrations().get(1).state()).isEqualTo(MigrationState.UNKNOWN);
		assertThat(result.migrations().get(1).phase()).isEqualTo(Phase.BACKFILL);
	}

	@Test
	void aContractThatANewerVersionHasAppliedIsApplied() {
		record("versioned", "contract", "'2'", "applied");
		this.folder.add("V2__b.contract.sql", "CREATE TABLE b ()");

		assertThat(tidemark().migrate().migrations().get(1).state()).isEqualTo(MigrationState.APPLIED);
	}

	@Test
	void noUndoTakesBackWhatIsThereBesideSomethingUnknown() {
		record("view", "expand", "'2'", "applied");
		this.folder.add("U1__a.sql", "DROP TABLE a");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> tidemark().undo(UndoRequest.of(UndoSelection.to(MigrationVersion.of("0")))));

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_UNKNOWN);
		assertThat(exists("a")).isTrue();
	}

	@Test
	void theNextKnownRowDecidesAgain() {
		record("versioned", "expand", "'2'", "paused");
		record("versioned", "expand", "'2'", "applied");
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__c.sql", "CREATE TABLE c ()");

		tidemark().migrate();

		assertThat(exists("b")).isFalse();
		assertThat(exists("c")).isTrue();
		assertThat(tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(30)))
			.in(MigrationState.UNKNOWN)).isEqualTo(List.of());
	}

}
