package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillControl.Action;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Backfills that wait for one before them which did not end well.
 */
@ExtendWith(PostgresExtension.class)
class HeldUpTests {

	private final TestDatabase database;

	private Backfilling backfill;

	HeldUpTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private List<BackfillState> workAll() {
		return this.backfill.instance()
			.backfills()
			.work(BackfillScope.ALL)
			.stream()
			.map(BackfillProgress::state)
			.toList();
	}

	private void tables() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0 CHECK (n < 1));"
				+ " CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, n int);"
				+ " CREATE TABLE others (id int PRIMARY KEY, n int);"
				+ " INSERT INTO users VALUES (1); INSERT INTO orders VALUES (1, 1); INSERT INTO others VALUES (1)");
		this.backfill.file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}")
			.file("V3__a.backfill.sql", "-- tidemark: batch table=orders\nUPDATE orders SET n = 1 WHERE {batch}")
			.file("V4__b.backfill.sql", "-- tidemark: batch table=others\nUPDATE others SET n = 1 WHERE {batch}");
	}

	@Test
	void oneOfATableThatAForeignKeyLinksWaitsForOneThatFailed() {
		tables();

		assertThat(workAll()).containsExactly(BackfillState.FAILED, BackfillState.WAITING, BackfillState.FINISHED);

		assertThat(workAll()).containsExactly(BackfillState.FAILED, BackfillState.WAITING, BackfillState.FINISHED);
		this.database.execute("ALTER TABLE users DROP CONSTRAINT users_n_check");
		this.backfill.control(Action.RESUME);
		assertThat(workAll()).containsOnly(BackfillState.FINISHED);
	}

	@Test
	void itWaitsForOneThatIsPausedToo() {
		tables();
		this.backfill.control(Action.PAUSE);

		assertThat(workAll()).containsExactly(BackfillState.PAUSED, BackfillState.WAITING, BackfillState.FINISHED);
		this.backfill.control(Action.CANCEL);

		assertThat(workAll()).containsExactly(BackfillState.CANCELLED, BackfillState.FINISHED, BackfillState.FINISHED);
	}

	private List<String> reasons() {
		return this.backfill.instance()
			.backfills()
			.progress()
			.stream()
			.map((progress) -> progress.version() + ": " + progress.reason())
			.toList();
	}

	@Test
	void itSaysWhichOneItWaitsFor() {
		tables();
		this.backfill.file("V5__c.backfill.sql",
				"-- tidemark: batch table=public.orders\nUPDATE orders SET n = 2 WHERE {batch}");

		assertThat(reasons()).containsExactly("2: null", "3: waits for backfill 2, which comes before it",
				"4: waits for backfill 2, which comes before it", "5: waits for backfill 2, which comes before it");

		workAll();
		assertThat(reasons()).containsExactly("2: null",
				"3: waits for backfill 2 (failed), whose table a foreign key links to that of this one", "4: null",
				"5: waits for backfill 2 (failed), whose table a foreign key links to that of this one");
	}

	@Test
	void whatWaitsHoldsUpOthersOfItsTableInTurn() {
		this.backfill.before("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0 CHECK (n < 1));"
				+ " CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, n int);"
				+ " CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders, n int);"
				+ " INSERT INTO users VALUES (1); INSERT INTO orders VALUES (1, 1); INSERT INTO items VALUES (1, 1)");
		this.backfill.file("-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}")
			.file("V3__a.backfill.sql", "-- tidemark: batch table=public.users\nUPDATE users SET n = 0 WHERE {batch}")
			.file("V4__b.backfill.sql", "-- tidemark: batch table=items\nUPDATE items SET n = 1 WHERE {batch}");

		assertThat(workAll()).containsExactly(BackfillState.FAILED, BackfillState.WAITING, BackfillState.FINISHED);

		assertThat(reasons().get(1)).isEqualTo("3: waits for backfill 2 (failed), which walks the same table");
	}

	@Test
	void whatComesFirstOfATableIsDoneFirstAlsoIfOnlyTheOtherOneIsRead() {
		tables();
		this.backfill.file("V5__c.backfill.sql",
				"-- tidemark: batch table=others\n-- tidemark: reads=later\nUPDATE others SET n = n + 1 WHERE {batch}")
			.file("V6__d.backfill.sql",
					"-- tidemark: batch table=public.others\nUPDATE others SET n = n * 10 WHERE {batch}")
			.file("V7__e.backfill.sql",
					"-- tidemark: batch table=others\n-- tidemark: reads=later\nUPDATE others SET n = 0 WHERE {batch}");

		this.backfill.instance().backfills().work(BackfillScope.REQUIRED);

		assertThat(this.database.value("SELECT n FROM others")).isEqualTo("20");
	}

}
