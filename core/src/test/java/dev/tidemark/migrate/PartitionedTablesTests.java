package dev.tidemark.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.PlannedStep;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What works through partitions is known by the catalogue to need no transaction around
 * it.
 */
@ExtendWith(PostgresExtension.class)
class PartitionedTablesTests {

	private static final String TABLE = """
			CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
			CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
			""";

	private static final String LOG = "INSERT INTO log VALUES ('%s');";

	private final TestDatabase database;

	private MigrationFolder folder;

	PartitionedTablesTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql",
				TABLE + "CREATE TABLE plain (id int PRIMARY KEY); CREATE TABLE log (x text)");
		tidemark().migrate();
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private static String around(String sql) {
		return LOG.formatted("before") + sql + ";" + LOG.formatted("after");
	}

	private List<String> history() {
		return this.database
			.rows("SELECT version, state, statements_done FROM tidemark_history WHERE rank > 1 ORDER BY rank");
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	private void requireClusterOfPartitions() {
		assumeThat(Integer.parseInt(this.database.value("SHOW server_version_num"))).isGreaterThanOrEqualTo(150000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "REINDEX TABLE p", "REINDEX TABLE public.p", "REINDEX (VERBOSE) TABLE \"p\"",
			"REINDEX INDEX p_pkey" })
	void aRebuildOfWhatIsPartitionedRunsByItself(String sql) {
		this.folder.add("V2__b.sql", around(sql));

		tidemark().migrate();

		assertThat(history()).containsExactly("2|applied|3");
		assertThat(log()).containsExactly("after", "before");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER p USING p_pkey", "CLUSTER VERBOSE p USING p_pkey", "CLUSTER p_pkey ON p" })
	void aClusterOfAPartitionedTableRunsByItself(String sql) {
		requireClusterOfPartitions();
		this.folder.add("V2__b.sql", around(sql));

		tidemark().migrate();

		assertThat(history()).containsExactly("2|applied|3");
	}

	@Test
	void aRunThatStoppedAtOneGoesOnBehindItWhenAPersonSaysSo() {
		this.folder.add("V2__b.sql", around("REINDEX TABLE p"));
		this.database.execute("CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS"
				+ " 'BEGIN RAISE EXCEPTION ''no room''; END';"
				+ " CREATE EVENT TRIGGER stop ON ddl_command_start WHEN TAG IN ('REINDEX') EXECUTE FUNCTION stop()");
		catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());
		this.database.execute("DROP EVENT TRIGGER stop");

		tidemark().resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.CONTINUE, "done by hand")
			.within(Duration.ofSeconds(30)));
		tidemark().migrate();

		assertThat(log()).containsExactly("after", "before");
	}

	@Test
	void whereNoPartitionedTableCanBeClusteredNothingIsCommittedBeforeTheRefusal() {
		assumeThat(Integer.parseInt(this.database.value("SHOW server_version_num"))).isLessThan(150000);
		this.folder.add("V2__b.sql", around("CLUSTER p USING p_pkey"));

		catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(log()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "REINDEX TABLE plain", "REINDEX INDEX plain_pkey", "CLUSTER plain USING plain_pkey",
			"REINDEX TABLE p1" })
	void whatIsNotPartitionedStaysInOneTransactionWithTheRest(String sql) {
		this.folder.add("V2__b.sql", around(sql) + "SELECT 1/0");

		catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(history()).containsExactly("2|failed|0");
		assertThat(log()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "REINDEX TABLE q", "REINDEX INDEX q_id", "REINDEX TABLE public.q" })
	void aTableThatTheSameFileMakesCountsToo(String sql) {
		this.folder.add("V2__b.sql", "CREATE TABLE IF NOT EXISTS q (id int) PARTITION BY RANGE (id);"
				+ "CREATE TABLE q1 PARTITION OF q DEFAULT; CREATE INDEX q_id ON q (id);" + around(sql));

		tidemark().migrate();

		assertThat(history()).containsExactly("2|applied|6");
	}

	@Test
	void aTableThatAnEarlierFileOfTheRunMakesCountsToo() {
		this.folder.add("V2__b.sql", "CREATE TABLE q (id int) PARTITION BY RANGE (id)")
			.add("V3__c.sql", around("REINDEX TABLE q"));

		tidemark().migrate();

		assertThat(history()).containsExactly("2|applied|1", "3|applied|3");
	}

	@Test
	void theTransactionThatAFileBeginsIsNotTakenApart() {
		this.folder.add("V2__b.sql", "BEGIN;" + around("REINDEX TABLE p") + "COMMIT;");

		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(failure.problems().get(0).server()).satisfies((error) -> assertThat(error.is("25001")).isTrue());
		assertThat(log()).isEmpty();
	}

	@Test
	void thePlanShowsIt() {
		this.folder.add("V2__b.sql", around("REINDEX TABLE p"));

		assertThat(tidemark().plan().steps().get(0).segments()).extracting(PlannedStep.Segment::transaction)
			.containsExactly(true, false, true);
	}

	@Test
	void anUndoFileRunsInPartsToo() {
		this.folder.add("V2__b.sql", LOG.formatted("up"))
			.add("U2__b.sql", around("REINDEX TABLE p") + "DELETE FROM log WHERE x = 'up'");
		tidemark().migrate();

		tidemark().undo(UndoRequest.of(UndoSelection.last()).allowingDataLoss("a test"));

		assertThat(history()).containsExactly("2|applied|1", "2|undone|4");
		assertThat(log()).containsExactly("after", "before");
	}

	@Test
	@Timeout(90)
	void oneThatWasInterruptedRunsAgainAndTheRestOnce() throws Exception {
		this.folder.add("V2__b.sql", around("REINDEX TABLE p"));
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("INSERT INTO p VALUES (1)");
			CompletableFuture<Void> run = OwnThread.run(() -> catchThrowableOfType(TidemarkException.class,
					() -> this.folder.tidemark(this.database).lockTimeout(Duration.ZERO).build().migrate()));
			await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(this.database.value("""
					SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
					AND query LIKE 'REINDEX%' AND wait_event_type = 'Lock'""")));
			this.database
				.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark'");
			run.get(30, TimeUnit.SECONDS);
			writer.commit();
		}
		assertThat(history()).containsExactly("2|running|1");

		tidemark().migrate();

		assertThat(history()).containsExactly("2|interrupted|1", "2|applied|3");
		assertThat(log()).containsExactly("after", "before");
	}

	@Test
	void whatComesBehindOneThatFailedIsStillOneTransaction() {
		this.folder.add("V2__b.sql", around("REINDEX TABLE p") + "SELECT 1/0");
		catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());
		assertThat(history()).containsExactly("2|failed|2");

		catchThrowableOfType(TidemarkException.class, () -> tidemark().migrate());

		assertThat(history()).containsExactly("2|failed|2", "2|failed|2");
		assertThat(log()).containsExactly("before");
	}

}
