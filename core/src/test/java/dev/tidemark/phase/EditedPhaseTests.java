package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
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
	void norMayItGoWhereNoOtherPhaseIsLeft() throws SQLException {
		this.given.begun("3", "RUNNING")
			.folder()
			.remove("V3__copy_email.backfill.sql")
			.remove("V4__drop_email.contract.sql")
			.add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text");

		assertThat(this.given.failure().code()).isEqualTo(ErrorCode.BACKFILL_CHANGED);
		assertThat(this.given.hasColumn("phone")).isFalse();
	}

	@Test
	void norWhereOthersAreDoneAndThereIsSomethingToRun() throws SQLException {
		this.given.record("3", "backfill", "UPDATE users SET email_address = email")
			.record("4", "contract", "ALTER TABLE users DROP COLUMN email");
		this.given.folder()
			.add("V5__again.backfill.sql", PhaseFixture.BACKFILL)
			.add("V6__phone.sql", "ALTER TABLE users ADD COLUMN phone text");
		this.given.migrate();
		this.given.begun("5", "RUNNING").folder().remove("V5__again.backfill.sql");
		this.given.folder().add("V7__fax.sql", "ALTER TABLE users ADD COLUMN fax text");

		assertThat(this.given.failure().code()).isEqualTo(ErrorCode.BACKFILL_CHANGED);
		assertThat(this.given.hasColumn("fax")).isFalse();
	}

	@Test
	void whereAllIsAppliedAnEditedPhaseIsAChangedFile() {
		this.given.record("3", "backfill", "UPDATE users SET email_address = email");
		edit();

		assertThat(this.given.failure().code()).isEqualTo(ErrorCode.CHANGED);
	}

	@ParameterizedTest
	@CsvSource({ "V3__copy_email.backfill.sql, V3__copy_email.sql, expand, backfill",
			"V3__copy_email.backfill.sql, V3__copy_email.contract.sql, contract, backfill",
			"V4__drop_email.contract.sql, V4__drop_email.sql, expand, contract",
			"V2__email_address.sql, V2__email_address.contract.sql, contract, expand" })
	void oneThatIsAppliedAndNamedAsAnotherPhaseIsAChangedFile(String applied, String renamed, String now, String then) {
		TestDatabase database = PostgresServer.shared().createDatabase();
		this.given.folder().tidemark(database).build().migrate();
		this.given.folder().rename(applied, renamed).add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> this.given.folder().tidemark(database).build().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.CHANGED);
		assertThat(failure).hasMessageContaining("one of the phase " + now + " by its name")
			.hasMessageContaining("applied as one of the phase " + then)
			.hasMessageContaining("Name it again as it was called then, " + applied);
		assertThat(this.given.folder().tidemark(database).ignoreChanged(true).build().migrate().applied()).hasSize(1);
	}

	@Test
	void aContractThatIsDoneInPartKeepsItsPhase() {
		TestDatabase database = PostgresServer.shared().createDatabase();
		String half = "-- tidemark: transaction=none\nALTER TABLE users DROP COLUMN email; SELECT ";
		this.given.folder().add("V4__drop_email.contract.sql", half + "1 / 0");
		catchThrowableOfType(TidemarkException.class, () -> this.given.folder().tidemark(database).build().migrate());
		this.given.folder().remove("V4__drop_email.contract.sql").add("V4__drop_email.sql", half + "1");

		assertThat(catchThrowableOfType(TidemarkException.class,
				() -> this.given.folder().tidemark(database).build().migrate()))
			.hasMessageContaining("TM-VAL-005")
			.hasMessageContaining("one of the phase contract then and is one of the phase expand by its name now");
	}

	@Test
	void aNameThatWasNoPhaseWhenItRanIsNotAnother() {
		TestDatabase database = PostgresServer.shared().createDatabase();
		this.given.folder().tidemark(database).build().migrate();
		database.execute("UPDATE tidemark_history SET phase = 'expand'");

		assertThat(this.given.folder().tidemark(database).build().migrate().applied()).isEmpty();
	}

}
