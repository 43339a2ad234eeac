package dev.tidemark.outcome;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.LoggerFactory;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.HostileDriver;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.MigrationInfo;
import dev.tidemark.run.RunListener;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Whatever is thrown out of the driver or the engine, while a migration runs or while its
 * failure is told: nothing stays undecided, and the failure is recorded.
 */
@ExtendWith(PostgresExtension.class)
class LastLineOfDefenceTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	LastLineOfDefenceTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
	}

	static Stream<Supplier<Throwable>> whatNobodyExpects() {
		return Stream.of(StackOverflowError::new, () -> new OutOfMemoryError("Java heap space"),
				() -> new IllegalStateException("password=wrong-secret"), NoClassDefFoundError::new);
	}

	private Tidemark.Builder hostile(String marker, boolean after, Supplier<Throwable> trap) {
		return HostileDriver.tidemark(this.database, this.folder, marker, after, trap);
	}

	private static MigrationFailedException failure(Tidemark.Builder tidemark) {
		return catchThrowableOfType(MigrationFailedException.class, () -> tidemark.build().migrate());
	}

	private List<String> history() {
		return this.database
			.rows("SELECT version, kind, state, statements_done, error_code, error_sqlstate FROM tidemark_history"
					+ " WHERE rank > 1 ORDER BY rank");
	}

	@ParameterizedTest
	@MethodSource("whatNobodyExpects")
	void anErrorBeforeTheServerHasAnythingIsRecorded(Supplier<Throwable> trap) {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		MigrationFailedException failure = failure(hostile("CREATE TABLE b", false, trap));

		Problem problem = failure.problems().get(0);
		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.what()).contains(trap.get().getClass().getName(), "version 2");
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(failure).hasStackTraceContaining("HostileDriver").hasMessageNotContaining("wrong-secret");
		assertThat(failure.getCause()).hasMessageNotContaining("wrong-secret").hasNoCause();
		assertThat(history()).containsExactly("2|versioned|failed|0|TM-RUN-010|");
	}

	@ParameterizedTest
	@MethodSource("whatNobodyExpects")
	void anErrorAfterTheCommitSaysThatItIsApplied(Supplier<Throwable> trap) {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");

		Problem problem = failure(hostile("CREATE TABLE b", true, trap)).problems().get(0);

		assertThat(problem.state()).contains("applied, as a whole, and recorded");
		assertThat(problem.remedy()).startsWith("Do not change the file");
		assertThat(history()).containsExactly("2|versioned|applied|1||");
		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).isEmpty();
	}

	@Test
	void anErrorInAFileInSegmentsLeavesWhatIsDone() {
		this.folder.add("V2__b.sql",
				"CREATE TABLE b (x int);\nCREATE INDEX CONCURRENTLY i ON b (x);\nINSERT INTO b VALUES (1)");

		Problem problem = failure(hostile("INSERT INTO b", false, StackOverflowError::new)).problems().get(0);

		assertThat(problem.state()).isEqualTo("2 of 3 statements of this file are done and stay.");
		assertThat(history()).containsExactly("2|versioned|failed|2|TM-RUN-010|");
	}

	@Test
	void anErrorInAStatementByItselfIsLeftToTheNextStart() {
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nCREATE INDEX CONCURRENTLY i ON b (x)");

		Problem problem = failure(hostile("CREATE INDEX", true, StackOverflowError::new)).problems().get(0);

		assertThat(problem.state()).startsWith("1 of 2 statements of this file is done and stays.")
			.contains("the next start finds out");
		assertThat(history()).containsExactly("2|versioned|running|1|TM-RUN-010|");
		assertThat(this.folder.tidemark(this.database).build().migrate().applied()).hasSize(1);
	}

	@Test
	void anErrorInAnUndoIsRecorded() {
		this.folder.add("U1__a.sql", "DROP TABLE a");
		Tidemark tidemark = hostile("DROP TABLE a", false, StackOverflowError::new).build();

		Problem problem = catchThrowableOfType(MigrationFailedException.class,
				() -> tidemark.undo(UndoRequest.of(UndoSelection.last())))
			.problems()
			.get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.state()).contains("as it was before the undo");
		assertThat(history()).containsExactly("1|undo|failed|0|TM-RUN-010|");
	}

	@Test
	void codeThatHasNoMemoryIsRecorded() {
		Problem problem = failure(this.folder.tidemark(this.database).migration(new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("2");
			}

			@Override
			public String description() {
				return "greedy";
			}

			@Override
			public void migrate(JdbcContext jdbc) {
				jdbc.operations().execute("CREATE TABLE b ()");
				throw new OutOfMemoryError("Java heap space");
			}

		})).problems().get(0);

		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.remedy()).contains("memory");
		assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname = 'b'")).isEmpty();
		assertThat(history()).containsExactly("2|versioned|failed|0|TM-RUN-010|");
	}

	@Test
	void aMessageThatCannotBeMaskedIsRecordedWithCodeAndState() {
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");
		Supplier<Throwable> trap = () -> new PSQLException(
				new ServerErrorMessage("SERROR\0C22003\0Mvalue wrong-secret out of range\0") {

					@Override
					public String getDetail() {
						throw new StackOverflowError();
					}

				}, false);

		MigrationFailedException failure = failure(hostile("CREATE TABLE b", false, trap));

		Problem problem = failure.problems().get(0);
		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(problem.server().sqlState()).isEqualTo("22003");
		assertThat(failure).hasMessageContaining("left out").hasMessageNotContaining("wrong-secret");
		assertThat(history()).containsExactly("2|versioned|failed|0|TM-RUN-001|22003");
	}

	@ParameterizedTest
	@MethodSource("whatNobodyExpects")
	void aListenerThatThrowsAnythingNeitherStopsNorHidesAFailure(Supplier<Throwable> trap) {
		this.folder.add("V2__b.sql", "SELECT 1/0");
		AtomicBoolean called = new AtomicBoolean();

		Problem problem = failure(this.folder.tidemark(this.database).listener(new RunListener() {

			@Override
			public void migrationFailed(MigrationInfo migration, TidemarkException failure) {
				called.set(true);
				LastLineOfDefenceTests.<RuntimeException>raise(trap.get());
			}

		})).problems().get(0);

		assertThat(called).isTrue();
		assertThat(problem.code()).isEqualTo(ErrorCode.STATEMENT);
		assertThat(history()).containsExactly("2|versioned|failed|0|TM-RUN-001|22012");
	}

	@Test
	void whatAListenerThrowsIsLoggedWithItsStackAndWithoutSecrets() {
		this.folder.add("V2__b.sql", "SELECT 1");
		Logger logger = (Logger) LoggerFactory.getLogger("dev.tidemark");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			this.folder.tidemark(this.database).placeholders(Map.of("key", "s3cr3t-value")).listener(new RunListener() {

				@Override
				public void runStarted() {
					throw new IllegalStateException("no rights for s3cr3t-value",
							new IllegalArgumentException("password=hunter2"));
				}

			}).build().migrate();
		}
		finally {
			logger.detachAppender(log);
		}

		ILoggingEvent event = log.list.stream().filter((one) -> one.getLevel() == Level.WARN).findFirst().orElseThrow();
		assertThat(event.getFormattedMessage()).contains("A listener of type ", "no rights for ");
		assertThat(event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
			.contains("java.lang.IllegalArgumentException", "LastLineOfDefenceTests$")
			.doesNotContain("s3cr3t-value", "hunter2");
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void raise(Throwable thrown) throws T {
		throw (T) thrown;
	}

	@Test
	void whatCannotBeToldBesidesDoesNotHideTheFailure() {
		this.folder.add("V2__b.sql", "CREATE VIEW v AS SELECT x FROM a");
		this.folder.tidemark(this.database).build().migrate();
		this.folder.add("V3__c.sql", "ALTER TABLE a ALTER COLUMN x TYPE bigint");

		// The session is made fresh before what depends on the column is looked for.
		Problem problem = failure(hostile("RESET SESSION", false, StackOverflowError::new)).problems().get(0);

		assertThat(problem.place().statement()).isEqualTo(1);
		assertThat(problem.server()).isNotNull();
		assertThat(history().get(1)).startsWith("3|versioned|failed|0|TM-").endsWith("|0A000");
	}

}
