package dev.tidemark.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.author.FileCheck;
import dev.tidemark.author.ReleasedMigrations;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.plan.policy.Baseline;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.source.Location;
import dev.tidemark.source.SourceSettings;
import dev.tidemark.source.format.Naming;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/tasks/say-no-in-ci.md} asks a database for is what is released there.
 */
@ExtendWith(PostgresExtension.class)
class ReleasedListTests {

	private static final Pattern QUERY = Pattern.compile("psql -AtF ' ' -c \"(.*?)\" > ", Pattern.DOTALL);

	private final TestDatabase database;

	private MigrationFolder folder;

	private Path list;

	ReleasedListTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void files(@TempDir Path directory, @TempDir Path lists) {
		this.list = lists.resolve("released.txt");
		this.folder = new MigrationFolder(directory).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("V2__b.sql", "CREATE TABLE b (x int)")
			.add("V3__c.sql", "CREATE TABLE c (x int)")
			.add("U3__c.sql", "DROP TABLE c");
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private List<Problem> problems() throws Exception {
		Matcher query = QUERY.matcher(Files.readString(Path.of("../docs/tasks/say-no-in-ci.md")));
		assertThat(query.find()).isTrue();
		Files.write(this.list, this.database
			.rows("SELECT concat_ws(' ', version, checksum) FROM (" + query.group(1) + ") list (version, checksum)"));
		SourceSettings settings = new SourceSettings(List.of(Location.of(this.folder.location())), true,
				SourceSettings.DEFAULT.encoding(), Naming.DEFAULT);
		return new FileCheck(settings).check(ReleasedMigrations.listed(this.list));
	}

	@Test
	void whatIsAppliedIsReleased() throws Exception {
		tidemark().migrate();

		assertThat(problems()).isEmpty();
		assertThat(this.list).content().contains("1 sha256:", "2 sha256:", "3 sha256:");
	}

	@Test
	void whatIsUndoneIsNotReleasedAnyMore() throws Exception {
		tidemark().migrate();
		tidemark().undo(UndoRequest.of(UndoSelection.last()));
		this.folder.remove("V3__c.sql").remove("U3__c.sql");

		assertThat(problems()).isEmpty();
	}

	@Test
	void ofWhatWasUndoneEditedAndAppliedAgainTheNewTextIsReleased() throws Exception {
		tidemark().migrate();
		tidemark().undo(UndoRequest.of(UndoSelection.last()));
		this.folder.add("V3__c.sql", "CREATE TABLE c (x bigint)");
		tidemark().migrate();

		assertThat(problems()).isEmpty();
	}

	@Test
	void allUpToABaselineIsReleased() throws Exception {
		tidemark().baseline(new Baseline(MigrationVersion.of("2"), "it was there"));
		tidemark().migrate();

		assertThat(problems()).isEmpty();
	}

	@Test
	void allUpToTheBaselineFileThatADatabaseBeganWithIsReleased() throws Exception {
		this.folder.add("B2__ab.sql", "CREATE TABLE a (x int)");
		tidemark().migrate();

		assertThat(problems()).isEmpty();
	}

	@Test
	void whatIsSkippedIsReleased() throws Exception {
		this.folder.tidemark(this.database).skip(Map.of(Identity.of("2"), "not here")).build().migrate();

		assertThat(problems()).isEmpty();
	}

}
