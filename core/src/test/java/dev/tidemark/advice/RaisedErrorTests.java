package dev.tidemark.advice;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A script may raise an error with whatever code. It means what the script says, not what
 * the server would mean by it.
 */
@ExtendWith(PostgresExtension.class)
class RaisedErrorTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	RaisedErrorTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		// What a sequence has given is not taken back: it counts how often a file runs.
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE SEQUENCE tries; CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
	}

	private TidemarkException failure(String sql) {
		this.folder.add("V2__b.sql", sql);
		return catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database)
					.lockRetry(new LockRetry(Duration.ofSeconds(3)))
					.build()
					.migrate());
	}

	private static String raise(String code) {
		return "RAISE EXCEPTION 'customer 17 has no plan' USING ERRCODE = '" + code + "';";
	}

	@ParameterizedTest
	@ValueSource(strings = { "2D000", "55P03", "57014", "25006", "42501", "57P01", "08006", "40001", "25001" })
	void whatAFileRaisesIsTheFailureOfAStatement(String code) {
		TidemarkException failure = failure(
				"SELECT nextval('tries'); DO $$ BEGIN " + raise(code) + " END $$; SELECT 1");

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(failure).hasMessageContainingAll("customer 17 has no plan", "SQLSTATE " + code,
				"The transaction was rolled back: the database is as it was before this migration.");
		assertThat(this.database.value("SELECT last_value FROM tries")).isEqualTo("1");
		assertThat(this.database.rows("SELECT state, error_sqlstate FROM tidemark_history WHERE version = '2'"))
			.containsExactly("failed|" + code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "55P03", "57014", "25006" })
	void whatATriggerRaisesAtTheCommitIsTheFailureOfTheCommit(String code) {
		TidemarkException failure = failure("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
				+ raise(code) + " END $$; CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED"
				+ " FOR EACH ROW EXECUTE FUNCTION f(); INSERT INTO a VALUES (nextval('tries'))");

		assertThat(failure.code()).isEqualTo(ErrorCode.COMMIT);
		assertThat(this.database.value("SELECT last_value FROM tries")).isEqualTo("1");
	}

	@Test
	void aProcedureThatTheServerForbidsToCommitStillRunsAlone() {
		this.folder.add("V2__b.sql", "DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$");
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.value("SELECT count(*) FROM a")).isEqualTo("1");
	}

}
