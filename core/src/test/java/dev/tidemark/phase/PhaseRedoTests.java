package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.author.ReleasedMigrations;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.Redo;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Phases that are edited while they are developed.
 */
@ExtendWith(PostgresExtension.class)
class PhaseRedoTests {

	private static final String EDITED = PhaseFixture.BACKFILL.replace("= email ", "= upper(email) ");

	private final TestDatabase database;

	private final PhaseFixture given;

	PhaseRedoTests(TestDatabase database, @TempDir Path path) {
		this.database = database;
		this.given = new PhaseFixture(database, path);
	}

	@BeforeEach
	void undoFiles() {
		this.given.users()
			.phases()
			.folder()
			.add("U2__email_address.sql", "ALTER TABLE users DROP COLUMN email_address")
			.add("U3__copy_email.sql", "UPDATE users SET email_address = NULL")
			.add("U4__drop_email.sql", "ALTER TABLE users ADD COLUMN email text");
	}

	private Tidemark.Builder tidemark(Redo.Ground ground) {
		return this.given.tidemark()
			.redo(new Redo(ground, (settings) -> ReleasedMigrations.upTo(MigrationVersion.of("1"))));
	}

	private void edit() {
		this.given.folder().add("V3__copy_email.backfill.sql", EDITED);
	}

	@Test
	void anAppliedBackfillIsUndoneAndWaitsAgain() {
		this.given.folder().remove("V4__drop_email.contract.sql").remove("U4__drop_email.sql");
		this.given.migrate();
		edit();

		RunResult result = tidemark(Redo.Ground.DEVELOPMENT).build().migrate();

		assertThat(PhaseFixture.waiting(result.migrations())).containsEntry("3", "runs after the start");
		assertThat(this.database.value("SELECT count(email_address) FROM users")).isEqualTo("0");
	}

	@Test
	void belowAnAppliedContractThereIsNoWayBack() {
		this.given.migrate();
		edit();

		TidemarkException failure = this.given.failure(tidemark(Redo.Ground.DEVELOPMENT));

		assertThat(failure.problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.REDO_NO_WAY_BACK, ErrorCode.UNDO_PHASE);
	}

	@Test
	void aDatabaseThatMayBeThrownAwayIsNewAfterwards() {
		this.given.migrate();
		edit();

		RunResult result = tidemark(Redo.Ground.THROW_AWAY).build().migrate();

		assertThat(PhaseFixture.states(result.migrations())).allMatch((state) -> state.endsWith(" applied"));
		assertThat(this.database.value("SELECT string_agg(email_address, ',' ORDER BY id) FROM users"))
			.isEqualTo("A,B");
	}

	@Test
	void soIsOneInWhichTheBackfillHasBegun() throws SQLException {
		this.given.folder().remove("V3__copy_email.backfill.sql").remove("V4__drop_email.contract.sql");
		this.given.migrate();
		this.given.phases().begun("3", "RUNNING");
		edit();

		RunResult result = tidemark(Redo.Ground.THROW_AWAY).build().migrate();

		assertThat(PhaseFixture.states(result.migrations())).allMatch((state) -> state.endsWith(" applied"));
		assertThat(this.database.value("SELECT to_regclass('tidemark_history_backfill')")).isNull();
	}

}
