package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Phases in databases that begin with a baseline.
 */
@ExtendWith(PostgresExtension.class)
class PhaseBaselineTests {

	private final TestDatabase database;

	private PhaseFixture given;

	PhaseBaselineTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void fixture(@TempDir Path path) {
		this.given = new PhaseFixture(this.database, path);
	}

	private RunResult migrate(String baseline) {
		return this.given.tidemark().baseline(MigrationVersion.of(baseline), "was there").build().migrate();
	}

	private void filled() {
		this.database.execute("CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users VALUES (1, 'a')");
	}

	@Test
	void atTheFirstStartOnAFilledSchemaTheContractWaits() {
		filled();
		this.given.folder()
			.add("V5__users.sql", "CREATE TABLE users (id int PRIMARY KEY, email text)")
			.add("V6__email_address.sql", "ALTER TABLE users ADD COLUMN email_address text")
			.add("V7__copy_email.backfill.sql", PhaseFixture.BACKFILL)
			.add("V8__drop_email.contract.sql", "ALTER TABLE users DROP COLUMN email");

		RunResult result = migrate("5");

		assertThat(PhaseFixture.states(result.migrations())).contains("5 baseline", "6 applied", "7 waiting",
				"8 waiting");
		assertThat(this.given.hasColumn("email")).isTrue();
		assertThat(this.database.value("SELECT email_address FROM users")).isNull();
		assertThat(PhaseFixture.waiting(migrate("5").migrations()))
			.isEqualTo(Map.of("7", "runs after the start", "8", "waits for the backfill of version 7"));
	}

	@Test
	void whatTheBaselineCoversIsDone() {
		filled();
		this.given.users().phases().folder().add("V5__drop_id.contract.sql", "SELECT 1");

		RunResult result = migrate("4");

		assertThat(PhaseFixture.states(result.migrations())).contains("3 baseline", "4 baseline", "5 waiting");
		assertThat(PhaseFixture.waiting(result.migrations())).containsEntry("5",
				"waits for the contract gate, which this version does not have yet");
	}

	@Test
	void filesMayNotGoAsLongAsOneOfThemWaits() {
		this.given.waiting();
		squash();

		TidemarkException failure = this.given.failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.SQUASHED);
	}

	@Test
	void norAsLongAsOneOfThemRuns() throws SQLException {
		this.given.waiting();
		this.given.folder().add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text");
		this.given.migrate();
		this.given.begun("3", "RUNNING");
		squash();
		this.given.folder().remove("V5__phone.sql").remove("B4__all.sql").add("B5__all.sql", "SELECT 1");

		TidemarkException failure = this.given.failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.SQUASHED);
		assertThat(failure).hasMessageContaining("The backfill of version 3 has begun and is not finished");
	}

	@Test
	void whenAllAreDoneTheyMay() {
		this.given.waiting()
			.record("3", "backfill", "UPDATE users SET email_address = email")
			.record("4", "contract", "ALTER TABLE users DROP COLUMN email");
		squash();

		assertThat(this.given.migrate().applied()).isEmpty();
	}

	private void squash() {
		this.given.folder()
			.remove("V1__users.sql")
			.remove("V2__email_address.sql")
			.remove("V3__copy_email.backfill.sql")
			.remove("V4__drop_email.contract.sql")
			.add("B4__all.sql", "CREATE TABLE users (id int PRIMARY KEY, email_address text)");
	}

}
