package dev.tidemark.resume;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a file in segments leaves when a statement of it fails.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(90)
class LeftoverTests {

	private static final String ROWS = "CREATE TABLE b (x int); INSERT INTO b VALUES (1), (1); ";

	private final TestDatabase database;

	private MigrationFolder folder;

	LeftoverTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		migrate();
	}

	private void migrate() {
		this.folder.tidemark(this.database).build().migrate();
	}

	private TidemarkException failure(String file) {
		this.folder.add("V2__b.sql", file);
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private static String state(TidemarkException failure) {
		return failure.problems().get(0).state();
	}

	@Test
	void anIndexWhoseBuildFailsIsDroppedAtOnce() {
		TidemarkException failure = failure(ROWS + "CREATE UNIQUE INDEX CONCURRENTLY b_x ON b (x)");

		assertThat(state(failure)).startsWith("2 of 3 statements of this file are done and stay.")
			.contains("The index \"public\".\"b_x\" is invalid: its build was not finished.",
					"That was cleared away: DROP INDEX");
		assertThat(this.database.value("SELECT to_regclass('b_x')")).isNull();
	}

	@Test
	void aCorrectedFileFindsNothingOfIt() {
		failure(ROWS + "CREATE UNIQUE INDEX CONCURRENTLY b_x ON b (x)");
		this.folder.add("V2__b.sql", ROWS + "CREATE INDEX CONCURRENTLY b_other ON b (x)");
		migrate();

		assertThat(this.database.rows("SELECT indexname FROM pg_indexes WHERE tablename = 'b'"))
			.containsExactly("b_other");
	}

	@Test
	void anInvalidIndexThatWasThereBeforeIsNotTheStatements() {
		this.database.execute("CREATE TABLE b (x int); INSERT INTO b VALUES (1), (1)");
		assertThat(catchThrowableOfType(Exception.class,
				() -> this.database.execute("CREATE UNIQUE INDEX CONCURRENTLY b_x ON b (x)")))
			.isNotNull();

		TidemarkException failure = failure("VACUUM a; CREATE UNIQUE INDEX CONCURRENTLY b_x ON b (x)");

		assertThat(failure).hasMessageContaining("already exists");
		assertThat(this.database.value("SELECT to_regclass('b_x')")).isEqualTo("b_x");
	}

	@Test
	void whatCannotBeDroppedAtOnceIsNamedAndDroppedByTheNextStart() throws Exception {
		String file = "SET statement_timeout = '400ms'; CREATE INDEX CONCURRENTLY a_x ON a (x)";
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO a VALUES (1)");

			TidemarkException failure = failure(file);

			assertThat(state(failure)).contains("That could not be cleared away at once", "DROP INDEX CONCURRENTLY");
			assertThat(this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_x'::regclass"))
				.isEqualTo("f");
			writer.commit();
		}
		migrate();

		assertThat(this.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_x'::regclass"))
			.isEqualTo("t");
	}

	@Test
	void aDetachmentThatIsPendingIsTold() throws Exception {
		this.database.execute("CREATE TABLE parent (x int) PARTITION BY RANGE (x);"
				+ " CREATE TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (1)");
		String file = "SET statement_timeout = '400ms'; ALTER TABLE parent DETACH PARTITION child CONCURRENTLY";
		try (Connection reader = this.database.connect(); Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute("SELECT * FROM parent");

			assertThat(state(failure(file))).contains("is pending", "FINALIZE;");
			reader.commit();
		}
		migrate();

		assertThat(this.database.rows("SELECT FROM pg_inherits WHERE inhrelid = 'child'::regclass")).isEmpty();
	}

	@Test
	void anIndexThatIsHalfDroppedIsTold() throws Exception {
		this.database.execute("CREATE INDEX a_x ON a (x)");
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO a VALUES (1)");

			TidemarkException failure = failure("SET statement_timeout = '400ms'; DROP INDEX CONCURRENTLY a_x");

			assertThat(state(failure)).contains("Still there: \"public\".\"a_x\". Half dropped");
			writer.commit();
		}
	}

	@Test
	void whatIsDoneOfAFileMustStayAsItIs() {
		assertThat(failure("CREATE TABLE b (x int); VACUUM b; SELECT 1 / 0"))
			.hasMessageContaining("Leave what is done (statements 1-2) as it is, correct the rest of the file")
			.hasMessageNotContaining("which is not applied yet");
	}

	@Test
	void anUndoTellsWhatTheSameRunHasUndone() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()")
			.add("V3__c.sql", "CREATE TABLE c ()")
			.add("U3__c.sql", "DROP TABLE c; VACUUM a")
			.add("U2__b.sql", "VACUUM a; SELECT 1 / 0");
		migrate();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> this.folder.tidemark(this.database)
					.build()
					.undo(UndoRequest.of(UndoSelection.last(2)).allowingDataLoss("a test")));

		assertThat(state(failure)).contains("1 of 2 statements", "Undone and recorded before it: version 3.");
	}

}
