package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A backfill that has begun stays as it is.
 */
@ExtendWith(PostgresExtension.class)
class EditedPhaseTests {

	private final PhaseFixture given;

	EditedPhaseTests(TestDatabase database, @TempDir Path path) {
		this.given = new PhaseFixture(database, path);
	}

	@BeforeEach
	void waiting() {
		this.given.waiting();
	}

	private void edit() {
		this.given.folder()
			.add("V3__copy_email.backfill.sql", PhaseFixture.BACKFILL.replace("= email ", "= lower(email) "))
			.add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text");
	}

	@Test
	void anEditedOneStopsTheNextRunBeforeAnythingRuns() throws SQLException {
		this.given.begun("3", "RUNNING");
		edit();

		TidemarkException failure = this.given.failure();

		assertThat(failure.code()).isEqualTo(ErrorCode.BACKFILL_CHANGED);
		assertThat(failure.problems().get(0).place().script()).endsWith("V3__copy_email.backfill.sql");
		assertThat(this.given.hasColumn("phone")).isFalse();
	}

	@Test
	void verifyPlanAndInspectionTellOfItToo() throws SQLException {
		this.given.begun("3", "FAILED");
		edit();

		assertThat(catchThrowableOfType(TidemarkException.class, () -> this.given.tidemark().build().verify()).code())
			.isEqualTo(ErrorCode.BACKFILL_CHANGED);
		assertThat(this.given.tidemark().build().plan().problems())
			.anyMatch((problem) -> problem.code() == ErrorCode.BACKFILL_CHANGED && problem.isError());
		assertThat(this.given.tidemark().build().status().state()).isEqualTo(Inspection.State.BLOCKED);
	}

	@Test
	void withItsTextOfBeforeItGoesOn() throws SQLException {
		this.given.begun("3", "RUNNING");
		edit();
		this.given.failure();
		this.given.folder().add("V3__copy_email.backfill.sql", PhaseFixture.BACKFILL);

		assertThat(PhaseFixture.waiting(this.given.migrate().migrations())).containsEntry("3",
				"has begun, and goes on after the start");
	}

	@Test
	void whatHasNotBegunMayBeEdited() {
		edit();

		assertThat(this.given.migrate().applied()).hasSize(1);
	}

	@Test
	void itsFileMayNotGo() throws SQLException {
		this.given.begun("3", "PAUSED").folder().remove("V3__copy_email.backfill.sql");

		assertThat(this.given.failure().code()).isEqualTo(ErrorCode.BACKFILL_CHANGED);
	}

	@Test
	void whereAllIsAppliedAnEditedPhaseIsAChangedFile() {
		this.given.record("3", "backfill", "UPDATE users SET email_address = email");
		edit();

		assertThat(this.given.failure().code()).isEqualTo(ErrorCode.CHANGED);
	}

}
