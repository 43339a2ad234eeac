package dev.tidemark.format;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.fixture.MigratingProcess;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A rolling update from the build before: that of the last tag, or else of the last
 * commit.
 */
@Tag("proof")
@ExtendWith(PostgresExtension.class)
@Timeout(900)
class PreviousBuildTests {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private static OtherBuild previous;

	private final TestDatabase database;

	private final List<MigratingProcess> instances = new ArrayList<>();

	private Path path;

	private MigrationFolder folder;

	PreviousBuildTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeAll
	static void build(@TempDir Path folder) throws Exception {
		previous = PreviousBuild.in(folder);
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.path = path;
		this.folder = new MigrationFolder(path).add("V1__log.sql", "CREATE TABLE log (version int)")
			.add("V2__two.sql", "INSERT INTO log VALUES (2)");
	}

	@AfterEach
	void end() {
		this.instances.forEach(MigratingProcess::close);
	}

	private void startPrevious(String... tenants) {
		this.instances.add(MigratingProcess.start(previous, this.database.jdbcUrl(), this.path, PATIENCE, tenants));
	}

	private void startThis(String... tenants) {
		this.instances.add(MigratingProcess.start(this.database.jdbcUrl(), this.path, PATIENCE, tenants));
	}

	private void awaitAll() throws InterruptedException {
		for (MigratingProcess instance : this.instances) {
			assertThat(instance.exitValue(PATIENCE)).as(() -> instance.output()).isZero();
		}
		this.instances.clear();
	}

	private void assertThatEachRanOnce(String schema, String... versions) {
		assertThat(this.database.rows("SELECT version FROM " + schema + ".tidemark_history ORDER BY rank"))
			.containsExactly(versions);
		assertThat(this.database.rows("SELECT count(*) - count(DISTINCT version) FROM " + schema + ".log"))
			.containsExactly("0");
	}

	@Test
	void whatThePreviousBuildBeganThisOneContinuesAndTheOtherWayRound() throws Exception {
		startPrevious();
		awaitAll();
		this.folder.add("V3__three.sql", "INSERT INTO log VALUES (3)");
		startThis();
		awaitAll();
		this.folder.add("V4__four.sql", "INSERT INTO log VALUES (4)");
		startPrevious();
		awaitAll();
		startThis();
		awaitAll();

		assertThatEachRanOnce("public", "1", "2", "3", "4");
	}

	@Test
	void whatThisBuildBeganThePreviousOneContinues() throws Exception {
		startThis();
		awaitAll();
		this.folder.add("V3__three.sql", "INSERT INTO log VALUES (3)");
		startPrevious();
		awaitAll();

		assertThatEachRanOnce("public", "1", "2", "3");
	}

	@Test
	void bothRaceAndEachVersionRunsOnce() throws Exception {
		startThis();
		startPrevious();
		startThis();
		startPrevious();
		awaitAll();

		assertThatEachRanOnce("public", "1", "2");
	}

	@Test
	void tenantsToo() throws Exception {
		this.database.execute("CREATE SCHEMA one; CREATE SCHEMA two");
		startPrevious("one");
		awaitAll();
		startThis("one", "two");
		startPrevious("two", "one");
		awaitAll();

		assertThatEachRanOnce("one", "1", "2");
		assertThatEachRanOnce("two", "1", "2");
	}

}
