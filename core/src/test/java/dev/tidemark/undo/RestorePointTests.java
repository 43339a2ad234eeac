package dev.tidemark.undo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.RestorePoint;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is marked in the log of the server before a run that may lose data.
 */
@ExtendWith(PostgresExtension.class)
class RestorePointTests {

	private static final String POSITION = "[0-9A-F]+/[0-9A-F]+";

	private final TestDatabase database;

	private MigrationFolder folder;

	RestorePointTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql",
				"CREATE TABLE a (x int, y int); INSERT INTO a VALUES (1, 2)");
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private List<String> recorded() {
		return this.database.rows("SELECT version, restore_point, wal_position ~ '^" + POSITION
				+ "$' FROM tidemark_history ORDER BY rank");
	}

	@Test
	void aRunThatMayLoseDataBeginsWithARestorePoint() {
		tidemark().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()").add("V3__a.sql", "ALTER TABLE a DROP COLUMN y");

		String deployment = tidemark().migrate().deploymentId();

		String name = "tidemark_" + deployment + "_3";
		assertThat(recorded()).containsExactly("1||", "2|" + name + "|t", "3|" + name + "|t");
	}

	@Test
	void theLogTellsWhereTheRunBegan() {
		tidemark().migrate();
		this.folder.add("V2__a.sql", "DROP TABLE a");

		try (LogLines log = LogLines.of("RestorePoints")) {
			tidemark().migrate();

			assertThat(log.lines()).singleElement()
				.asString()
				.matches("INFO This run may lose data \\(drop-table at .*V2__a\\.sql.*\\); before it: restore point"
						+ " tidemark_.*_2 at WAL position " + POSITION);
		}
	}

	@Test
	void theInspectionTellsWhereTheRunBegan() {
		tidemark().migrate();
		this.folder.add("V2__a.sql", "DROP TABLE a");
		tidemark().migrate();

		Inspection inspection = tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(30)));

		assertThat(pointOf(inspection, "1")).isNull();
		RestorePoint point = pointOf(inspection, "2");
		assertThat(point).isNotNull();
		assertThat(point.name()).endsWith("_2");
		assertThat(point.walPosition()).matches(POSITION);
	}

	private static RestorePoint pointOf(Inspection inspection, String version) {
		MigrationRun run = inspection.runs(Identity.of(version)).get(0);
		return run.author().restorePoint();
	}

	@Test
	void whatLosesNothingNeedsNone() {
		tidemark().migrate();
		this.folder.add("V2__a.sql", "ALTER TABLE a ADD COLUMN z int; DROP TABLE IF EXISTS nowhere");

		tidemark().migrate();

		assertThat(recorded()).containsExactly("1||", "2||");
	}

	@Test
	void aTableThatIsEmptyHasNothingToLose() {
		this.folder.add("V1__a.sql", "CREATE TABLE a (x int, y int)");
		tidemark().migrate();
		this.folder.add("V2__a.sql", "ALTER TABLE a DROP COLUMN y; DROP TABLE a");

		tidemark().migrate();

		assertThat(recorded()).containsExactly("1||", "2||");
	}

	@Test
	void aDatabaseThatHoldsNothingNeedsNone() {
		this.folder.add("V2__a.sql", "DROP TABLE a");

		tidemark().migrate();

		assertThat(recorded()).containsExactly("1||", "2||");
	}

	@Test
	void whatAVersionHasLeftThatIsUndoneIsNotTakenForNothing() {
		this.folder.add("U1__a.sql", "-- tidemark: nothing-to-undo reason=\"the table stays\"");
		tidemark().migrate();
		tidemark().undo(UndoRequest.of(UndoSelection.last(1)));
		this.folder.add("V1__a.sql", "DROP TABLE a");

		String deployment = tidemark().migrate().deploymentId();

		assertThat(recorded()).last().isEqualTo("1|tidemark_" + deployment + "_1|t");
	}

	@Test
	void aRunNeedNotMakeOne() {
		tidemark().migrate();
		this.folder.add("V2__a.sql", "DROP TABLE a");

		this.folder.tidemark(this.database).restorePoints(false).build().migrate();

		assertThat(recorded()).containsExactly("1||", "2||");
	}

	@Test
	void anUndoThatMayLoseDataBeginsWithOneToo() {
		this.folder.add("U1__a.sql", "DROP TABLE a");
		tidemark().migrate();

		tidemark().undo(UndoRequest.of(UndoSelection.last()).allowingDataLoss("a test"));

		assertThat(recorded()).hasSize(2).last().asString().matches("1\\|tidemark_.*_1\\|t");
	}

	@Test
	void aLongVersionIsCutToWhatTheServerTakesForAName() {
		tidemark().migrate();
		this.folder.add("V20260101123456.123456789__a.sql", "DROP TABLE a");

		tidemark().migrate();

		assertThat(this.database.value("SELECT length(restore_point) FROM tidemark_history WHERE rank = 2"))
			.isEqualTo("63");
	}

	@Test
	void whoMayMakeNoneRecordsThePositionAndTellsTheGrant() {
		String role = role();
		Tidemark tidemark = tidemarkOf(role);
		tidemark.migrate();
		this.folder.add("V2__a.sql", "DROP TABLE a");
		try (LogLines log = LogLines.of("RestorePoints")) {

			tidemark.migrate();

			assertThat(recorded()).containsExactly("1||", "2||t");
			assertThat(log.has("INFO", "GRANT EXECUTE ON FUNCTION"
					+ " pg_catalog.pg_create_restore_point(pg_catalog.text) TO \"" + role + "\""))
				.isTrue();
		}
		finally {
			drop(role);
		}
	}

	@Test
	void theGrantThatIsToldAllowsIt() {
		String role = role();
		Tidemark tidemark = tidemarkOf(role);
		tidemark.migrate();
		this.database
			.execute("GRANT EXECUTE ON FUNCTION pg_catalog.pg_create_restore_point(pg_catalog.text) TO " + role);
		this.folder.add("V2__a.sql", "DROP TABLE a");

		tidemark.migrate();

		assertThat(recorded()).last().asString().matches("2\\|tidemark_.*_2\\|t");
		drop(role);
	}

	@Test
	void aTableOfAnOlderVersionIsReadAndGetsTheColumns() {
		tidemark().migrate();
		dropColumns();
		this.folder.add("V2__a.sql", "DROP TABLE a");
		assertThat(pointOf(tidemark().inspect(InspectRequest.everything().within(Duration.ofSeconds(30))), "1"))
			.isNull();

		tidemark().migrate();

		assertThat(recorded()).last().asString().matches("2\\|tidemark_.*_2\\|t");
	}

	@Test
	void aTableOfAnOlderVersionGetsTheColumnsWithTheNextRunThatHasSomethingToDo() {
		tidemark().migrate();
		dropColumns();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		tidemark().migrate();

		assertThat(this.database.value("SELECT count(*) FROM information_schema.columns"
				+ " WHERE table_name = 'tidemark_history' AND column_name = 'restore_point'"))
			.isEqualTo("1");
	}

	@Test
	void whoMayNotChangeATableOfAnOlderVersionRunsAllTheSame() {
		tidemark().migrate();
		dropColumns();
		String role = role();
		this.database.execute(
				"GRANT SELECT, INSERT, UPDATE ON tidemark_history TO " + role + "; ALTER TABLE a OWNER TO " + role);
		this.folder.add("V2__a.sql", "DROP TABLE a");
		try (LogLines log = LogLines.of("RestorePoints")) {

			tidemarkOf(role).migrate();

			assertThat(this.database.value("SELECT state FROM tidemark_history WHERE version = '2'"))
				.isEqualTo("applied");
			assertThat(log.has("WARN", "ADD COLUMN IF NOT EXISTS restore_point")).isTrue();
		}
		finally {
			drop(role);
		}
	}

	private void dropColumns() {
		this.database.execute("ALTER TABLE tidemark_history DROP COLUMN restore_point, DROP COLUMN wal_position");
	}

	private String role() {
		String role = "r" + UUID.randomUUID().toString().replace("-", "");
		this.database
			.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO " + role);
		return role;
	}

	private void drop(String role) {
		this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
	}

	private Tidemark tidemarkOf(String role) {
		return Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "secret"))
			.locations(this.folder.location())
			.build();
	}

}
