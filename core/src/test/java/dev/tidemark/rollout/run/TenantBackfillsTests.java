package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillListener;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.rollout.BatchInfo;
import dev.tidemark.run.settings.RunScope;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Backfills of many schemas.
 */
@ExtendWith(PostgresExtension.class)
class TenantBackfillsTests {

	private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
			+ " AND application_name LIKE 'tidemark%'";

	private final TestDatabase database;

	TenantBackfillsTests(TestDatabase database) {
		this.database = database;
	}

	@Test
	void twentyTenantsAreWorkedOnOverTwoConnections(@TempDir Path path) {
		assertThatTenantsAreMoved(20, path);
	}

	@Test
	void aLookAtManyTenantsAsksForAllOfThemAtOnce(@TempDir Path path) {
		MigrationFolder folder = new MigrationFolder(path).add("V1__before.sql",
				"CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
						+ " INSERT INTO users SELECT generate_series(1, 10)");
		Tenants tenants = tenants(folder.tidemark(this.database).build(), 30);
		tenants.migrate();
		folder.add("V2__move.backfill.sql", "-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");
		tenants.migrate();
		this.database.execute("ALTER TABLE t7.users ADD CHECK (n = 0)");
		tenants.backfills().work(BackfillScope.ALL);
		awaitNoSession();
		int before = transactions();

		List<BackfillProgress> required = tenants.backfills().required();

		assertThat(required).singleElement().satisfies((progress) -> {
			assertThat(progress.state()).isEqualTo(BackfillState.FAILED);
			assertThat(progress.counts().rows()).isEqualTo(290);
			assertThat(progress.problem()).isNotNull();
		});
		awaitNoSession();
		assertThat(transactions() - before).isBetween(3, 20);
	}

	private static Tenants tenants(Tidemark tidemark, int count) {
		return Tenants.builder(tidemark, TenantSchemas.of(IntStream.range(0, count).mapToObj((i) -> "t" + i).toList()))
			.build();
	}

	/** What a session has done counts when it has ended. */
	private void awaitNoSession() {
		await().until(() -> "0".equals(this.database.value(SESSIONS)));
	}

	/** Returns how many transactions there were, those that count them included. */
	private int transactions() {
		return Integer.parseInt(String.valueOf(this.database
			.value("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()")));
	}

	@Test
	@Tag("proof")
	@Timeout(value = 20, unit = TimeUnit.MINUTES)
	void aThousandTenantsAreWorkedOnOverTwoConnections(@TempDir Path path) {
		assertThatTenantsAreMoved(1000, path);
	}

	private void assertThatTenantsAreMoved(int count, Path path) {
		AtomicInteger most = new AtomicInteger();
		MigrationFolder folder = new MigrationFolder(path).add("V1__before.sql",
				"CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
						+ " INSERT INTO users SELECT generate_series(1, 10)");
		Tenants tenants = tenants(folder.tidemark(this.database).backfillListener(new Counting(most)).build(), count);
		tenants.migrate();
		folder.add("V2__move.backfill.sql", "-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");

		List<BackfillProgress> ended = tenants.backfills().work(BackfillScope.ALL);

		assertThat(ended).hasSize(1);
		assertThat(ended.get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.get(0).counts().rows()).isEqualTo(10L * count);
		assertThat(this.database.value("SELECT sum(n) FROM t" + (count - 1) + ".users")).isEqualTo("10");
		assertThat(most).hasValue(2);
	}

	/** Counts the sessions whenever a batch of a tenant is committed. */
	private final class Counting implements BackfillListener {

		private final AtomicInteger most;

		Counting(AtomicInteger most) {
			this.most = most;
		}

		@Override
		public void batchCommitted(RunScope scope, BackfillProgress progress, BatchInfo batch) {
			String sessions = TenantBackfillsTests.this.database.value(SESSIONS);
			this.most.accumulateAndGet(Integer.parseInt(String.valueOf(sessions)), Math::max);
		}

	}

}
