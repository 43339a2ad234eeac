package dev.tidemark.migrate;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A database whose encoding lacks characters that files and messages have.
 */
class LatinDatabaseTests {

	private final TestDatabase database = PostgresServer.shared().createDatabaseIn("LATIN1");

	private MigrationFolder folder;

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).application("caf\u00e9 \u20ac", null, "\u8868").build();
	}

	@Test
	void aCharacterThatTheDatabaseLacksIsToldAsTheServerDoesAndRecorded() {
		this.folder.add("V1__e.sql", "CREATE TABLE t (x text); INSERT INTO t VALUES ('caf\u00e9')")
			.add("V2__euro.sql", "INSERT INTO t VALUES ('\u20ac')");
		Tidemark tidemark = tidemark();
		String message = "character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no equivalent in "
				+ "encoding \"LATIN1\"";

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(failure.problems().get(0).server()).extracting(ServerError::message).isEqualTo(message);
		assertThat(this.database.rows("SELECT state, error_sqlstate, error_message, error_statement, application,"
				+ " instance FROM tidemark_history WHERE version = '2'"))
			.containsExactly("failed|22P05|" + message + "|INSERT INTO t VALUES ('\\u20AC')|caf\u00e9 \\u20AC|\\u8868");
	}

	@Test
	void aRepeatableWhoseNameTheDatabaseLacksRunsOnce() {
		this.folder.add("R__pr\u00e9is_in_\u20ac.sql", "SELECT 1");

		assertThat(tidemark().migrate().applied()).hasSize(1);
		assertThat(tidemark().migrate().applied()).isEmpty();
		assertThat(this.database.rows("SELECT description FROM tidemark_history"))
			.containsExactly("pr\u00e9is in \\u20AC");
	}

	@Test
	void theReasonOfADecisionIsRecorded() {
		this.folder.add("V1__a.sql", "CREATE TABLE t ()").add("V2__b.sql", "VACUUM t; CREATE TABLE t ()");
		Tidemark tidemark = tidemark();
		catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		tidemark.resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.APPLIED, "5 \u20ac"));

		assertThat(this.database.value("SELECT note FROM tidemark_history WHERE rank = 3")).isEqualTo("5 \\u20AC");
	}

}
