package dev.tidemark.outcome;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;

import org.springframework.jdbc.core.ConnectionCallback;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.VersionTwo;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What ends the session while code works in it is told as what it is, whether or not the
 * code has caught it, and no statement waits for an answer that will not come.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(60)
class DriverErrorTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	DriverErrorTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private MigrationFailedException failure(Consumer<JdbcContext> code) {
		return catchThrowableOfType(MigrationFailedException.class,
				() -> this.folder.tidemark(this.database).migration(new VersionTwo(code)).build().migrate());
	}

	private Problem problem(Consumer<JdbcContext> code) {
		return failure(code).problems().get(0);
	}

	private List<String> history() {
		return this.database
			.rows("SELECT version, state, error_code, error_sqlstate FROM tidemark_history ORDER BY rank");
	}

	/** Its answers fail in the middle, as where the driver has no stack any more. */
	private Problem brittle(Consumer<JdbcContext> code) {
		String url = this.database.jdbcUrl() + "?socketFactory=" + BrittleSocketFactory.class.getName();
		MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class,
				() -> Tidemark.builder(ConnectionSource.of(url, this.database.user(), this.database.password()))
					.locations(this.folder.location())
					.migration(new VersionTwo(code))
					.build()
					.migrate());
		assertThat(failure.getCause()).hasMessage("java.lang.StackOverflowError")
			.hasStackTraceContaining("BrittleSocketFactory");
		return failure.problems().get(0);
	}

	private static void failInAnswer(JdbcContext jdbc) {
		BrittleSocketFactory.breakNextAnswer();
		jdbc.operations().execute("SELECT 1");
	}

	private void assertToldAsNoStack(Problem problem) {
		assertThat(problem.code()).isEqualTo(ErrorCode.UNEXPECTED);
		assertThat(problem.what()).contains("java.lang.StackOverflowError", "version 2");
		assertThat(problem.remedy()).contains("-Xss").doesNotContain("proxy");
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(this.database.value("SELECT to_regclass('b')")).isNull();
		assertThat(history()).last().isEqualTo("2|failed|TM-RUN-010|");
	}

	@Test
	void anErrorInTheMiddleOfAnAnswerIsToldAsWhatItIs() {
		assertToldAsNoStack(brittle((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			failInAnswer(jdbc);
		}));
	}

	@Test
	void afterAnErrorThatCodeCatchesNothingIsSentOverTheConnectionAnyMore() {
		AtomicReference<Throwable> refused = new AtomicReference<>();

		assertToldAsNoStack(brittle((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			catchThrowable(() -> failInAnswer(jdbc));
			refused.set(catchThrowable(() -> jdbc.operations().execute("CREATE TABLE c ()")));
		}));
		assertThat(refused.get()).hasStackTraceContaining("nothing is sent over it any more");
	}

	@Test
	void anErrorOfWhatTheCodeHasUnwrappedIsToldAsWhatItIs() {
		assertToldAsNoStack(brittle((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute((ConnectionCallback<Void>) (connection) -> {
				BaseConnection own = connection.unwrap(BaseConnection.class);
				BrittleSocketFactory.breakNextAnswer();
				own.execSQLUpdate("SELECT 1");
				return null;
			});
		}));
	}

	@Test
	void whatTheServerSaidAtTheEndOfTheSessionIsToldThoughTheCodeHasCaughtIt() {
		Problem problem = problem((jdbc) -> catchThrowable(
				() -> jdbc.operations().execute("SELECT pg_terminate_backend(pg_backend_pid())")));

		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(problem.what()).contains("Somebody ended the session", "The code was told of it, caught that");
		assertThat(problem.server()).isNotNull();
		assertThat(problem.server().sqlState()).isEqualTo("57P01");
		assertThat(problem.remedy()).doesNotContain("proxy");
		assertThat(history()).last().isEqualTo("2|failed|TM-DB-006|57P01");
	}

	@Test
	void theFirstWordOfTheServerCountsAndNotWhatFollowsFromIt() {
		Problem problem = problem((jdbc) -> {
			catchThrowable(() -> jdbc.operations().execute("SELECT pg_terminate_backend(pg_backend_pid())"));
			jdbc.operations().execute("SELECT 1");
		});

		assertThat(problem.what()).contains("Somebody ended the session").doesNotContain("caught that");
		assertThat(history()).last().isEqualTo("2|failed|TM-DB-006|57P01");
	}

	@Test
	void codeThatCommitsAndThenHasNoMemoryIsSaidToHaveCommitted() {
		Problem problem = problem((jdbc) -> {
			jdbc.operations().execute("CREATE TABLE b ()");
			jdbc.operations().execute("COMMIT");
			throw new OutOfMemoryError("Java heap space");
		});

		assertThat(problem.code()).isEqualTo(ErrorCode.CODE_COMMITTED);
		assertThat(history()).last().isEqualTo("2|interrupted|TM-COD-003|");
	}

	@Test
	void whatIsLentKnowsTheDriversOwnInterfaces() {
		this.folder.tidemark(this.database).migration(new VersionTwo((jdbc) -> {
			jdbc.operations().execute((ConnectionCallback<Void>) (connection) -> {
				try (Statement statement = connection.createStatement();
						ResultSet results = statement.executeQuery("SELECT 1")) {
					assertThat(statement).isInstanceOf(PGStatement.class);
					Connection lent = statement.getConnection();
					assertThat(lent).hasToString("Connection of a run, lent to code");
					assertThat(results.getStatement().getConnection()).isSameAs(lent);
					assertThat(connection.getMetaData().getConnection()).isSameAs(lent);
					assertThat(statement.getConnection().unwrap(PGConnection.class).getBackendPID()).isPositive();
					assertThat(statement).isEqualTo(statement).isNotEqualTo(results.getStatement());
				}
				return null;
			});
		})).build().migrate();

		assertThat(history()).last().isEqualTo("2|applied||");
	}

}
