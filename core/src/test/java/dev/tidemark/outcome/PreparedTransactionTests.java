package dev.tidemark.outcome;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.VersionTwo;
import dev.tidemark.migration.CallbackEvent;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.Callback;
import dev.tidemark.run.CallbackContext;
import dev.tidemark.run.Resolution;
import dev.tidemark.run.ResolveRequest;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A transaction that is prepared for a two-phase commit is neither committed nor rolled
 * back, and holds its locks: whoever prepares that of a migration is told so.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class PreparedTransactionTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	PreparedTransactionTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private Tidemark.Builder with(Consumer<JdbcContext> code) {
		return tidemark().migration(new VersionTwo(code));
	}

	private static Problem problem(Tidemark.Builder tidemark) {
		return catchThrowableOfType(TidemarkException.class, () -> tidemark.build().migrate()).problems().get(0);
	}

	private List<String> prepared() {
		return this.database
			.rows("SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared");
	}

	private List<String> history() {
		return this.database
			.rows("SELECT version, kind, state, statements_done, error_code FROM tidemark_history ORDER BY rank");
	}

	private String gid(String name) {
		return this.database.name() + name;
	}

	private void rollBack(String gid) {
		this.database.execute("ROLLBACK PREPARED '" + gid + "'");
	}

	@Test
	void codeThatPreparesItsTransactionIsToldWhatIsPreparedAndLeftToAPerson() {
		String gid = gid("it''s");

		Problem problem = problem(with((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute("PREPARE TRANSACTION '" + gid + "'");
		}));

		assertThat(prepared()).containsExactly(gid.replace("''", "'"));
		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_PREPARED);
		assertThat(problem.state()).contains("neither committed nor rolled back", "'" + gid + "'", "holds its locks");
		assertThat(problem.remedy()).contains("ROLLBACK PREPARED '" + gid + "'; is right",
				"COMMIT PREPARED '" + gid + "';");
		assertThat(history()).containsExactly("1|versioned|applied|1|", "2|versioned|interrupted|0|TM-COD-005");
		rollBack(gid);
	}

	@Test
	void afterItIsEndedAPersonDecidesAndTheMigrationRuns() {
		problem(with((jdbc) -> jdbc.operations().execute("CREATE TABLE b (); PREPARE TRANSACTION '" + gid("") + "'")));
		rollBack(gid(""));
		Tidemark corrected = with((jdbc) -> jdbc.operations().execute("CREATE TABLE b ()")).build();
		corrected.resolve(ResolveRequest.of(Identity.of("2"), 2, Resolution.UNDONE, "rolled back"));

		assertThat(corrected.migrate().applied()).hasSize(1);
		assertThat(history()).last().isEqualTo("2|versioned|applied|1|");
	}

	@Test
	void anotherTransactionThatIsBegunAfterItIsNotTakenForIt() {
		Problem problem = problem(with((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute("PREPARE TRANSACTION '" + gid("") + "'");
			jdbc.operations().execute("BEGIN");
		}));

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_PREPARED);
		assertThat(history()).last().isEqualTo("2|versioned|interrupted|0|TM-COD-005");
		rollBack(gid(""));
	}

	@Test
	void whatTheCodeThrowsAfterItIsToldToo() {
		Problem problem = problem(with((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute("PREPARE TRANSACTION '" + gid("") + "'");
			throw new IllegalStateException("boom");
		}));

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_PREPARED);
		assertThat(problem.what()).contains("and then failed", "boom");
		rollBack(gid(""));
	}

	@Test
	void whenTheSessionHasEndedAfterItTheServerIsAsked() {
		Problem problem = problem(with((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute("PREPARE TRANSACTION '" + gid("") + "'");
			jdbc.operations().execute("SELECT pg_terminate_backend(pg_backend_pid())");
		}));

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_PREPARED);
		assertThat(history()).last().isEqualTo("2|versioned|interrupted|0|TM-COD-005");
		rollBack(gid(""));
	}

	@Test
	void oneOfItsOwnThatTheCodePreparesIsSaidToBePerhapsItsWork() {
		Problem problem = problem(with((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute("ROLLBACK");
			jdbc.operations().execute("BEGIN; CREATE TABLE c ()");
			jdbc.operations().execute("PREPARE TRANSACTION '" + gid("") + "'");
		}));

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_TRANSACTION);
		assertThat(problem.state()).contains("this login has prepared '" + gid("") + "', perhaps in this code",
				"ROLLBACK PREPARED");
		rollBack(gid(""));
	}

	@Test
	void aCallbackThatPreparesTheTransactionOfAFileLeavesItToAPerson() {
		Problem problem = problem(tidemark().callback(new Preparing(CallbackEvent.AFTER_EACH_MIGRATE, gid(""))));

		assertThat(prepared()).containsExactly(gid(""));
		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_PREPARED);
		assertThat(problem.remedy()).contains("Was it the transaction of a migration");
		assertThat(history()).containsExactly("1|versioned|interrupted|0|TM-COD-005");
		rollBack(gid(""));
	}

	@Test
	void aCallbackThatPreparesTheTransactionOfAnUndoLeavesNothingUndone() {
		this.folder.add("U1__a.sql", "DROP TABLE a")
			.add("V2__b.sql", "CREATE TABLE b ()")
			.add("U2__b.sql", "DROP TABLE b");
		tidemark().build().migrate();
		Tidemark undoing = tidemark().callback(new Preparing(CallbackEvent.AFTER_EACH_UNDO, gid(""), 2)).build();

		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> undoing.undo(UndoRequest.of(UndoSelection.last(2))));

		assertThat(failure.code()).isEqualTo(ErrorCode.CODE_PREPARED);
		assertThat(history()).last().isEqualTo("1|undo|interrupted|0|TM-COD-005");
		rollBack(gid(""));
		assertThat(this.database.rows("SELECT tablename FROM pg_tables WHERE tablename IN ('a', 'b')")).hasSize(2);
	}

	@Test
	void aFileMayPrepareAndEndATransaction() {
		this.folder.add("V2__b.sql", "BEGIN; CREATE TABLE b (); PREPARE TRANSACTION '" + gid("")
				+ "'; COMMIT PREPARED '" + gid("") + "'; CREATE TABLE c ()");
		tidemark().build().migrate();

		assertThat(prepared()).isEmpty();
		assertThat(history()).last().isEqualTo("2|versioned|applied|5|");
	}

	@Test
	void aFileOfACallbackMayNotPrepareTheTransactionOfAMigration() {
		this.folder.add("afterEachMigrate.sql", "PREPARE TRANSACTION '" + gid("") + "'");

		assertThat(problem(tidemark()).code()).isEqualTo(ErrorCode.CALLBACK_TRANSACTION);
	}

	/** Prepares the transaction in which it is called for the nth time. */
	private static final class Preparing implements Callback {

		private final CallbackEvent event;

		private final String gid;

		private int left;

		Preparing(CallbackEvent event, String gid) {
			this(event, gid, 1);
		}

		Preparing(CallbackEvent event, String gid, int left) {
			this.event = event;
			this.gid = gid;
			this.left = left;
		}

		@Override
		public Set<CallbackEvent> events() {
			return Set.of(this.event);
		}

		@Override
		public void call(CallbackContext context) {
			if (--this.left == 0) {
				context.operations().execute("PREPARE TRANSACTION '" + this.gid + "'");
			}
		}

	}

}
