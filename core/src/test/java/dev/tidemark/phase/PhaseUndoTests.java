package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an undo does about backfills and contracts.
 */
@ExtendWith(PostgresExtension.class)
class PhaseUndoTests {

	private final TestDatabase database;

	private final PhaseFixture given;

	PhaseUndoTests(TestDatabase database, @TempDir Path path) {
		this.database = database;
		this.given = new PhaseFixture(database, path);
		this.given.folder()
			.add("U2__email_address.sql", "ALTER TABLE users DROP COLUMN email_address")
			.add("U3__copy_email.sql", "UPDATE users SET email_address = NULL")
			.add("U4__drop_email.sql", "ALTER TABLE users ADD COLUMN email text");
	}

	private UndoResult undoTo(String version) {
		return this.given.tidemark()
			.build()
			.undo(UndoRequest.of(UndoSelection.to(MigrationVersion.of(version))).allowingDataLoss("test"));
	}

	private TidemarkException refused(String version) {
		return catchThrowableOfType(TidemarkException.class, () -> undoTo(version));
	}

	private String recorded() {
		return this.database.value("SELECT string_agg(version, ',') FROM tidemark_history_backfill");
	}

	@Test
	void whatWaitsIsPassedOver() {
		this.given.waiting();

		UndoResult result = undoTo("1");

		assertThat(result.undone()).extracting((undone) -> undone.identity().toString()).containsExactly("2");
		assertThat(this.given.hasColumn("email_address")).isFalse();
		assertThat(result.warnings()).isEmpty();
	}

	@Test
	void whereOnlyWhatWaitsIsAboveThereIsNothingToUndo() {
		this.given.waiting();

		assertThat(undoTo("2").undone()).isEmpty();
	}

	@Test
	void aBackfillThatHasBegunIsStoppedAndForgottenWithTheUndo() throws SQLException {
		this.given.waiting().begun("3", "RUNNING");

		UndoResult result = undoTo("1");

		assertThat(result.undone()).hasSize(1);
		assertThat(recorded()).isNull();
		assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_LEAVES);
		assertThat(PhaseFixture.waiting(this.given.migrate().migrations())).containsEntry("3", "runs after the start");
	}

	@Test
	void whereTheUndoFailsItStaysStoppedAndIsNotForgotten() throws SQLException {
		this.given.waiting().begun("3", "RUNNING").folder().add("U2__email_address.sql", "SELECT 1 / 0");

		assertThat(refused("1").code()).isEqualTo(ErrorCode.STATEMENT);

		assertThat(this.database.value("SELECT version || ' ' || state FROM tidemark_history_backfill WHERE part = 0"))
			.isEqualTo("3 cancelled");
	}

	@Test
	void aBackfillBelowWhatIsUndoneGoesOn() throws SQLException {
		this.given.waiting().begun("3", "RUNNING");
		this.given.folder()
			.add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text")
			.add("U5__phone.sql", "ALTER TABLE users DROP COLUMN phone");
		this.given.migrate();

		undoTo("4");

		assertThat(this.database.value("SELECT version || ' ' || state FROM tidemark_history_backfill WHERE part = 0"))
			.isEqualTo("3 running");
	}

	@Test
	void aBackfillThatIsDoneIsUndoneByItsFileAndMayBeginAgain() throws SQLException {
		this.given.waiting().record("3", "backfill", "UPDATE users SET email_address = email").begun("3", "FINISHED");

		undoTo("2");

		assertThat(this.database.value("SELECT count(email_address) FROM users")).isEqualTo("0");
		assertThat(recorded()).isNull();
		assertThat(PhaseFixture.waiting(this.given.migrate().migrations())).containsEntry("3", "runs after the start");
	}

	@Test
	void aBackfillWithoutAnUndoFileStopsTheUndo() {
		this.given.waiting()
			.record("3", "backfill", "UPDATE users SET email_address = email")
			.folder()
			.remove("U3__copy_email.sql");

		assertThat(refused("1").code()).isEqualTo(ErrorCode.UNDO_MISSING);
	}

	@Test
	void nothingBelowAnAppliedContractIsUndone() {
		this.given.users().phases().migrate();

		TidemarkException failure = refused("1");

		assertThat(failure.code()).isEqualTo(ErrorCode.UNDO_PHASE);
		assertThat(failure).hasMessageContaining("lies below version 4, a contract that is applied");
		assertThat(this.given.hasColumn("email_address")).isTrue();
	}

	@Test
	void theContractItselfMayBeUndoneByAFileAndThenWhatIsBelow() {
		this.given.users().phases().migrate();

		undoTo("3");

		assertThat(this.given.hasColumn("email")).isTrue();
		assertThat(undoTo("1").undone()).hasSize(2);
		assertThat(PhaseFixture.states(this.given.migrate().migrations())).containsExactly("1 applied", "2 applied",
				"3 waiting", "4 waiting");
	}

	@Test
	void theRowOfTheUndoHasThePhaseOfItsMigration() {
		this.given.users().phases().migrate();

		undoTo("3");

		assertThat(this.database.value("SELECT phase || ' ' || state FROM tidemark_history WHERE kind = 'undo'"))
			.isEqualTo("contract undone");
	}

	@Test
	void aPreviewSaysTheSame() throws SQLException {
		this.given.waiting().begun("3", "RUNNING");

		assertThat(this.given.tidemark()
			.build()
			.plan(UndoRequest.of(UndoSelection.to(MigrationVersion.of("1"))))
			.problems()).extracting(Problem::code).containsExactly(ErrorCode.UNDO_LEAVES);
		assertThat(this.database.value("SELECT state FROM tidemark_history_backfill")).isEqualTo("running");
	}

}
