package dev.tidemark.files;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Files below a location that {@code exclude} leaves out.
 */
@ExtendWith(PostgresExtension.class)
class ExcludeTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	ExcludeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void prepare(@TempDir Path directory) {
		this.folder = new MigrationFolder(directory);
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("rollback/9__a.sql", "DROP TABLE a");
	}

	private RunResult migrate(String... exclude) {
		return this.folder.tidemark(this.database).exclude(exclude).build().migrate();
	}

	@Test
	void aFolderOfOtherScriptsStopsNothingOnceItIsExcluded() {
		assertThat(catchThrowableOfType(TidemarkException.class, () -> migrate()).code())
			.isEqualTo(ErrorCode.FILE_NAME);

		RunResult result = migrate("rollback/**");

		assertThat(result.applied()).hasSize(1);
		assertThat(result.warnings()).isEmpty();
	}

	@Test
	void aFileThatWasAppliedIsNotExcludedWithoutAWord() {
		this.folder.add("more/V2__b.sql", "CREATE TABLE b ()");
		migrate("rollback/**");
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> migrate("rollback/**", "more/**"));

		assertThat(failure.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.MISSING);
			assertThat(problem.place()).asString().endsWith("more/V2__b.sql");
			assertThat(problem.what())
				.isEqualTo("The file of version 2 was applied, and tidemark.files.exclude leaves it out now.");
			assertThat(problem.remedy()).startsWith("Correct tidemark.files.exclude");
		});
	}

}
