package dev.tidemark.baseline;

import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Databases that another migration tool has brought to where they are.
 */
@ExtendWith(PostgresExtension.class)
class OtherToolsTests {

	/** As Flyway makes it. */
	private static final String FLYWAY = """
			CREATE TABLE %s (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50),
			 description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL,
			 checksum INTEGER, installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT now(),
			 execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL)""";

	/** As Liquibase makes it. */
	private static final String LIQUIBASE = """
			CREATE TABLE databasechangelog (id VARCHAR(255) NOT NULL, author VARCHAR(255) NOT NULL,
			 filename VARCHAR(255) NOT NULL, dateexecuted TIMESTAMP NOT NULL, orderexecuted INTEGER NOT NULL,
			 exectype VARCHAR(10) NOT NULL, md5sum VARCHAR(35), description VARCHAR(255), comments VARCHAR(255),
			 tag VARCHAR(255), liquibase VARCHAR(20), contexts VARCHAR(255), labels VARCHAR(255),
			 deployment_id VARCHAR(10))""";

	private final TestDatabase database;

	private MigrationFolder folder;

	OtherToolsTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("V3__c.sql", "CREATE TABLE c ()")
			.add("V4__d.sql", "CREATE TABLE d ()")
			.add("V5__e.sql", "CREATE TABLE e ()");
	}

	/**
	 * Makes a history of Flyway with rows such as {@code 3 SQL} or {@code 3 SQL failed}.
	 */
	private void flywayIn(String table, String... rows) {
		this.database.execute(FLYWAY.formatted(table));
		for (int i = 0; i < rows.length; i++) {
			String[] row = rows[i].split(" ");
			this.database.execute("INSERT INTO %s VALUES (%d, %s, 'd', '%s', 's', 1, 'me', now(), 1, %s)"
				.formatted(table, i + 1, row[0].equals("-") ? "NULL" : "'" + row[0] + "'", row[1], row.length == 2));
		}
	}

	private void flyway(String... rows) {
		flywayIn("flyway_schema_history", rows);
	}

	private Tidemark.Builder builder(@Nullable String baseline) {
		return this.folder.tidemark(this.database)
			.baseline((baseline != null) ? MigrationVersion.of(baseline) : null, "INC-1");
	}

	private RunResult migrate(String baseline) {
		return builder(baseline).build().migrate();
	}

	private TidemarkException refusal(@Nullable String baseline) {
		TidemarkException refusal = catchThrowableOfType(TidemarkException.class,
				() -> builder(baseline).build().migrate());
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
		return refusal;
	}

	private static List<String> applied(RunResult result) {
		return result.applied().stream().map((applied) -> applied.identity().toString()).toList();
	}

	@Test
	void aBaselineBeyondWhatFlywayDidIsRefusedBeforeAnythingIsWritten() {
		flyway("1 SQL", "2 SQL", "3 SQL");

		TidemarkException refusal = refusal("5");

		assertThat(refusal.code()).isEqualTo(ErrorCode.BASELINE_DIFFERS);
		assertThat(refusal).hasMessageContaining("baseline at version 5 is to be recorded. Flyway's history"
				+ " public.flyway_schema_history is at version 3: versions 4, 5 would count as done, and never run.")
			.hasMessageContaining("Set tidemark.baseline.version=3");
	}

	@Test
	void aBaselineBelowWhatFlywayDidIsRefusedToo() {
		flyway("1 SQL", "2 SQL", "3 SQL");

		assertThat(refusal("2")).hasMessageContaining("what it has run above version 2 would run again");
	}

	@Test
	void theVersionThatFlywayHasIsAccepted() {
		flyway("1 SQL", "2 SQL", "3.0 SQL", "- SQL");

		assertThat(applied(migrate("3"))).containsExactly("4", "5");
	}

	@Test
	void itIsAcceptedAlsoWhereFlywayIsAheadOfTheFiles() {
		flyway("1 SQL", "2 SQL", "3 SQL", "4 SQL", "5 SQL", "6 SQL");

		assertThat(applied(migrate("6"))).isEmpty();
	}

	@Test
	void takingOverByCodeIsRefusedAlike() {
		flyway("1 SQL", "2 SQL", "3 SQL");
		Tidemark tidemark = builder(null).build();

		TidemarkException refusal = catchThrowableOfType(TidemarkException.class,
				() -> tidemark.baseline(new Baseline(MigrationVersion.of("5"), "INC-1")));

		assertThat(refusal.code()).isEqualTo(ErrorCode.BASELINE_DIFFERS);
		assertThat(tidemark.baseline(new Baseline(MigrationVersion.of("3"), "INC-1")).migrations()).hasSize(3);
	}

	@Test
	void aBaselineFileDoesNotBeginADatabaseThatFlywayHasBegun() {
		flyway("1 SQL", "2 SQL");
		this.folder.add("B2__ab.sql", "CREATE TABLE a (); CREATE TABLE b ()");

		assertThat(refusal("0")).hasMessageContaining("is at version 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "my_own_name", "schema_version", "\"Odd name\"" })
	void theTableIsKnownByItsColumnsWhateverItsName(String table) {
		flywayIn(table, "1 SQL", "2 SQL");

		assertThat(refusal("5")).hasMessageContaining("Flyway's history public." + table + " is at version 2");
	}

	@Test
	void aTableWithACommaInItsNameIsIgnoredByAnElementOfItsOwn() {
		flywayIn("\"My, history\"", "1 SQL");

		assertThat(refusal("2")).hasMessageContaining("tidemark.baseline.ignored-histories[0]=public.\"My, history\".");
		assertThat(refusal(null)).hasMessageContaining(
				"version=0 with tidemark.baseline.ignored-histories[0]=public.\"My, history\": it has nothing");
	}

	@ParameterizedTest
	@CsvSource({ "'2 BASELINE,3 SQL', 3", "'1 SQL,3 SQL,2 SQL', 3", "'1 SQL,2 SQL,3 SQL,3 UNDO_SQL', 2",
			"'1 SQL,2 SQL,2 UNDO_SQL,2 SQL', 2", "'- SCHEMA,1 SQL', 1", "'1 SQL,2 SQL,3 DELETE', 2",
			"'1 JDBC,2 JDBC', 2", "'- SCHEMA', 0", "'', 0", "'3 SQL_BASELINE', 3" })
	void thisIsTheVersionThatFlywayHas(String rows, String version) {
		flyway(rows.isEmpty() ? new String[0] : rows.split(","));

		migrate(version);

		assertThat(this.database.value("SELECT version FROM tidemark_history WHERE kind = 'baseline'"))
			.isEqualTo(version);
	}

	@Test
	void whatFlywayHasFailedHasToBeRepairedFirst() {
		flyway("1 SQL", "2 SQL failed");

		assertThat(refusal("1")).hasMessageContaining("has version 2 as failed").hasMessageContaining("flyway repair");
		assertThat(refusal("2")).hasMessageContaining("has version 2 as failed");
	}

	@Test
	void aVersionThatFlywayHasLeftOutDoesNotCountAsDone() {
		flyway("1 SQL", "3 SQL");

		assertThat(refusal("3"))
			.hasMessageContaining("is at version 3, but has never run version 2, which would count as done.");
	}

	@Test
	void aVersionThatFlywayHasLeftOutMayBeSkippedOnPurpose() {
		flyway("1 SQL", "3 SQL");

		assertThat(applied(builder("3").skip(Map.of(Identity.of("2"), "never needed")).build().migrate()))
			.containsExactly("4", "5");
	}

	@Test
	void whatFlywaysOwnBaselineCoversNeedNotHaveRun() {
		flyway("2 BASELINE", "3 SQL");

		assertThat(applied(migrate("3"))).containsExactly("4", "5");
	}

	@Test
	void aHistoryThatIsAboutOtherFilesIsIgnoredOnceItIsNamed() {
		flyway("7 SQL");

		RunResult result = this.folder.tidemark(this.database)
			.baseline(MigrationVersion.of("2"), "INC-1", List.of("public.flyway_schema_history"))
			.build()
			.migrate();

		assertThat(applied(result)).containsExactly("3", "4", "5");
	}

	@Test
	void aHistoryThatIsIgnoredVouchesForNoFilesThatAreNotThereYet() {
		flyway("100 SQL");

		TidemarkException refusal = catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database)
					.baseline(MigrationVersion.of("100"), "INC-1", List.of("flyway_schema_history"))
					.build()
					.migrate());

		assertThat(refusal.code()).isEqualTo(ErrorCode.BASELINE_REFUSED);
	}

	@Test
	void ofSeveralHistoriesOneHasToAgree() {
		flywayIn("of_orders", "1 SQL", "2 SQL", "3 SQL");
		flywayIn("of_billing", "1 SQL");

		assertThat(refusal("2")).satisfies((refusal) -> assertThat(refusal.problems()).hasSize(2));
		assertThat(applied(migrate("3"))).containsExactly("4", "5");
	}

	@Test
	void aHistoryThatMayNotBeReadIsNoGroundToBuildOn() {
		flyway("1 SQL");
		this.database.execute("DROP ROLE IF EXISTS blind; CREATE ROLE blind; GRANT ALL ON SCHEMA public TO blind");

		TidemarkException refusal = catchThrowableOfType(TidemarkException.class,
				() -> builder("1").role("blind").initSql(null).build().migrate());
		this.database.execute("DROP OWNED BY blind; DROP ROLE blind");

		assertThat(refusal.code()).isEqualTo(ErrorCode.BASELINE_DIFFERS);
		assertThat(refusal).hasMessageContaining("could not be read").hasMessageContaining("SELECT on public.flyway");
	}

	@Test
	void liquibaseHasNoVersionToCompareWhichIsSaid() {
		this.database.execute(LIQUIBASE);
		this.database.execute(
				"INSERT INTO databasechangelog VALUES ('1', 'me', 'f', now(), 1, 'EXECUTED'), ('2', 'me', 'f', now(), 2, 'EXECUTED')");

		RunResult result = migrate("3");

		assertThat(applied(result)).containsExactly("4", "5");
		assertThat(result.warnings()).extracting(Problem::what)
			.anySatisfy((what) -> assertThat(what).contains(
					"Liquibase's history public.databasechangelog has 2 change sets, without versions, so that could not"));
	}

	@Test
	void aToolThatIsKnownByNameOnlyIsNamed() {
		this.database.execute("CREATE TABLE alembic_version (version_num text)");

		assertThat(refusal(null)).hasMessageContaining(
				"The table public.alembic_version looks like the history of Alembic, which is not read.");
	}

	@Test
	void whoAsksWhatTheDatabaseIsSuggestsTheVersionThatFlywayHas() {
		flyway("1 SQL", "2 SQL", "3 SQL");

		TidemarkException refusal = refusal(null);

		assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_EMPTY);
		assertThat(refusal).hasMessageContaining("Flyway's history public.flyway_schema_history is at version 3.")
			.hasMessageContaining("tidemark.baseline.version=3: it is where Flyway's history"
					+ " public.flyway_schema_history says that it is; these files count as done then: 1, 2, 3")
			.hasMessageContaining(
					"tidemark.baseline.version=0 with tidemark.baseline.ignored-histories=public.flyway_schema_history")
			.hasMessageNotContaining("class path");
	}

	@Test
	void whatStandsInTheWayOfThatVersionIsSaidWithIt() {
		flyway("1 SQL", "2 SQL", "3 SQL failed");

		assertThat(refusal(null)).hasMessageContaining("tidemark.baseline.version=2: not yet")
			.hasMessageContaining("has version 3 as failed");
	}

	@Test
	void thatFlywayIsOnTheClassPathStillIsSaid() {
		flyway("1 SQL");
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(new ClassLoader(before) {

			@Override
			public @Nullable URL getResource(String name) {
				return name.equals("org/flywaydb/core/Flyway.class") ? super.getResource("java/lang/Object.class")
						: super.getResource(name);
			}

		});
		try {
			assertThat(refusal(null)).hasMessageContaining("Flyway is still on the class path of this application");
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

}
