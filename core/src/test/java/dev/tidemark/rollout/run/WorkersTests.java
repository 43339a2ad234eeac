package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several workers, and several instances.
 */
@ExtendWith(PostgresExtension.class)
class WorkersTests {

	private final TestDatabase database;

	private Backfilling backfill;

	WorkersTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	@Test
	void eachWorkerHasARangeOfItsOwn() throws Exception {
		this.backfill.users(4000)
			.file("-- tidemark: batch table=users workers=4 size=20 max-size=20 max-rows-per-second=4000\n"
					+ "UPDATE users SET n = n + 1 WHERE {batch}");

		CompletableFuture<List<BackfillProgress>> work = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(8);
		String sessions = this.database.value("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE"
				+ " 'tidemark%' AND datname = current_database()");

		assertThat(work.get().get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(Integer.parseInt(sessions)).isBetween(2, 5);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|4000");
		assertThat(this.database
			.rows("SELECT count(*), bool_and(rows_done > 0) FROM tidemark_history_backfill" + " WHERE part > 0"))
			.containsExactly("4|t");
	}

	@Test
	void oneInstanceWorksAtATime() throws Exception {
		this.backfill.users(500)
			.file("-- tidemark: batch table=users size=20 max-size=20 max-rows-per-second=500\n"
					+ "UPDATE users SET n = n + 1 WHERE {batch}");

		CompletableFuture<List<BackfillProgress>> one = this.backfill.begin(this.backfill.instance());
		CompletableFuture<List<BackfillProgress>> other = this.backfill.begin(this.backfill.instance());

		assertThat(one.get().get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(other.get().get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|500");
	}

}
