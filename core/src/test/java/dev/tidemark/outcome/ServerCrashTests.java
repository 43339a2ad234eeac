package dev.tidemark.outcome;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.MigrationFailedException;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * A process of the server is killed, and with it the server restarts all of its sessions.
 */
@Timeout(180)
class ServerCrashTests {

	private static EmbeddedPostgres server;

	private MigrationFolder folder;

	@BeforeAll
	static void start() throws IOException {
		server = EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(60))
			// What is committed has to survive the crash.
			.setServerConfig("synchronous_commit", "on")
			.start();
	}

	@AfterAll
	static void stop() throws IOException {
		server.close();
	}

	@BeforeEach
	void folder(@TempDir Path path) throws SQLException {
		execute("DROP TABLE IF EXISTS a, b, tidemark_history");
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b (x int);\nINSERT INTO b SELECT 1 FROM pg_sleep(60)");
	}

	private static String url() {
		return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
	}

	private Tidemark tidemark() {
		return Tidemark.builder(ConnectionSource.of(url(), "postgres", "postgres"))
			.locations(this.folder.location())
			.build();
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String value(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(sql)) {
			return results.next() ? results.getString(1) : "";
		}
	}

	private FutureTask<RunResult> migrate() {
		FutureTask<RunResult> run = new FutureTask<>(() -> tidemark().migrate());
		Thread thread = new Thread(run, "run");
		thread.setDaemon(true);
		thread.start();
		await().until(() -> !value(working("pid")).isEmpty());
		return run;
	}

	private static String working(String column) {
		return "SELECT " + column + " FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'"
				+ " AND state = 'active' AND pid <> pg_backend_pid()";
	}

	private static Problem problem(FutureTask<RunResult> run) {
		Throwable failure = catchThrowableOfType(ExecutionException.class, () -> run.get(90, TimeUnit.SECONDS))
			.getCause();
		assertThat(failure).isInstanceOf(MigrationFailedException.class);
		return ((MigrationFailedException) failure).problems().get(0);
	}

	private static void kill(String pid) {
		ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
	}

	@Test
	void theProcessOfTheRunIsKilled() throws SQLException {
		FutureTask<RunResult> run = migrate();

		kill(value(working("pid")));
		Problem problem = problem(run);

		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(value("SELECT count(*) FROM pg_class WHERE relname = 'b'")).isEqualTo("0");
		assertThat(value("SELECT state || ' ' || error_code FROM tidemark_history WHERE version = '2'"))
			.isEqualTo("failed TM-DB-006");
	}

	/** The process says so in a warning with the code of one about a commit. */
	@Test
	void theProcessOfTheRunIsToldToQuitAtOnceAndNoCommitIsSpokenOf() throws Exception {
		try (LogOf log = new LogOf("dev.tidemark")) {
			FutureTask<RunResult> run = migrate();

			assertThat(new ProcessBuilder("kill", "-QUIT", value(working("pid"))).start().waitFor()).isZero();

			assertThat(problem(run).server().sqlState()).isEqualTo("57P01");
			assertThat(log.at(Level.WARN)).noneMatch((line) -> line.contains("at the commit of"));
		}
	}

	@Test
	void anotherProcessIsKilledAndTheServerSaysSo() throws SQLException {
		FutureTask<RunResult> run = migrate();
		try (Connection victim = DriverManager.getConnection(url(), "postgres", "postgres");
				Statement statement = victim.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_backend_pid()")) {
			results.next();

			kill(results.getString(1));
		}
		Problem problem = problem(run);

		assertThat(problem.what()).contains("one of its processes had crashed");
		assertThat(problem.server().sqlState()).isEqualTo("57P02");
		assertThat(problem.state()).contains("as it was before this migration");
		assertThat(value("SELECT state || ' ' || error_sqlstate FROM tidemark_history WHERE version = '2'"))
			.isEqualTo("failed 57P02");
	}

}
