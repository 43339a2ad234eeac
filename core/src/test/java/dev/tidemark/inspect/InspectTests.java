package dev.tidemark.inspect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.history.HistoryRow;
import dev.tidemark.history.MigrationState;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.inspect.InspectRequest;
import dev.tidemark.run.inspect.Inspection;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.OwnThread;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What an operator sees, whatever is going on.
 */
@ExtendWith(PostgresExtension.class)
class InspectTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final TestDatabase database;

	private MigrationFolder folder;

	InspectTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("R__b.sql", "CREATE VIEW b AS SELECT 1");
	}

	private Tidemark tidemark() {
		return this.folder.tidemark(this.database).build();
	}

	@Test
	void anErrorThatTheServerTellsIsNotTakenForAMissingServer() {
		tidemark().migrate();
		this.database.execute("ALTER TABLE tidemark_history RENAME TO h");
		this.database.execute("CREATE VIEW tidemark_history AS SELECT *, 1 / (rank - rank) AS broken FROM h");

		Inspection inspection = tidemark().inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.state()).isEqualTo(Inspection.State.BLOCKED);
		assertThat(inspection.problems()).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.HISTORY_ACCESS);
			assertThat(problem.toString()).contains("looking at the history", "22012", "division by zero");
		});
	}

	@Test
	void anEmptyDatabaseHasEverythingPendingAndStaysEmpty() {
		Inspection inspection = tidemark().inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.state()).isEqualTo(Inspection.State.PENDING);
		assertThat(inspection.in(MigrationState.PENDING)).hasSize(2);
		assertThat(inspection.currentVersion()).isNull();
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
	}

	@Test
	void afterARunEverythingIsApplied() {
		Tidemark tidemark = tidemark();
		tidemark.migrate();

		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.state()).isEqualTo(Inspection.State.UP_TO_DATE);
		assertThat(inspection.currentVersion()).hasToString("1");
		assertThat(inspection.historyTable()).isEqualTo("tidemark_history");
		assertThat(inspection.database()).isNotNull();
		assertThat(inspection.runs()).extracting((row) -> row.migration().identity().toString())
			.containsExactly("1", "b");
		assertThat(inspection.lockHolder()).isNull();
	}

	@Test
	void aFailureIsShownWithItsCause() {
		this.folder.add("V2__c.sql", "SELECT 1;\nSELECT oops");
		Tidemark tidemark = tidemark();
		catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.state()).isEqualTo(Inspection.State.BLOCKED);
		assertThat(inspection.in(MigrationState.FAILED)).hasSize(1);
		HistoryRow.Failure failure = inspection.runs(new Identity.Versioned(MigrationVersion.of("2"))).get(0).failure();
		assertThat(failure).isNotNull();
		assertThat(failure.code()).isEqualTo("TM-RUN-001");
		assertThat(failure.line()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "0, Nothing of it is done.", "1, 1 of 3 statements is done for good.",
			"2, 2 of 3 statements are done for good." })
	void howFarAFailedRunHasComeIsToldInPlainWords(int done, String state) {
		List<String> statements = new ArrayList<>(Collections.nCopies(3, "SELECT 1"));
		statements.set(done, "SELECT oops");
		this.folder.add("V2__c.sql", "-- tidemark: transaction=none\n" + String.join(";\n", statements));
		Tidemark tidemark = tidemark();
		catchThrowableOfType(TidemarkException.class, tidemark::migrate);

		assertThat(tidemark.inspect(InspectRequest.everything().within(TIMEOUT)).problems()).extracting(Problem::state)
			.containsExactly(state);
	}

	@Test
	void ofAnInterruptedRunTheFirstStatementMayBeDone() {
		this.folder.add("V2__c.sql", "-- tidemark: transaction=none\nSELECT oops");
		Tidemark tidemark = tidemark();
		catchThrowableOfType(TidemarkException.class, tidemark::migrate);
		this.database.execute("UPDATE tidemark_history SET state = 'running', finished_at = NULL, error_code = NULL,"
				+ " error_message = NULL WHERE version = '2'");

		Problem problem = tidemark.inspect(InspectRequest.everything().within(TIMEOUT)).problems().get(0);

		assertThat(problem.state()).contains("may be");
		assertThat(problem.remedy()).startsWith("Start again");
	}

	@Test
	@Timeout(60)
	void aRunningMigrationIsSeenWhileItRuns() throws Exception {
		tidemark().migrate();
		this.folder.add("V2__slow.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x)");
		CompletableFuture<RunResult> run;
		try (Connection reader = this.database.connect(); Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			// An open transaction that wrote the table lets the index wait.
			statement.execute("INSERT INTO a VALUES (1)");
			run = OwnThread.supply(() -> tidemark().migrate());
			Tidemark other = tidemark();
			await().atMost(TIMEOUT)
				.until(() -> !other.inspect(InspectRequest.everything().within(TIMEOUT))
					.in(MigrationState.RUNNING)
					.isEmpty());

			Inspection inspection = other.inspect(InspectRequest.everything().within(TIMEOUT));

			assertThat(inspection.state()).isEqualTo(Inspection.State.RUNNING);
			assertThat(inspection.lockHolder()).isNotNull();
			assertThat(inspection.lockHolder().statement()).contains("CREATE INDEX CONCURRENTLY");
			assertThat(inspection.lockHolder().activity().progress()).isNotNull();
			assertThat(inspection.lockHolder().activity().progress().phase()).contains("CREATE INDEX CONCURRENTLY");
			assertThat(inspection.lockHolder().activity().blockers()).hasSize(1);
			assertThat(inspection.problems()).isEmpty();
			reader.commit();
		}
		assertThat(run.get(30, TimeUnit.SECONDS).applied()).hasSize(1);
	}

	@Test
	void aRunningRowWithoutARunnerIsAnInterruption() {
		Tidemark tidemark = tidemark();
		tidemark.migrate();
		this.database.execute("UPDATE tidemark_history SET state = 'running' WHERE rank = 1");

		Inspection inspection = tidemark.inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.state()).isEqualTo(Inspection.State.BLOCKED);
		assertThat(inspection.problems()).extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.INTERRUPTED);
	}

	@Test
	void aDatabaseThatIsGoneIsUnreachable() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		Inspection inspection = elsewhere(port).inspect(InspectRequest.everything().within(TIMEOUT));

		assertThat(inspection.state()).isEqualTo(Inspection.State.UNREACHABLE);
		assertThat(inspection.problems()).hasSize(1);
	}

	@Test
	@Timeout(30)
	void aDatabaseThatDoesNotAnswerIsUnreachableInTime() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			Tidemark tidemark = elsewhere(silent.getLocalPort());

			assertThat(tidemark.inspect(InspectRequest.everything().within(Duration.ofMillis(300))).state())
				.isEqualTo(Inspection.State.UNREACHABLE);
			assertThat(tidemark.inspect(InspectRequest.everything().within(Duration.ofMillis(300))).state())
				.isEqualTo(Inspection.State.UNREACHABLE);
		}
	}

	@Test
	@Timeout(30)
	void aLockedHistoryDoesNotHoldTheOperatorUp() throws SQLException {
		Tidemark tidemark = tidemark();
		tidemark.migrate();
		try (Connection holder = this.database.connect(); Statement statement = holder.createStatement()) {
			holder.setAutoCommit(false);
			statement.execute("LOCK TABLE tidemark_history");

			assertThat(tidemark.inspect(InspectRequest.everything().within(Duration.ofMillis(300))).state())
				.isEqualTo(Inspection.State.UNREACHABLE);
		}
		await().atMost(TIMEOUT)
			.until(() -> tidemark.inspect(InspectRequest.everything().within(TIMEOUT))
				.state() == Inspection.State.UP_TO_DATE);
	}

	@Test
	void verifyFindsADatabaseInOrder() {
		tidemark().migrate();

		assertThat(tidemark().verify().database().schema()).isEqualTo("public");
	}

	@Test
	void verifyRefusesWhatIsPendingAndChangesNothing() {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark().verify());

		assertThat(failure.problems()).extracting((problem) -> problem.code())
			.containsExactly(ErrorCode.PENDING, ErrorCode.PENDING);
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'tidemark_history'")).isEmpty();
	}

	private Tidemark elsewhere(int port) {
		return Tidemark.builder(ConnectionSource.of("jdbc:postgresql://127.0.0.1:" + port + "/x", "u", "p"))
			.locations(this.folder.location())
			.build();
	}

}
