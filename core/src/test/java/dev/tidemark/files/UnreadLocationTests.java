package dev.tidemark.files;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is said of applied migrations whose files could not be read.
 */
@ExtendWith(PostgresExtension.class)
class UnreadLocationTests {

	private final TestDatabase database;

	private Path path;

	private MigrationFolder folder;

	UnreadLocationTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.path = path;
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()")
			.add("V2__b.sql", "CREATE TABLE b ()");
		this.folder.tidemark(this.database).build().migrate();
	}

	private Tidemark.Builder elsewhere(String location) {
		return this.folder.tidemark(this.database).locations(location);
	}

	@Test
	void aWrongLocationIsTheOnlyThingThatIsTold() {
		Tidemark tidemark = elsewhere("filesystem:" + this.path.resolve("typo")).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.problems()).extracting(Problem::code).containsExactly(ErrorCode.LOCATION_MISSING);
		assertThat(tidemark.inspect(InspectRequest.everything().within(Duration.ofSeconds(30))).problems())
			.extracting(Problem::code)
			.containsExactly(ErrorCode.LOCATION_MISSING);
	}

	@Test
	void oneOfTwoThatIsWrongHidesWhatLiesInIt() {
		this.folder.add("more/V3__c.sql", "CREATE TABLE c ()");
		this.folder.tidemark(this.database).build().migrate();
		Tidemark tidemark = this.folder.tidemark(this.database)
			.locations("filesystem:" + this.path.resolve("more"), "filesystem:" + this.path.resolve("typo"))
			.build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.problems()).extracting(Problem::code).containsExactly(ErrorCode.LOCATION_MISSING);
	}

	@Test
	void anEmptyLocationIsWarnedOfOnceAndNotOncePerVersion() {
		this.folder.add("empty/README.txt", "nothing");

		RunResult result = elsewhere("filesystem:" + this.path.resolve("empty")).build().migrate();

		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.LOCATION_MISSING);
	}

	@Test
	void aFileThatCannotBeReadIsNotGone() {
		this.folder.add("V1__a.sql", new byte[] { '-', '-', (byte) 0xff });

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database).build().migrate());

		assertThat(failure.problems()).extracting(Problem::code).containsExactly(ErrorCode.FILE_ENCODING);
	}

	@Test
	void whatANewerBuildAppliedIsToldAsBefore() {
		this.folder.remove("V2__b.sql");

		List<Problem> warnings = this.folder.tidemark(this.database).build().migrate().warnings();

		assertThat(warnings).extracting(Problem::code).containsExactly(ErrorCode.AHEAD);
	}

	@Test
	void aBuilderOfAnInstanceKeepsItsSettingsAndLeavesItAsItIs() {
		Tidemark first = this.folder.tidemark(this.database).historyTable("of_shop").schema("shop").build();

		Tidemark second = first.mutate().schema("stock").build();
		first.migrate();

		assertThat(second.inspect(InspectRequest.everything().within(Duration.ofSeconds(30))).historyTable())
			.isEqualTo("of_shop");
		assertThat(this.database.rows("SELECT nspname FROM pg_namespace WHERE nspname IN ('shop', 'stock')"))
			.containsExactly("shop");
	}

}
