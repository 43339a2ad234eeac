package dev.tidemark.resume;

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
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.Checksum;
import dev.tidemark.migration.Identity;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What follows when a person says that the statement is done at which a run stopped.
 */
@ExtendWith(PostgresExtension.class)
class ContinueTests {

	private static final String ONE = "INSERT INTO log VALUES ('one')";

	private static final String TWO = "INSERT INTO log VALUES ('two')";

	private static final String INDEX = "CREATE INDEX CONCURRENTLY a_x ON a (x)";

	private static final String UNIQUE = "CREATE UNIQUE INDEX CONCURRENTLY a_u ON a (x)";

	private final TestDatabase database;

	private MigrationFolder folder;

	ContinueTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql",
				"CREATE TABLE a (x int); CREATE TABLE log (x text); INSERT INTO a VALUES (1), (1)");
		migrate();
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	private RunResult migrate() {
		return tidemark().migrate();
	}

	private TidemarkException failure() {
		return catchThrowableOfType(TidemarkException.class, this::migrate);
	}

	private List<String> history() {
		return this.database
			.rows("SELECT version, state, statements_done FROM tidemark_history WHERE rank > 1 ORDER BY rank");
	}

	private List<String> log() {
		return this.database.rows("SELECT x FROM log ORDER BY x");
	}

	private int lastRank() {
		return Integer.parseInt(this.database.value("SELECT max(rank) FROM tidemark_history"));
	}

	private void goOn() {
		tidemark().resolve(ResolveRequest.of(Identity.of("2"), lastRank(), Resolution.CONTINUE, "done by hand")
			.within(Duration.ofSeconds(30)));
	}

	private TidemarkException refusal() {
		int before = lastRank();
		TidemarkException refusal = catchThrowableOfType(TidemarkException.class, this::goOn);
		assertThat(lastRank()).isEqualTo(before);
		return refusal;
	}

	/** Leaves the row that an instance leaves which dies after some statements. */
	private void interruptedAfter(int total, String... done) {
		this.database.execute("INSERT INTO tidemark_history SELECT (jsonb_populate_record(h, jsonb_build_object('rank',"
				+ " 2, 'version', '2', 'state', 'running', 'finished_at', null, 'statements_total', " + total
				+ ", 'checksum', '"
				+ this.folder.tidemark(this.database)
					.build()
					.inspect(InspectRequest.everything().within(Duration.ofSeconds(30)))
					.find(Identity.of("2"))
					.orElseThrow()
					.checksum()
				+ "', 'statements_done', " + done.length + ", 'journal', '" + Checksum.of(List.of(done))
				+ "'))).* FROM tidemark_history h WHERE rank = 1");
	}

	@Test
	@Timeout(90)
	void theNextStartGoesOnBehindTheStatementAtWhichTheInstanceDied() throws Exception {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\n" + ONE + ";\nSELECT pg_sleep(60);\n" + TWO);
		CompletableFuture<Void> run = OwnThread.run(this::failure);
		await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(this.database.value("""
				SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark'
				AND query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'""")));
		this.database
			.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark'");
		run.get(30, TimeUnit.SECONDS);
		assertThat(failure()).hasMessageContaining(
				"tidemark.resolve.migration=2 tidemark.resolve.rank=3 and tidemark.resolve.as=continue to go on after");

		goOn();
		migrate();

		assertThat(log()).containsExactly("one", "two");
		assertThat(history()).containsExactly("2|interrupted|1", "2|interrupted|1", "2|failed|2", "2|applied|3");
		assertThat(this.database.value("SELECT note FROM tidemark_history WHERE rank = 4")).isEqualTo("done by hand");
	}

	@Test
	void theNextStartGoesOnBehindTheStatementThatFailed() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + TWO);
		failure();
		this.database.execute("CREATE INDEX a_u ON a (x)");

		goOn();
		migrate();

		assertThat(log()).containsExactly("one", "two");
		assertThat(history()).containsExactly("2|failed|1", "2|failed|2", "2|applied|3");
	}

	@Test
	void theStatementMayBeTheLastOne() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE);
		failure();

		goOn();

		assertThat(migrate().applied()).hasSize(1);
		assertThat(history()).containsExactly("2|failed|1", "2|failed|2", "2|applied|2");
	}

	@Test
	void whatComesBehindTheStatementMayBeCorrectedBefore() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + "INSERT INTO nowhere VALUES (1)");
		failure();
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + TWO);

		goOn();
		migrate();

		assertThat(log()).containsExactly("one", "two");
	}

	@Test
	void whatComesBehindTheStatementMayBeCorrectedAfterwards() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + "INSERT INTO nowhere VALUES (1)");
		failure();
		goOn();
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + TWO);

		migrate();

		assertThat(log()).containsExactly("one", "two");
	}

	@Test
	void oneStatementAfterTheOtherMayBeDoneByHand() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + "; CREATE UNIQUE INDEX CONCURRENTLY a_v ON a (x);" + TWO);
		failure();
		goOn();
		failure();
		goOn();

		migrate();

		assertThat(log()).containsExactly("one", "two");
	}

	@Test
	void theStatementsThatAreDoneMustBeAsTheyWere() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + TWO);
		failure();
		this.folder.add("V2__b.sql", "INSERT INTO log VALUES ('other');" + UNIQUE + ";" + TWO);

		TidemarkException refusal = refusal();

		assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_CONTINUABLE);
		assertThat(refusal).hasMessageContaining("The statements that are done were edited since")
			.hasMessageContaining("1 of 3 statements is recorded as done; the one after it may be done in part");
	}

	@Test
	void theStatementItselfMustBeTheOneAtWhichTheRunStopped() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE + ";" + TWO);
		failure();
		this.folder.add("V2__b.sql", ONE + ";" + TWO);

		TidemarkException refusal = refusal();

		assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_CONTINUABLE);
		assertThat(refusal).hasMessageContaining("nobody can tell whether its statement 2 is still the one");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "CREATE UNIQUE INDEX CONCURRENTLY a_u ON a (x) WHERE x IN (%1$s, %2$s);1;2",
			"CREATE UNIQUE INDEX CONCURRENTLY a_u ON a (x) WHERE 'password=%2$s' <> '';one;two" })
	void whatAnExcerptLeavesOutMayHaveBeenEdited(String statement, String before, String after) {
		String numbers = "1, ".repeat(100) + "1";
		this.folder.add("V2__b.sql", ONE + ";" + statement.formatted(numbers, before) + ";" + TWO);
		failure();
		this.folder.add("V2__b.sql", ONE + ";" + statement.formatted(numbers, after) + ";" + TWO);

		assertThat(refusal()).hasMessageContaining("nobody can tell whether its statement 2 is still the one");
	}

	@Test
	void aTransactionOfSeveralStatementsWasRolledBackAsAWhole() {
		this.folder.add("V2__b.sql", INDEX + ";" + ONE + "; SELECT 1/0;" + TWO);
		failure();

		TidemarkException refusal = refusal();

		assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_CONTINUABLE);
		assertThat(refusal).hasMessageContaining("a transaction that has statements 2 to 4: that was rolled back")
			.hasMessageContaining("tidemark.resolve.as=applied");
	}

	@Test
	void aTransactionOfTheFileItselfWasRolledBackToo() {
		this.folder.add("V2__b.sql",
				INDEX + "; BEGIN ISOLATION LEVEL SERIALIZABLE; " + ONE + "; SELECT 1/0; COMMIT;" + TWO);
		failure();

		assertThat(refusal()).hasMessageContaining("Statement 2 begins or ends a transaction of the file itself");
	}

	@Test
	void aStatementThatOnlySetsUpItsSessionHasToRunAgain() {
		this.folder.add("V2__b.sql", "-- tidemark: transaction=none\n" + ONE + "; SET ROLE nobody_there;" + TWO);
		failure();

		assertThat(refusal()).hasMessageContaining("Statement 2 does nothing but set up its session")
			.hasMessageContaining("tidemark.resolve.as=retry");
	}

	@Test
	void behindTheLastStatementThereIsNone() {
		this.folder.add("V2__b.sql", ONE + ";" + INDEX);
		interruptedAfter(2, ONE, INDEX);

		assertThat(refusal()).hasMessageContaining("All of its statements are done");
	}

	@Test
	void ofAFileThatIsGoneNobodyKnowsTheStatements() {
		this.folder.add("V2__b.sql", ONE + ";" + UNIQUE);
		failure();
		this.folder.remove("V2__b.sql");

		assertThat(refusal()).hasMessageContaining("Its file is gone");
	}

	@Test
	void aFileThatWasRolledBackAsAWholeLeavesNothingToDecide() {
		this.folder.add("V2__b.sql", ONE + "; SELECT 1/0");
		failure();

		TidemarkException refusal = refusal();

		assertThat(refusal.code()).isEqualTo(ErrorCode.NOTHING_TO_RESOLVE);
		assertThat(refusal).hasMessageContaining("version 2 failed and was rolled back as a whole");
	}

	@Test
	void whatIsAppliedLeavesNothingToDecide() {
		this.folder.add("V2__b.sql", ONE + ";" + INDEX);
		migrate();

		assertThat(refusal()).hasMessageContaining("neither interrupted nor failed half-way, but applied");
	}

	@Test
	void anUndoGoesOnBehindItsStatementToo() {
		this.folder.add("V2__b.sql", ONE).add("U2__b.sql", "DROP INDEX CONCURRENTLY missing; DELETE FROM log");
		migrate();
		catchThrowableOfType(TidemarkException.class, this::undo);

		goOn();
		undo();

		assertThat(log()).isEmpty();
		assertThat(history()).containsExactly("2|applied|1", "2|failed|0", "2|failed|1", "2|undone|2");
	}

	private void undo() {
		tidemark().undo(UndoRequest.of(UndoSelection.last()).because("test").allowingDataLoss("test"));
	}

	@Test
	void whatTheStatementsBeforeHaveSetHoldsBehindIt() throws Exception {
		this.folder.add("V2__b.sql",
				"SET work_mem = '7MB';" + UNIQUE + "; INSERT INTO log VALUES (current_setting('work_mem'))");
		failure();
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("CREATE INDEX a_u ON a (x)");
		}

		goOn();
		migrate();

		assertThat(log()).containsExactly("7MB");
	}

}
