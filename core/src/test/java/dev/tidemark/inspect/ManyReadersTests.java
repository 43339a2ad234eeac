package dev.tidemark.inspect;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.CountedConnections;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.run.MigrationRun;
import dev.tidemark.run.inspect.Group;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.run.inspect.Page;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many ask at once about a history that is long.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class ManyReadersTests {

	private static final int READERS = 40;

	private static final int ROWS = 5000;

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final TestDatabase database;

	private final CountedConnections connections;

	private Tidemark tidemark;

	ManyReadersTests(TestDatabase database) {
		this.database = database;
		this.connections = new CountedConnections(database);
	}

	/** Version 1 has a file, all others are those of a newer build. */
	@BeforeEach
	void longHistory(@TempDir Path path) {
		MigrationFolder folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()");
		this.tidemark = Tidemark.builder(ConnectionSource.of(this.connections)).locations(folder.location()).build();
		this.tidemark.migrate();
		this.database.execute("""
				INSERT INTO tidemark_history (rank, kind, phase, version, description, script, state, checksum,
				  statements_total, statements_done, started_at, finished_at, installed_by, instance, tool_version,
				  deployment_id)
				SELECT rank + n, kind, phase, 1 + n, description, 'V' || 1 + n || '__a.sql', state, checksum,
				  statements_total, statements_done, started_at, finished_at, installed_by, instance, tool_version,
				  deployment_id
				FROM tidemark_history, generate_series(1, %d) AS n""".formatted(ROWS - 1));
		this.connections.forget();
	}

	@Test
	void nobodyIsToldThatTheDatabaseIsUnreachableBecauseOfTheOthers() throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<CompletableFuture<Inspection>> readers = new ArrayList<>();
		for (int i = 0; i < READERS; i++) {
			readers.add(OwnThread.supply(() -> {
				start.await();
				return this.tidemark.inspect(InspectRequest.of(Page.FIRST).within(TIMEOUT));
			}));
		}
		start.countDown();

		for (CompletableFuture<Inspection> reader : readers) {
			assertThat(reader.get(60, TimeUnit.SECONDS).state()).isEqualTo(Inspection.State.UP_TO_DATE);
		}
		assertThat(this.connections.most()).isEqualTo(1);
		assertThat(this.connections.opened()).isLessThan(READERS);
	}

	@Test
	void ofALongHistoryNoMoreThanAPageIsReadInFull() {
		Inspection inspection = this.tidemark.inspect(InspectRequest.of(new Page(0, 10)).within(TIMEOUT));

		assertThat(inspection.migrations()).hasSize(ROWS);
		assertThat(inspection.count(Group.DEVIATING)).isEqualTo(ROWS - 1);
		assertThat(inspection.in(Group.DEVIATING, new Page(0, 10))).hasSize(10)
			.allSatisfy((migration) -> assertThat(inspection.runs()).extracting(MigrationRun::rank)
				.contains(migration.rank()));
		assertThat(inspection.runs()).hasSize(11);
	}

	@Test
	void ofOneMigrationItsRunsAreRead() {
		Inspection inspection = this.tidemark.inspect(InspectRequest.of(Identity.of("1")).within(TIMEOUT));

		assertThat(inspection.runs(Identity.of("1"))).extracting((run) -> run.rank()).containsExactly(1);
	}

}
