package dev.tidemark.rollout.run;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows whose key the application changes between two batches.
 */
@ExtendWith(PostgresExtension.class)
class ChangingKeysTests {

	private final TestDatabase database;

	private Backfilling backfill;

	ChangingKeysTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	/** Stops behind the key 100. */
	private void moveHalf(String verify) {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0"
				+ " CHECK (n < 1 OR id <> 101)); INSERT INTO users SELECT generate_series(1, 200)");
		this.backfill.file("-- tidemark: batch table=users size=10 max-size=10\n" + verify
				+ "UPDATE users SET n = n + 1 WHERE {batch}");
		BackfillProgress half = this.backfill.work();
		assertThat(half.state()).isEqualTo(BackfillState.FAILED);
		assertThat(half.counts().keys()).isEqualTo(100);
		this.database.execute("ALTER TABLE users DROP CONSTRAINT users_check");
	}

	private BackfillProgress goOn() {
		this.backfill.control(Action.RESUME);
		return this.backfill.work();
	}

	@Test
	void aRowThatMovesBehindThePositionIsNotSeenAndFoundByTheVerification() {
		moveHalf("-- tidemark: verify \"n >= 1\"\n");
		this.database.execute("UPDATE users SET id = -5 WHERE id = 150");

		BackfillProgress ended = goOn();

		assertThat(ended.state()).isEqualTo(BackfillState.UNVERIFIED);
		assertThat(ended.counts().unverified()).isEqualTo(1);
		assertThat(this.database.rows("SELECT id FROM users WHERE n = 0")).containsExactly("-5");
	}

	@Test
	void aRowThatMovesBeforeThePositionIsSeenTwice() {
		moveHalf("");
		this.database.execute("DELETE FROM users WHERE id = 150; UPDATE users SET id = 150 WHERE id = 50");

		assertThat(goOn().state()).isEqualTo(BackfillState.FINISHED);

		assertThat(this.database.rows("SELECT id FROM users WHERE n <> 1")).containsExactly("150");
		assertThat(this.database.value("SELECT n FROM users WHERE id = 150")).isEqualTo("2");
	}

	@Test
	void aRowThatMovesBehindTheEndIsLeftAlone() {
		moveHalf("");
		this.database.execute("UPDATE users SET id = 1000 WHERE id = 150");

		assertThat(goOn().state()).isEqualTo(BackfillState.FINISHED);

		assertThat(this.database.rows("SELECT id FROM users WHERE n = 0")).containsExactly("1000");
	}

	@Test
	void theRowOfTheLastKeyMayGo() {
		moveHalf("");
		this.database.execute("DELETE FROM users WHERE id > 190");

		assertThat(goOn().state()).isEqualTo(BackfillState.FINISHED);

		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|190");
	}

}
