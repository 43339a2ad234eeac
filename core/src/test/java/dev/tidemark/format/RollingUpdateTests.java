package dev.tidemark.format;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.MigrationState;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.Group;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A rolling update of Tidemark itself: this build, and one made from it that has added a
 * column, a kind and a state, on one database.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class RollingUpdateTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static OtherBuild newer;

	private final TestDatabase database;

	private final List<MigratingProcess> instances = new ArrayList<>();

	private Path path;

	private MigrationFolder folder;

	RollingUpdateTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeAll
	static void newer(@TempDir Path build) {
		newer = OtherBuild.newer(build);
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.path = path;
		this.folder = new MigrationFolder(path).add("V1__log.sql", "CREATE TABLE log (version int)")
			.add("V2__two.sql", "INSERT INTO log VALUES (2)")
			.add("V3__three.sql", "INSERT INTO log VALUES (3)");
	}

	@AfterEach
	void end() {
		this.instances.forEach(MigratingProcess::close);
	}

	private Tidemark older() {
		return this.folder.tidemark(this.database).build();
	}

	private void startNewer(String... tenants) {
		this.instances.add(MigratingProcess.start(newer, this.database.jdbcUrl(), this.path, PATIENCE, tenants));
	}

	private void startOlder(String... tenants) {
		this.instances.add(MigratingProcess.start(this.database.jdbcUrl(), this.path, PATIENCE, tenants));
	}

	private void awaitAll() throws InterruptedException {
		for (MigratingProcess instance : this.instances) {
			assertThat(instance.exitValue(PATIENCE)).as(() -> instance.output()).isZero();
		}
		this.instances.clear();
	}

	private List<String> history() {
		return this.database.rows("SELECT version, kind, state, proof FROM tidemark_history ORDER BY rank");
	}

	@Test
	void whatTheNewerHasRecordedTheOlderShowsAsUnknownAndDoesNotRunAgain() throws Exception {
		startNewer();
		awaitAll();

		RunResult result = older().migrate();

		assertThat(result.applied()).isEmpty();
		assertThat(result.migrations()).extracting(MigrationInfo::state)
			.containsExactly(MigrationState.APPLIED, MigrationState.UNKNOWN, MigrationState.UNKNOWN);
		assertThat(result.migrations()).extracting(MigrationInfo::reason)
			.containsExactly(null, "a newer version of Tidemark has recorded it with the kind 'checked'",
					"a newer version of Tidemark has recorded it with the state 'proven'");
		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.HISTORY_UNKNOWN);
		assertThat(history()).containsExactly("1|versioned|applied|written", "2|checked|applied|written",
				"3|versioned|proven|written");
		assertThat(this.database.rows("SELECT version FROM log ORDER BY version")).containsExactly("2", "3");
	}

	@Test
	void anInspectionCountsThemNeitherAsAppliedNorAsPending() throws Exception {
		startNewer();
		awaitAll();

		Inspection inspection = older().inspect(InspectRequest.everything().within(PATIENCE));

		assertThat(inspection.in(MigrationState.UNKNOWN)).hasSize(2)
			.allSatisfy((entry) -> assertThat(Group.of(entry.state())).isEqualTo(Group.DEVIATING));
		assertThat(inspection.in(MigrationState.PENDING)).isEmpty();
		assertThat(inspection.problems()).extracting(Problem::code).containsExactly(ErrorCode.HISTORY_UNKNOWN);
	}

	@Test
	void theOlderGoesOnWithATableThatTheNewerHasChanged() throws Exception {
		this.folder.remove("V2__two.sql").remove("V3__three.sql");
		older().migrate();
		this.folder.add("V2__two.sql", "INSERT INTO log VALUES (2)");
		startNewer();
		awaitAll();
		assertThat(this.database.value("SELECT obj_description('tidemark_history'::regclass)"))
			.startsWith("Tidemark history, layout 1.3:");
		this.folder.add("V4__four.sql", "INSERT INTO log VALUES (4)");

		older().migrate();

		assertThat(history()).containsExactly("1|versioned|applied|none", "2|checked|applied|written",
				"4|versioned|applied|none");
		assertThat(this.database.value("SELECT obj_description('tidemark_history'::regclass)"))
			.startsWith("Tidemark history, layout 1.3:");
	}

	@Test
	void behindWhatMayNotBeDoneTheOlderRunsNothingAndTheNewerGoesOn() throws Exception {
		startNewer();
		awaitAll();
		this.folder.add("V4__four.sql", "INSERT INTO log VALUES (4)");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> older().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.HISTORY_UNKNOWN);
		assertThat(failure).hasMessageContaining("the state 'proven' for version 3")
			.hasMessageContaining("version 4 would");
		startNewer();
		awaitAll();
		assertThat(history()).last().isEqualTo("4|versioned|applied|written");
	}

	@Test
	void bothRaceAndEachVersionRunsOnce() throws Exception {
		startOlder();
		startNewer();
		startOlder();
		startNewer();

		awaitAll();

		assertThat(this.database.rows("SELECT version FROM tidemark_history ORDER BY rank")).containsExactly("1", "2",
				"3");
		assertThat(this.database.rows("SELECT version FROM log ORDER BY version")).containsExactly("2", "3");
	}

	@Test
	void tenantsToo() throws Exception {
		this.database.execute("CREATE SCHEMA one; CREATE SCHEMA two; CREATE SCHEMA three");
		startOlder("one");
		awaitAll();
		startNewer("one,two");
		awaitAll();
		startOlder("one,two,three");
		startNewer("three,two,one");
		awaitAll();

		for (String tenant : List.of("one", "two", "three")) {
			assertThat(this.database.rows("SELECT version FROM " + tenant + ".tidemark_history ORDER BY rank"))
				.containsExactly("1", "2", "3");
			assertThat(this.database.rows("SELECT version FROM " + tenant + ".log ORDER BY version"))
				.containsExactly("2", "3");
		}
	}

}
