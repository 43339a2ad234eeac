package dev.tidemark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
import dev.tidemark.source.CodeMigration;
import dev.tidemark.source.Identity;
import dev.tidemark.source.JdbcContext;
import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A commit that waits for a synchronous standby that is missing.
 */
@Timeout(120)
class CommitWatchTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static OwnServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final LogLines log = LogLines.of("Watch");

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeAll
	static void start() {
		server = OwnServer.start(Map.of("synchronous_commit", "on"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.database = server.createDatabase();
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
		this.database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
		this.database.execute("SELECT pg_reload_conf()");
		awaitStandbys("nobody");
	}

	@AfterEach
	void end() {
		this.threads.shutdownNow();
		this.log.close();
		forgetStandbys();
		this.database.close();
	}

	/** The setting reaches each new session with the reload. */
	private void awaitStandbys(String names) {
		await().until(() -> names.equals(this.database.value("SHOW synchronous_standby_names")));
	}

	private void forgetStandbys() {
		this.database.execute("ALTER SYSTEM RESET synchronous_standby_names");
		this.database.execute("SELECT pg_reload_conf()");
		awaitStandbys("");
	}

	/** The run waits until somebody says that there is no standby. */
	private void assertThatTheWaitIsSaid(Future<?> run, String what) throws Exception {
		await().atMost(PATIENCE)
			.until(() -> this.log.has("INFO", "Still running after ", what + ": waits for SyncRep"));
		assertThat(run.isDone()).isFalse();
		forgetStandbys();
		run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private Future<?> migrate() {
		return this.threads.submit(() -> this.folder.tidemark(this.database).build().migrate());
	}

	@Test
	void thatOfAFileIsSaid() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO a VALUES (1)");

		assertThatTheWaitIsSaid(migrate(), "commit of version 2");
	}

	@Test
	void thatOfASegmentIsSaid() throws Exception {
		this.folder.add("V2__b.sql", "CREATE INDEX CONCURRENTLY ON a (x); INSERT INTO a VALUES (1)");

		assertThatTheWaitIsSaid(migrate(), "commit of version 2");
	}

	@Test
	void thatOfCodeIsSaid() throws Exception {
		CodeMigration code = new CodeMigration() {

			@Override
			public Identity identity() {
				return Identity.of("2");
			}

			@Override
			public void migrate(JdbcContext jdbc) {
				jdbc.operations().execute("INSERT INTO a VALUES (1)");
			}

		};

		assertThatTheWaitIsSaid(
				this.threads.submit(() -> this.folder.tidemark(this.database).migration(code).build().migrate()),
				"commit of version 2");
	}

	@Test
	void thatOfACallbackIsSaid() throws Exception {
		this.folder.add("beforeMigrate.sql", "INSERT INTO a VALUES (1)");

		assertThatTheWaitIsSaid(migrate(), "beforeMigrate.sql");
	}

	@Test
	void thatOfAnUndoIsSaid() throws Exception {
		this.folder.add("U1__a.sql", "DROP TABLE a");

		assertThatTheWaitIsSaid(
				this.threads.submit(() -> this.folder.tidemark(this.database)
					.build()
					.undo(UndoRequest.of(UndoSelection.last(1)).allowingDataLoss("test"))),
				"commit of the undo of version 1");
	}

}
