package dev.tidemark.advice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What to do about a time-out is told by who has set it.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class StatementTimeoutTests {

	private static final String SLEEP = "SELECT pg_sleep(60)";

	private final TestDatabase database;

	private MigrationFolder folder;

	StatementTimeoutTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private String remedy(UnaryOperator<Tidemark.Builder> settings) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> settings.apply(this.folder.tidemark(this.database)).build().migrate());
		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT_TIMEOUT);
		assertThat(failure.problems().get(0).what()).contains("since it took longer than statement_timeout");
		return failure.problems().get(0).remedy();
	}

	@Test
	void oneThatTheFileSetsForItselfIsRaisedThere() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ();\nSET LOCAL statement_timeout = '100ms';\n" + SLEEP);

		assertThat(remedy((tidemark) -> tidemark.statementTimeout(Duration.ofMinutes(5))))
			.contains("where the file sets it for itself, at ", "V1__a.sql:2:1")
			.doesNotContain("tidemark.run.statement-timeout");
	}

	@Test
	void oneThatABlockOfTheFileSetsIsRaisedThere() {
		this.folder.add("V1__a.sql",
				"DO $$ BEGIN PERFORM set_config('statement_timeout', '100ms', true); END $$;\n" + SLEEP);

		assertThat(remedy(UnaryOperator.identity())).contains("V1__a.sql:1:1");
	}

	@Test
	void oneThatAFileSetsOnlyLaterIsNotItsOwn() {
		this.folder.add("V1__a.sql", SLEEP + ";\nSET statement_timeout = 0");

		assertThat(remedy((tidemark) -> tidemark.statementTimeout(Duration.ofMillis(100))))
			.startsWith("Raise tidemark.run.statement-timeout");
	}

	@Test
	void oneThatOnlyIsReadIsNotItsOwn() {
		this.folder.add("V1__a.sql", "SELECT current_setting('statement_timeout');\n" + SLEEP);

		assertThat(remedy((tidemark) -> tidemark.statementTimeout(Duration.ofMillis(100))))
			.startsWith("Raise tidemark.run.statement-timeout");
	}

	@Test
	void oneThatACallbackSetsIsLookedForWhereItCanBe() {
		this.folder.add("V1__a.sql", SLEEP).add("beforeEachMigrate.sql", "SET statement_timeout = '100ms'");

		assertThat(remedy(UnaryOperator.identity())).startsWith("Take statement_timeout out where it is set")
			.contains("a callback");
	}

}
