package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.CountedConnections;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One instance works at a time, and another one takes over.
 */
@ExtendWith(PostgresExtension.class)
class LeaseTests {

	private final TestDatabase database;

	private Backfilling backfill;

	LeaseTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.backfill = new Backfilling(this.database, path);
	}

	private static final String SLOW = "-- tidemark: batch table=users size=10 max-size=10 max-rows-per-second=200\n"
			+ "UPDATE users SET n = n + 1 WHERE {batch}";

	private static final String HOLDERS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
			+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

	private void assertThatEachRowIsMovedOnce(int rows) {
		assertThat(this.database.rows("SELECT n, count(*) FROM users GROUP BY 1")).containsExactly("1|" + rows);
	}

	@Test
	void ofTwoThatRaceOneWorks() throws Exception {
		this.backfill.users(300).file(SLOW);
		CompletableFuture<List<BackfillProgress>> one = this.backfill.begin(this.backfill.instance());
		CompletableFuture<List<BackfillProgress>> other = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(3);

		assertThat(this.database.rows(HOLDERS)).hasSize(1);
		assertThat(one.get(20, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(other.get(20, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThatEachRowIsMovedOnce(300);
		assertThat(this.database.rows(HOLDERS)).isEmpty();
	}

	@Test
	void whoWaitsHoldsNoConnectionAndReadsNoFile() throws Exception {
		this.backfill.users(2000).file(SLOW);
		Tidemark first = this.backfill.instance();
		CompletableFuture<List<BackfillProgress>> one = this.backfill.begin(first);
		this.backfill.awaitBatches(2);
		CountedConnections connections = new CountedConnections(this.database);
		Tidemark second = this.backfill.instanceOver(connections);
		CompletableFuture<List<BackfillProgress>> other = this.backfill.begin(second);
		await().until(() -> connections.opened() == 1 && connections.open() == 0);
		this.backfill.file("V3__unreadable.backfill.sql", "-- tidemark: bath table=users");

		await().until(() -> connections.opened() == 2 && connections.open() == 0);
		assertThat(connections.most()).isEqualTo(1);
		assertThat(other).isNotDone();
		second.backfills().stop();
		first.backfills().stop();
		assertThat(other.get(2, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.RUNNING);
		one.get(2, TimeUnit.SECONDS);
	}

	@Test
	void whoWaitsTakesOverFromOneThatStops() throws Exception {
		this.backfill.users(400).file(SLOW);
		Tidemark first = this.backfill.instance();
		CompletableFuture<List<BackfillProgress>> one = this.backfill.begin(first);
		this.backfill.awaitBatches(2);
		CompletableFuture<List<BackfillProgress>> other = this.backfill.begin(this.backfill.instance());

		first.backfills().stop();

		assertThat(one.get(2, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.RUNNING);
		assertThat(other.get(20, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThatEachRowIsMovedOnce(400);
	}

	@Test
	void whoWaitsTakesOverFromOneWhoseSessionDies() throws Exception {
		this.backfill.users(400).file(SLOW);
		CompletableFuture<List<BackfillProgress>> one = this.backfill.begin(this.backfill.instance());
		this.backfill.awaitBatches(2);
		String holder = this.database.rows(HOLDERS).get(0);
		CompletableFuture<List<BackfillProgress>> other = this.backfill.begin(this.backfill.instance());

		this.database.execute("SELECT pg_terminate_backend(" + holder + ")");

		await().until(one::isDone);
		assertThat(one).isCompletedExceptionally();
		assertThat(other.get(20, TimeUnit.SECONDS).get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThatEachRowIsMovedOnce(400);
	}

}
