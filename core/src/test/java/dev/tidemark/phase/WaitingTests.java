package dev.tidemark.phase;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.migration.CodeBackfill;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.migration.KeysOfBatch;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.migration.Phase;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.Group;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.preview.Preview;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Backfills and contracts wait in a database that holds something.
 */
@ExtendWith(PostgresExtension.class)
class WaitingTests {

	private static final Map<String, String> WAITING = Map.of("3", "runs after the start", "4",
			"waits for the backfill of version 3");

	private final TestDatabase database;

	private PhaseFixture given;

	WaitingTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void fixture(@TempDir Path path) {
		this.given = new PhaseFixture(this.database, path).users();
	}

	@Test
	void expandFilesRunAndTheOthersWait() {
		this.given.migrate();

		RunResult result = this.given.phases().migrate();

		assertThat(PhaseFixture.states(result.migrations())).containsExactly("1 applied", "2 applied", "3 waiting",
				"4 waiting");
		assertThat(PhaseFixture.waiting(result.migrations())).isEqualTo(WAITING);
		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("2"));
		assertThat(result.leavesBackfills()).isTrue();
		assertThat(result.warnings()).isEmpty();
		assertThat(this.given.hasColumn("email")).isTrue();
		assertThat(this.database.value("SELECT count(email_address) FROM users")).isEqualTo("0");
	}

	@Test
	void whatComesLaterDoesNotWaitForThem() {
		this.given.waiting()
			.folder()
			.add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text")
			.add("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT id FROM users");

		RunResult result = this.given.migrate();

		assertThat(result.applied()).extracting((applied) -> applied.identity().toString())
			.containsExactly("5", "names");
		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("5"));
	}

	@Test
	void verifyFindsNothingPending() {
		this.given.waiting();

		assertThat(PhaseFixture.waiting(this.given.tidemark().build().verify().migrations())).isEqualTo(WAITING);
	}

	@Test
	void aPlanHasNoStepForThemAndShowsWhatEachWaitsFor() {
		this.given.waiting();

		Preview preview = this.given.tidemark().build().plan();

		assertThat(preview.steps()).isEmpty();
		assertThat(PhaseFixture.waiting(preview.migrations())).isEqualTo(WAITING);
		assertThat(preview.isPending()).isFalse();
		assertThat(preview.passedOver()).isEmpty();
		assertThat(preview.toString()).containsPattern("Waiting: the backfill of version 3, .*: runs after the start")
			.containsPattern("Waiting: the contract of version 4, .*: waits for the backfill of version 3");
	}

	@Test
	void anInspectionShowsThemApartFromWhatIsPending() {
		this.given.waiting();

		Inspection inspection = this.given.tidemark().build().status();

		assertThat(inspection.state()).isEqualTo(Inspection.State.UP_TO_DATE);
		assertThat(PhaseFixture.waiting(inspection.migrations())).isEqualTo(WAITING);
		assertThat(inspection.migrations()).extracting(MigrationInfo::phase)
			.containsExactly(Phase.EXPAND, Phase.EXPAND, Phase.BACKFILL, Phase.CONTRACT);
		assertThat(inspection.count(Group.WAITING)).isEqualTo(2);
		assertThat(inspection.count(Group.DEVIATING)).isZero();
	}

	@Test
	void whatHasBegunIsShownAsItIs() throws SQLException {
		this.given.waiting().begun("3", "PAUSED");

		RunResult result = this.given.migrate();

		assertThat(PhaseFixture.waiting(result.migrations())).containsEntry("3",
				"waits for a person, who has paused it");
		assertThat(this.given.tidemark().build().status().find(result.migrations().get(2).identity()))
			.hasValueSatisfying((migration) -> assertThat(migration.reason()).contains("paused"));
	}

	@Test
	void aBackfillThatIsDoneIsAppliedAndSaysNothingOfTheCurrentVersion() {
		this.given.waiting().record("3", "backfill", "UPDATE users SET email_address = email");

		RunResult result = this.given.migrate();

		assertThat(PhaseFixture.states(result.migrations())).containsExactly("1 applied", "2 applied", "3 applied",
				"4 waiting");
		assertThat(PhaseFixture.waiting(result.migrations()))
			.isEqualTo(Map.of("4", "waits for the contract gate, which this version does not have yet"));
		assertThat(result.currentVersion()).isEqualTo(MigrationVersion.of("2"));
		assertThat(result.leavesBackfills()).isFalse();
	}

	@Test
	void aContractThatIsDoneMakesNothingBelowItComeLate() {
		this.given.waiting()
			.record("3", "backfill", "UPDATE users SET email_address = email")
			.record("4", "contract", "ALTER TABLE users DROP COLUMN email")
			.folder()
			.add("V2.1__phone.sql", "ALTER TABLE users ADD COLUMN phone text");

		assertThat(this.given.migrate().applied()).hasSize(1);
	}

	@Test
	void whatNeedsOneThatWaitsIsRefusedBeforeAnythingRuns() {
		this.given.waiting()
			.folder()
			.add("V5__phone.sql", "ALTER TABLE users ADD COLUMN phone text")
			.add("V6__required.sql", "ALTER TABLE users ALTER COLUMN email_address SET NOT NULL")
			.add("V7__email.sql", "ALTER TABLE users ADD COLUMN email text");

		TidemarkException failure = this.given.failure();

		assertThat(failure.problems()).extracting(Problem::code)
			.containsExactly(ErrorCode.PHASE_CONFLICT, ErrorCode.PHASE_CONFLICT);
		assertThat(this.given.hasColumn("phone")).isFalse();
	}

	@Test
	void onceItHasRunNothingIsInTheWay() {
		this.given.waiting()
			.record("3", "backfill", "UPDATE users SET email_address = email")
			.folder()
			.add("V6__required.sql", "ALTER TABLE users ALTER COLUMN email_address SET NOT NULL");

		assertThat(this.given.migrate().applied()).hasSize(1);
	}

	@Test
	void noContractRunsByItselfHoweverOftenAnybodyStarts() {
		this.given.waiting().record("3", "backfill", "UPDATE users SET email_address = email");

		this.given.migrate();
		this.given.migrate();

		assertThat(this.given.hasColumn("email")).isTrue();
	}

	@Test
	void aBackfillInJavaWaitsTooAndItsTableIsNotTakenAway() {
		this.given.migrate();
		this.given.folder().add("V8__drop.sql", "DROP TABLE users");

		TidemarkException failure = this.given.failure(this.given.tidemark().backfill(new Never("7", "users")));

		assertThat(failure.code()).isEqualTo(ErrorCode.PHASE_CONFLICT);
		this.given.folder().remove("V8__drop.sql");
		RunResult result = this.given.tidemark().backfill(new Never("7", "users")).build().migrate();
		assertThat(PhaseFixture.waiting(result.migrations())).isEqualTo(Map.of("7", "runs after the start"));
		assertThat(result.leavesBackfills()).isTrue();
	}

	@Test
	void oneThatNamesNoTableIsRefusedBeforeAnythingRuns() {
		this.given.migrate();
		this.given.phases();

		TidemarkException failure = this.given.failure(this.given.tidemark().backfill(new Never("7", "a b")));

		assertThat(failure.code()).isEqualTo(ErrorCode.BACKFILL_FILE);
		assertThat(this.given.hasColumn("email_address")).isFalse();
	}

	@Test
	void aBackfillThatHasFailedInANewDatabaseIsRecordedAndRunsWithTheNextStart() {
		this.given.folder().add("V3__copy_email.backfill.sql", PhaseFixture.BACKFILL);

		TidemarkException failure = this.given.failure();
		this.given.phases();

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(this.database.value("SELECT phase || ' ' || state FROM tidemark_history WHERE version = '3'"))
			.isEqualTo("backfill failed");
		assertThat(PhaseFixture.states(this.given.migrate().migrations()))
			.isEqualTo(List.of("1 applied", "2 applied", "3 applied", "4 applied"));
	}

	/**
	 * A backfill in Java that must not be called.
	 *
	 * @param number its version
	 * @param table its table
	 */
	private record Never(String number, String table) implements CodeBackfill {

		@Override
		public MigrationVersion version() {
			return MigrationVersion.of(this.number);
		}

		@Override
		public void run(KeysOfBatch batch, JdbcContext jdbc) {
			throw new AssertionError("It runs after the start");
		}

	}

}
