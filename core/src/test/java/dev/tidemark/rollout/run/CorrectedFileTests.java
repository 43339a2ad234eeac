package dev.tidemark.rollout.run;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a failure says about the file may be done to it as long as no batch is committed.
 */
@ExtendWith(PostgresExtension.class)
class CorrectedFileTests {

	private static final String MOVES = "UPDATE users SET n = n + 1 WHERE {batch}";

	private final TestDatabase database;

	private Backfilling backfill;

	CorrectedFileTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void users(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path).users(200);
	}

	private void assertThatItFailsBy(ErrorCode code) {
		BackfillProgress failed = this.backfill.work();
		assertThat(failed.state()).isEqualTo(BackfillState.FAILED);
		assertThat(failed.problem().code()).isEqualTo(code);
		assertThat(failed.problem().remedy()).containsIgnoringCase("resume the backfill");
	}

	private void assertThatItGoesOnWith(String file) {
		this.backfill.file(file);
		this.backfill.instance().migrate();
		this.backfill.control(Action.RESUME);
		assertThat(this.backfill.work().state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|200");
	}

	@Test
	void aTableThatCannotBeWalkedIsNamedAnew() {
		this.database.execute("ALTER TABLE users ADD COLUMN other int");
		this.backfill.file("-- tidemark: batch table=users by=other\n" + MOVES);
		assertThatItFailsBy(ErrorCode.BACKFILL_TABLE);

		assertThatItGoesOnWith("-- tidemark: batch table=users by=id\n" + MOVES);
	}

	@Test
	void aStatementThatTheServerDoesNotUnderstandIsCorrected() {
		this.backfill.file("-- tidemark: batch table=users\nUPDATE users SET m = n + 1 WHERE {batch}");
		assertThatItFailsBy(ErrorCode.BACKFILL_FAILED);

		assertThatItGoesOnWith("-- tidemark: batch table=users\n" + MOVES);
	}

	@Test
	void aFirstBatchThatFailedIsWalkedAnewAndVerified() {
		this.backfill.file("-- tidemark: batch table=users\nUPDATE users SET n = 1 / (id - 1) WHERE {batch}");
		assertThatItFailsBy(ErrorCode.BACKFILL_FAILED);

		assertThatItGoesOnWith(
				"-- tidemark: batch table=users size=30 max-size=30\n-- tidemark: verify \"n = 1\"\n" + MOVES);
	}

	@Test
	void asSoonAsABatchIsCommittedTheTextStays() {
		this.backfill.file("-- tidemark: batch table=users size=20 max-size=20\n"
				+ "UPDATE users SET n = 1 + 0 / (id - 100) WHERE {batch}");
		assertThatItFailsBy(ErrorCode.BACKFILL_FAILED);
		this.backfill.file("-- tidemark: batch table=users\n" + MOVES);

		assertThat(catchThrowableOfType(TidemarkException.class, () -> this.backfill.instance().migrate()).code())
			.isEqualTo(ErrorCode.BACKFILL_CHANGED);
	}

}
