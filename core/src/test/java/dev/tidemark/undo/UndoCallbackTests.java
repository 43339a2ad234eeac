package dev.tidemark.undo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.MigrationVersion;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.LockWait;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.run.UndoResult;
import dev.tidemark.run.settings.LockRetry;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What runs at the events of an undo. Most callbacks here write down that they ran.
 */
@ExtendWith(PostgresExtension.class)
class UndoCallbackTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	UndoCallbackTests(TestDatabase database) {
		this.database = database;
		database.execute("CREATE SCHEMA told; CREATE TABLE told.event (id serial, what text,"
				+ " transaction text DEFAULT pg_current_xact_id()::text)");
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)")
			.add("U1__a.sql", tell("undo 1") + "DROP TABLE a")
			.add("V2__b.sql", "CREATE TABLE b (x int)")
			.add("U2__b.sql", tell("undo 2") + "DROP TABLE b");
		tidemark().build().migrate();
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private UndoResult undo(String to) {
		return tidemark().build().undo(request(to));
	}

	private <T extends TidemarkException> T failure(Class<T> type) {
		return catchThrowableOfType(type, () -> undo("0"));
	}

	private static UndoRequest request(String to) {
		return UndoRequest.of(UndoSelection.to(MigrationVersion.of(to)));
	}

	private static String tell(String what) {
		return "INSERT INTO told.event (what) VALUES ('" + what + "');\n";
	}

	private void tellAtAll() {
		for (CallbackEvent event : CallbackEvent.values()) {
			this.folder.add(event + ".sql", tell(event.toString()));
		}
	}

	private List<String> told() {
		return this.database.rows("SELECT what FROM told.event ORDER BY id");
	}

	private List<String> history() {
		return this.database.rows("SELECT kind, version, state FROM tidemark_history WHERE rank > 2 ORDER BY rank");
	}

	@Test
	void theEventsOfAnUndoComeInThisOrderAndNoneOfARunDoes() {
		tellAtAll();
		undo("1");

		assertThat(told()).containsExactly("beforeUndo", "beforeEachUndo", "beforeEachUndoStatement", "undo 2",
				"afterEachUndoStatement", "beforeEachUndoStatement", "afterEachUndoStatement", "afterEachUndo",
				"afterUndo", "afterUndoOperationFinish");
	}

	@Test
	void thoseOfMigrationsShareTheTransactionOfTheUndoAndOthersHaveTheirOwn() {
		for (String event : List.of("beforeUndo", "beforeEachUndo", "afterEachUndo", "afterUndo")) {
			this.folder.add(event + ".sql", tell(event));
		}
		undo("0");

		assertThat(this.database
			.rows("SELECT string_agg(what, ', ' ORDER BY id) FROM told.event GROUP BY transaction ORDER BY min(id)"))
			.containsExactly("beforeUndo",
					"beforeEachUndo, undo 2, afterEachUndo, beforeEachUndo, undo 1, afterEachUndo", "afterUndo");
	}

	@Test
	void aroundAFileThatCommitsInSegmentsTheyHaveTransactionsOfTheirOwn() {
		this.folder.add("U2__b.sql", tell("undo 2") + "CREATE INDEX CONCURRENTLY i ON a (x); DROP TABLE b")
			.add("beforeEachUndo.sql", tell("beforeEachUndo"))
			.add("afterEachUndo.sql", tell("afterEachUndo"));
		undo("1");

		assertThat(this.database
			.rows("SELECT string_agg(what, ', ' ORDER BY id) FROM told.event GROUP BY transaction ORDER BY min(id)"))
			.containsExactly("beforeEachUndo", "undo 2", "afterEachUndo");
	}

	@Test
	void anUndoWithNothingToDoRunsNone() {
		undo("0");
		tellAtAll();
		this.database.execute("TRUNCATE told.event");
		undo("0");

		assertThat(told()).isEmpty();
	}

	@Test
	void aRunFiresNoneOfThem() {
		for (CallbackEvent event : CallbackEvent.values()) {
			if (event.isOfUndo()) {
				this.folder.add(event + ".sql", tell(event.toString()));
			}
		}
		this.folder.add("V3__c.sql", "CREATE TABLE c ()");
		tidemark().build().migrate();

		assertThat(told()).isEmpty();
	}

	@Test
	void aPreviewRunsNone() {
		tellAtAll();
		tidemark().build().plan(UndoRequest.of(UndoSelection.last()));

		assertThat(told()).isEmpty();
	}

	@Test
	void afterAFailureTheErrorEventsComeOutsideOfWhatWasRolledBack() {
		tellAtAll();
		this.folder.add("U1__a.sql", "SELECT 1 / 0");
		MigrationFailedException failure = failure(MigrationFailedException.class);

		assertThat(failure.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(told()).containsExactly("beforeUndo", "afterEachUndoStatementError", "afterEachUndoError",
				"afterUndoError");
		assertThat(history()).containsExactly("undo|1|failed");
	}

	@Test
	void aCallbackOfAMigrationThatFailsRollsAllOfTheUndoBack() {
		this.folder.add("afterEachUndo.sql", "SELECT 1 / count(*) FROM pg_class WHERE relname = 'a'")
			.add("afterUndo.sql", tell("afterUndo"));
		TidemarkException failure = failure(TidemarkException.class);

		assertThat(failure).hasMessageContaining("afterEachUndo.sql")
			.hasMessageContaining("the database is as it was before the undo");
		assertThat(told()).isEmpty();
		assertThat(this.database.value("SELECT count(*) FROM pg_class WHERE relname IN ('a', 'b')")).isEqualTo("2");
	}

	@Test
	void aCallbackBeforeTheFirstOneThatFailsKeepsAllAsItIs() {
		this.folder.add("beforeUndo.sql", "SELECT 1 / 0").add("afterUndoError.sql", tell("afterUndoError"));
		TidemarkException failure = failure(TidemarkException.class);

		assertThat(failure).hasMessageContaining("beforeUndo.sql");
		assertThat(told()).containsExactly("afterUndoError");
		assertThat(history()).isEmpty();
	}

	@Test
	void aCallbackAfterTheLastOneThatFailsLeavesWhatIsUndone() {
		this.folder.add("afterUndo.sql", "SELECT 1 / 0");
		TidemarkException failure = failure(TidemarkException.class);

		assertThat(failure).hasMessageContaining("migrations that were undone before it stay undone");
		assertThat(history()).containsExactly("undo|2|undone", "undo|1|undone");
	}

	@Test
	void aCallbackOfARunThatCannotBeReadStopsNoUndo() {
		this.folder.add("afterMigrate.sql", "-- tidemark: no-such-directive\nSELECT 1");

		assertThat(undo("0").undone()).hasSize(2);
	}

	@Test
	void aCallbackThatCannotBeReadStopsTheUndoBeforeAnythingRuns() {
		this.folder.add("beforeEachUndo.sql", "VACUUM").add("beforeUndo.sql", tell("beforeUndo"));
		TidemarkException failure = failure(TidemarkException.class);

		assertThat(failure.code()).isEqualTo(ErrorCode.CALLBACK_TRANSACTION);
		assertThat(told()).isEmpty();
	}

	@Test
	void aCallbackForOtherEnvironmentsDoesNotRun() {
		this.folder.add("beforeUndo.sql", "-- tidemark: only=test\n" + tell("beforeUndo"));
		undo("1");

		assertThat(told()).containsExactly("undo 2");
	}

	@Test
	void whatACallbackSetsHoldsForItsMigrationAndNoLonger() {
		this.folder
			.add("beforeEachUndo.sql",
					"SELECT set_config('work_mem', '9MB', false) WHERE EXISTS"
							+ " (SELECT FROM pg_class WHERE relname = 'b')")
			.add("U2__b.sql", "INSERT INTO told.event (what) SELECT current_setting('work_mem'); DROP TABLE b")
			.add("U1__a.sql", "INSERT INTO told.event (what) SELECT current_setting('work_mem'); DROP TABLE a");
		undo("0");

		assertThat(told()).containsExactly("9MB", "4MB");
	}

	@Test
	void codeIsToldWhatIsUndone() {
		List<String> seen = new ArrayList<>();
		Callback callback = new Callback() {

			@Override
			public Set<CallbackEvent> events() {
				return Set.of(CallbackEvent.BEFORE_UNDO, CallbackEvent.BEFORE_EACH_UNDO);
			}

			@Override
			public void call(CallbackContext context) {
				seen.add(context.event() + ((context.migration() != null) ? " " + context.migration().script() : ""));
			}

		};
		tidemark().callback(callback).build().undo(request("1"));

		assertThat(seen).satisfiesExactly((first) -> assertThat(first).isEqualTo("beforeUndo"),
				(second) -> assertThat(second).startsWith("beforeEachUndo ").endsWith("U2__b.sql"));
	}

	@Test
	void aCallbackThatDoesNotGetItsLockIsTriedAgainWithTheWholeUndo() throws SQLException {
		this.database.execute("CREATE TABLE told.busy (x int)");
		this.folder.add("afterEachUndo.sql", tell("callback") + "LOCK TABLE told.busy");
		AtomicInteger waits = new AtomicInteger();
		try (Connection other = this.database.connect(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM told.busy");
			tidemark().lockTimeout(Duration.ofMillis(100))
				.lockRetry(new LockRetry(Duration.ofMinutes(1)))
				.listener(new RunListener() {

					@Override
					public void lockNotGranted(LockWait wait) {
						waits.incrementAndGet();
						try {
							other.rollback();
						}
						catch (SQLException ex) {
							throw new IllegalStateException(ex);
						}
					}

				})
				.build()
				.undo(request("0"));
		}

		assertThat(waits).hasValue(1);
		assertThat(told()).containsExactly("undo 2", "callback", "undo 1", "callback");
	}

}
