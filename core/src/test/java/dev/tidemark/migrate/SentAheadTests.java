package dev.tidemark.migrate;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The statements of a file are on their way before the server has answered; what fails is
 * told as if each had been waited for.
 */
@ExtendWith(PostgresExtension.class)
class SentAheadTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	SentAheadTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int PRIMARY KEY)");
		this.folder.tidemark(this.database).build().migrate();
	}

	private Problem failure(String script) {
		this.folder.add("V2__b.sql", script);
		return catchThrowableOfType(MigrationFailedException.class,
				() -> this.folder.tidemark(this.database).build().migrate())
			.problems()
			.get(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "this is no SQL", "SELECT 1/0", "INSERT INTO a VALUES (1), (1)" })
	void whicheverStatementFailsIsNamedAndNothingStays(String broken) {
		for (int place = 1; place <= 4; place++) {
			int failing = place;
			String script = IntStream.rangeClosed(1, 4)
				.mapToObj((number) -> (number == failing) ? broken : "INSERT INTO a VALUES (" + (number + 10) + ")")
				.collect(Collectors.joining(";\n"));

			Problem problem = failure(script);

			assertThat(problem.place().statement()).isEqualTo(failing);
			assertThat(problem.place().line()).isEqualTo(failing);
			assertThat(this.database.rows("SELECT * FROM a")).isEmpty();
		}
	}

	@Test
	void theFirstFailureIsToldAndNotWhatFollowsFromIt() {
		Problem problem = failure("SELECT 1/0; SELECT 2; SELECT 3");

		assertThat(problem.server().sqlState()).isEqualTo("22012");
		assertThat(this.database.rows("SELECT error_sqlstate, error_line FROM tidemark_history WHERE version = '2'"))
			.containsExactly("22012|1");
	}

	@Test
	void aSavepointDoesNotHideAFailure() {
		Problem problem = failure("""
				INSERT INTO a VALUES (1);
				SAVEPOINT s;
				SELECT 1/0;
				ROLLBACK TO SAVEPOINT s;
				INSERT INTO a VALUES (2)""");

		assertThat(problem.place().statement()).isEqualTo(3);
		assertThat(this.database.rows("SELECT * FROM a")).isEmpty();
	}

	@Test
	void aSavepointMayBeRolledBackTo() {
		this.folder.add("V2__b.sql",
				"INSERT INTO a VALUES (1); SAVEPOINT s; INSERT INTO a VALUES (2); ROLLBACK TO s; INSERT INTO a VALUES (3)");
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.rows("SELECT x FROM a ORDER BY x")).containsExactly("1", "3");
	}

	@Test
	void aFailureBehindInlineRowsIsNamed() {
		Problem problem = failure("""
				INSERT INTO a VALUES (1);
				COPY a FROM STDIN;
				2
				3
				\\.
				INSERT INTO a VALUES (4);
				INSERT INTO a VALUES (3)""");

		assertThat(problem.place().statement()).isEqualTo(4);
		assertThat(this.database.rows("SELECT * FROM a")).isEmpty();
	}

	@Test
	void aFunctionThatSetsWhatTheDriverCannotReadIsNamed() {
		Problem problem = failure("SELECT 1; DO $$ BEGIN PERFORM set_config('datestyle', 'german', false); END $$;"
				+ " SELECT 2; SELECT 3");

		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(problem.place().statement()).isEqualTo(2);
	}

	@Test
	void aSettingOfTheLexerHoldsForTheStatementsBehindIt() {
		this.folder.add("V2__b.sql", """
				CREATE TABLE texts (x text);
				SET standard_conforming_strings = off;
				INSERT INTO texts VALUES ('a\\'; b');
				SET standard_conforming_strings = on;
				INSERT INTO texts VALUES ('c\\')""");
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.rows("SELECT x FROM texts")).containsExactly("a'; b", "c\\");
	}

	@Test
	void aResultLargerThanAllBuffersIsReadWhileTheRestIsSent() {
		String rows = "SELECT repeat('x', 1000) FROM generate_series(1, 20000);\n";
		String padded = "UPDATE a SET x = x " + " ".repeat(1000) + "+ 1;\n";
		this.folder.add("V2__b.sql", "INSERT INTO a VALUES (1);\n" + (rows + padded).repeat(20));
		this.folder.tidemark(this.database).build().migrate();

		assertThat(this.database.rows("SELECT x FROM a")).containsExactly("21");
	}

}
