package dev.tidemark.outcome;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.HostileDriver;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is said of the database where a run fails between its migrations, or right behind
 * a commit.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class RunOutcomeTests {

	/** The check of the lock behind the callbacks of a run as a whole. */
	private static final String LOCK_CHECK = "SELECT 1 WHERE CASE";

	private static final Supplier<Throwable> LOST = () -> new PSQLException("An I/O error occurred",
			PSQLState.CONNECTION_FAILURE);

	private final TestDatabase database;

	private final List<TidemarkException> heard = new ArrayList<>();

	private MigrationFolder folder;

	RunOutcomeTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()").add("U1__a.sql", "DROP TABLE a");
	}

	private void migrate() {
		this.folder.tidemark(this.database).build().migrate();
	}

	private Tidemark.Builder hostile(String marker, boolean after, Supplier<Throwable> trap) {
		return HostileDriver.tidemark(this.database, this.folder, marker, after, trap).listener(new RunListener() {

			@Override
			public void runFailed(TidemarkException failure) {
				RunOutcomeTests.this.heard.add(failure);
			}

		});
	}

	/** Returns what is told, which has to be what listeners hear. */
	private Problem problem(Tidemark.Builder tidemark) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> tidemark.build().migrate());
		assertThat(this.heard).containsExactly(failure);
		return failure.problems().get(0);
	}

	private boolean exists(String table) {
		return this.database.value("SELECT to_regclass('" + table + "')") != null;
	}

	@Test
	void whatCallbacksHaveDoneIsToldWhereTheCheckBehindThemFails() {
		migrate();
		this.folder.add("beforeValidate.sql", "CREATE TABLE made ()");

		Problem problem = problem(hostile(LOCK_CHECK, false, LOST));

		assertThat(exists("made")).isTrue();
		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(problem.state())
			.isEqualTo("What this run has done before stays: the callbacks of beforeValidate have run.");
	}

	@Test
	void whatCallbacksOfAnUndoHaveDoneIsToldWhereTheCheckBehindThemFails() {
		migrate();
		this.folder.add("beforeUndo.sql", "CREATE TABLE made ()");
		Tidemark tidemark = hostile(LOCK_CHECK, false, LOST).build();

		Problem problem = catchThrowableOfType(TidemarkException.class,
				() -> tidemark.undo(UndoRequest.of(UndoSelection.last())))
			.problems()
			.get(0);

		assertThat(exists("made")).isTrue();
		assertThat(problem.state())
			.isEqualTo("What this run has done before stays: the callbacks of beforeUndo have run.");
	}

	@Test
	void aHistoryTableThatACrashHasTakenBackIsLookedFor() {
		this.folder.add("beforeMigrate.sql", "SELECT 1");

		Problem problem = problem(hostile(LOCK_CHECK, false, () -> {
			// What a crash does with a commit that was not on the disk.
			this.database.execute("DROP TABLE tidemark_history");
			return LOST.get();
		}));

		assertThat(problem.state()).startsWith("The server has lost what this run did last")
			.contains("What it had done before it ended: ", "the history table is created");
	}

	@Test
	void anErrorBehindTheCommitOfTheHistoryTableDoesNotHideIt() {
		Problem problem = problem(hostile("BEGIN; ", true, StackOverflowError::new));

		assertThat(exists("tidemark_history")).isTrue();
		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.state()).isEqualTo("It is done, and recorded.");
	}

	@Test
	void anErrorBetweenMigrationsHasACodeAndAState() {
		migrate();
		this.folder.add("beforeValidate.sql", "CREATE TABLE made ()");

		Problem problem = problem(hostile(LOCK_CHECK, false, () -> new OutOfMemoryError("Java heap space")));

		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.remedy()).contains("memory");
		assertThat(problem.state())
			.isEqualTo("What this run has done before stays: the callbacks of beforeValidate have run.");
	}

	@Test
	void anErrorOfCodeAtAnEventOfTheRunIsRolledBackAndTold() {
		migrate();
		Callback greedy = new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.BEFORE_MIGRATE);
			}

			@Override
			public void call(CallbackContext context) {
				context.operations().execute("CREATE TABLE made ()");
				throw new OutOfMemoryError("Java heap space");
			}

		};

		Problem problem = problem(hostile("nothing", false, LOST).callback(greedy));

		assertThat(exists("made")).isFalse();
		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.place().line()).isNotNull();
		assertThat(problem.what()).contains("java.lang.OutOfMemoryError", "the callback");
		assertThat(problem.state()).startsWith("What the callback had not committed was rolled back");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void ofAnErrorAtTheCommitOfACallbackItIsLookedUpWhetherItIsDone(boolean after) {
		migrate();
		this.folder.add("beforeMigrate.sql", "CREATE TABLE made ()");

		Problem problem = problem(
				hostile("SELECT pg_catalog.set_config('synchronous_commit'", after, StackOverflowError::new));

		assertThat(exists("made")).isEqualTo(after);
		assertThat(problem.state()).startsWith(after ? "The transaction of the callback is committed."
				: "What the callback had not committed was rolled back");
	}

	@Test
	void anErrorInAStatementOfACallbackIsTold() {
		migrate();
		this.folder.add("beforeMigrate.sql", "-- tidemark: transaction=none\nCREATE TABLE made ()");

		Problem problem = problem(hostile("CREATE TABLE made", false, NoClassDefFoundError::new));

		assertThat(exists("made")).isFalse();
		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.place().line()).isEqualTo(2);
	}

	/** The renewal of the session fails behind the commit, and nobody can read. */
	private Supplier<Throwable> renewalFailsAndHistoryIsBusy(Connection busy) {
		return () -> {
			String backend = this.database.value("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
					+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
			lock(busy);
			Thread thread = new Thread(() -> {
				await()
					.until(() -> this.database.rows("SELECT 1 FROM pg_stat_activity WHERE pid = " + backend).isEmpty());
				rollBack(busy);
			}, "release");
			thread.setDaemon(true);
			thread.start();
			return new PSQLException(new ServerErrorMessage("SERROR\0C42501\0Mpermission denied to set role\0"), false);
		};
	}

	private static void lock(Connection busy) {
		try (Statement statement = busy.createStatement()) {
			busy.setAutoCommit(false);
			statement.execute("LOCK TABLE tidemark_history");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void rollBack(Connection busy) {
		try {
			busy.rollback();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aLookThatFailsIsNotTakenForAnAnswer() throws SQLException {
		migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");
		try (Connection busy = this.database.connect()) {
			Problem problem = problem(hostile("CREATE TABLE b", true, renewalFailsAndHistoryIsBusy(busy))
				.lockTimeout(Duration.ofMillis(200)));

			assertThat(problem.state()).contains("applied, as a whole, and recorded");
			assertThat(problem.server().sqlState()).isEqualTo("42501");
		}
		assertThat(this.database.rows("SELECT state FROM tidemark_history WHERE version = '2'"))
			.containsExactly("applied");
	}

	@Test
	void aLookThatFailsIsNotTakenForAnAnswerInAnUndoEither() throws SQLException {
		migrate();
		try (Connection busy = this.database.connect()) {
			Tidemark tidemark = hostile("COMMIT", true, renewalFailsAndHistoryIsBusy(busy))
				.lockTimeout(Duration.ofMillis(200))
				.build();

			Problem problem = catchThrowableOfType(TidemarkException.class,
					() -> tidemark.undo(UndoRequest.of(UndoSelection.last())))
				.problems()
				.get(0);

			assertThat(problem.state()).isEqualTo("All migrations are undone and recorded.");
		}
		assertThat(exists("a")).isFalse();
	}

}
