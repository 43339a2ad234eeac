package dev.tidemark.outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.plan.UndoSelection;
import dev.tidemark.run.UndoRequest;
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

	private final LogLines log = LogLines.of("StatementWatch");

	private final List<TestDatabase> databases = new ArrayList<>();

	private final Map<String, FutureTask<?>> runs = new LinkedHashMap<>();

	@TempDir
	private Path path;

	@BeforeAll
	static void start() {
		server = OwnServer.start(Map.of("synchronous_commit", "on"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void end() {
		this.threads.shutdownNow();
		this.log.close();
		setStandbys("");
		this.databases.forEach(TestDatabase::close);
	}

	/** The setting reaches each new session with the reload. */
	private void setStandbys(String names) {
		TestDatabase database = this.databases.get(0);
		database.execute("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
		database.execute("SELECT pg_reload_conf()");
		await().until(() -> names.equals(database.value("SHOW synchronous_standby_names")));
	}

	/** A run in a database of its own, on top of a first file and of those given. */
	private void add(String what, Consumer<MigrationFolder> files, UnaryOperator<Tidemark.Builder> settings,
			Consumer<Tidemark> run) throws IOException {
		TestDatabase database = server.createDatabase();
		this.databases.add(database);
		MigrationFolder folder = new MigrationFolder(Files.createTempDirectory(this.path, "run")).add("V1__a.sql",
				"CREATE TABLE a (x int)");
		folder.tidemark(database).build().migrate();
		files.accept(folder);
		this.runs.put(what,
				new FutureTask<>(() -> run.accept(settings.apply(folder.tidemark(database)).build()), null));
	}

	private void addMigration(String what, Consumer<MigrationFolder> files) throws IOException {
		add(what, files, UnaryOperator.identity(), Tidemark::migrate);
	}

	/** All at once: a wait is spoken of only after a while. */
	@Test
	void thatItWaitsIsSaidWhateverIsCommitted() throws Exception {
		addMigration("commit of version 2", (folder) -> folder.add("V2__file.sql", "INSERT INTO a VALUES (1)"));
		addMigration("commit of version 3", (folder) -> folder.add("V3__segment.sql",
				"CREATE INDEX CONCURRENTLY ON a (x); INSERT INTO a VALUES (1)"));
		add("commit of version 4", (folder) -> {
		}, (builder) -> builder.migration(new Code()), Tidemark::migrate);
		addMigration("beforeMigrate.sql", (folder) -> folder.add("beforeMigrate.sql", "INSERT INTO a VALUES (1)"));
		add("commit of the undo of version 1", (folder) -> folder.add("U1__a.sql", "DROP TABLE a"),
				UnaryOperator.identity(),
				(tidemark) -> tidemark.undo(UndoRequest.of(UndoSelection.last(1)).allowingDataLoss("test")));
		setStandbys("nobody");

		this.runs.values().forEach(this.threads::execute);

		for (String what : this.runs.keySet()) {
			await().atMost(PATIENCE)
				.until(() -> this.log.has("INFO", "Still running after ", what + ": waits for SyncRep"));
		}
		assertThat(this.runs.values()).noneMatch(Future::isDone);
		// The runs wait until somebody says that there is no standby.
		setStandbys("");
		for (Future<?> run : this.runs.values()) {
			run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
	}

	private static final class Code implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("4");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.operations().execute("INSERT INTO a VALUES (1)");
		}

	}

}
