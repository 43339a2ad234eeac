package dev.tidemark.rollout.run;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tenants;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.rollout.BackfillState;
import dev.tidemark.rollout.BackfillProgress;
import dev.tidemark.rollout.BackfillScope;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Backfills of many schemas.
 */
@ExtendWith(PostgresExtension.class)
class TenantBackfillsTests {

	private final TestDatabase database;

	TenantBackfillsTests(TestDatabase database) {
		this.database = database;
	}

	@Test
	void theyAreWorkedOnTenantByTenantAndSummedUp(@TempDir Path path) {
		int count = Integer.getInteger("backfill.tenants", 10);
		List<String> schemas = IntStream.range(0, count).mapToObj((i) -> "t" + i).toList();
		MigrationFolder folder = new MigrationFolder(path).add("V1__before.sql",
				"CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);"
						+ " INSERT INTO users SELECT generate_series(1, 10)");
		Tenants tenants = Tenants.builder(folder.tidemark(this.database).build(), TenantSchemas.of(schemas)).build();
		tenants.migrate();
		folder.add("V2__move.backfill.sql", "-- tidemark: batch table=users\nUPDATE users SET n = n + 1 WHERE {batch}");

		List<BackfillProgress> ended = tenants.backfills().work(BackfillScope.ALL);

		assertThat(ended).hasSize(1);
		assertThat(ended.get(0).state()).isEqualTo(BackfillState.FINISHED);
		assertThat(ended.get(0).counts().rows()).isEqualTo(10L * count);
		assertThat(this.database.value("SELECT sum(n) FROM t" + (count - 1) + ".users")).isEqualTo("10");
	}

}
