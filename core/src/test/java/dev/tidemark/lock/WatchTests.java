package dev.tidemark.lock;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.LogLines;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.Relay;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A run whose server process can be looked at, is gone, or hears nothing any more.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class WatchTests {

	/** How soon it has to be noticed that nothing will come any more. */
	private static final Duration NOTICED = Duration.ofSeconds(60);

	private static final long KEY = 4711;

	private final TestDatabase database;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final LogLines log = LogLines.of("StatementWatch");

	private MigrationFolder folder;

	private Relay relay;

	WatchTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) throws Exception {
		this.relay = new Relay(this.database);
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
		this.folder.tidemark(this.database).build().migrate();
	}

	@AfterEach
	void end() {
		this.relay.close();
		this.log.close();
		this.threads.shutdownNow();
	}

	private Tidemark.Builder throughRelay() {
		return Tidemark
			.builder(ConnectionSource.of(this.relay.jdbcUrl(), this.database.user(), this.database.password()))
			.locations(this.folder.location())
			.lockTimeout(Duration.ZERO);
	}

	private Future<RunResult> start(Tidemark.Builder tidemark) {
		return this.threads.submit(() -> tidemark.build().migrate());
	}

	/** Holds up each statement that wants the same lock. */
	private Connection hold() throws SQLException {
		Connection connection = this.database.connect();
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
		}
		return connection;
	}

	private void awaitHeldUp() {
		await().atMost(NOTICED)
			.until(() -> this.database
				.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = " + KEY
						+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
				.size() == 1);
	}

	private String backend() {
		return this.database.value("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
				+ " AND application_name LIKE 'tidemark%' AND application_name NOT LIKE '%watch'");
	}

	private static TidemarkException failure(Future<RunResult> run) throws Exception {
		try {
			run.get(NOTICED.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			return (TidemarkException) ex.getCause();
		}
		throw new AssertionError("The run did not fail");
	}

	@Test
	void aProcessThatWasEndedEndsTheRunAlsoIfTheClientHearsNothingOfIt() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO a VALUES (1); SELECT pg_advisory_xact_lock(" + KEY + ")");
		try (Connection holder = hold()) {
			Future<RunResult> run = start(throughRelay());
			awaitHeldUp();
			String pid = backend();

			this.relay.freeze();
			this.database.execute("SELECT pg_terminate_backend(" + pid + ")");

			TidemarkException failure = failure(run);
			assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
			assertThat(failure).hasMessageContaining("The server process " + pid
					+ " of this run is gone, while the client was still waiting for its answer");
			assertThat(holder.isValid(5)).isTrue();
		}
		assertThat(this.log.has("WARN", "is gone", "V2__b.sql:1:27 (statement 2")).as("%s", this.log.lines()).isTrue();
	}

	@Test
	void anAnswerThatWasLostEndsTheRun() throws Exception {
		this.folder.add("V2__b.sql", "INSERT INTO a VALUES (1); SELECT pg_advisory_xact_lock(" + KEY + ")");
		Future<RunResult> run;
		String pid;
		try (Connection holder = hold()) {
			run = start(throughRelay());
			awaitHeldUp();
			pid = backend();
			this.relay.freeze();
			assertThat(holder.isValid(5)).isTrue();
		}

		assertThat(failure(run)).hasMessageContaining("The server process " + pid + " of this run waits for the client,"
				+ " while the client was still waiting for its answer: what one of them sent was lost on the way");
	}

	@Test
	void aProcessThatIsGoneEndsTheRunOfCode() throws Exception {
		try (Connection holder = hold()) {
			Future<RunResult> run = start(throughRelay()
				.migration(new Code((jdbc) -> jdbc.operations().execute("SELECT pg_advisory_xact_lock(" + KEY + ")"))));
			awaitHeldUp();
			String pid = backend();

			this.relay.freeze();
			this.database.execute("SELECT pg_terminate_backend(" + pid + ")");

			assertThat(failure(run)).hasMessageContaining("The server process " + pid + " of this run is gone");
			assertThat(holder.isValid(5)).isTrue();
		}
	}

	@Test
	void codeThatThinksForLongIsLeftAlone() throws Exception {
		Future<RunResult> run = start(throughRelay().migration(new Code((jdbc) -> {
			jdbc.operations().execute("INSERT INTO a VALUES (1)");
			await().atMost(NOTICED).until(() -> this.log.has("INFO", "Still running", "waits for ClientRead"));
			jdbc.operations().execute("INSERT INTO a VALUES (2)");
		})));

		assertThat(run.get(NOTICED.toSeconds(), TimeUnit.SECONDS).applied()).hasSize(1);
	}

	@Test
	void thatItCannotLookIsSaidAndTheRunGoesOn() throws Exception {
		this.folder.add("V2__b.sql", "SELECT pg_advisory_xact_lock(" + KEY + ")");
		Future<RunResult> run;
		try (Connection holder = hold()) {
			run = start(throughRelay());
			awaitHeldUp();

			this.relay.shut();
			await().atMost(NOTICED)
				.until(() -> this.log.has("WARN", "Still running after ", "cannot be looked at", "The run goes on"));
			this.relay.open();
			await().atMost(NOTICED).until(() -> this.log.has("INFO", "can be watched again"));
			assertThat(holder.isValid(5)).isTrue();
		}

		assertThat(run.get(NOTICED.toSeconds(), TimeUnit.SECONDS).applied()).hasSize(1);
		assertThat(this.log.lines()).filteredOn((line) -> line.startsWith("WARN")).hasSize(1);
	}

	@Test
	void aServerWithoutRoomForTheWatchIsSaidAndTriedAgain() throws Exception {
		String role = this.database.name() + "_single";
		this.database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'pw' CONNECTION LIMIT 1; GRANT ALL ON DATABASE "
				+ this.database.name() + " TO " + role + "; GRANT ALL ON SCHEMA public TO " + role
				+ "; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
		this.folder.add("V2__b.sql", "SELECT pg_advisory_xact_lock(" + KEY + ")");
		try {
			Future<RunResult> run;
			try (Connection holder = hold()) {
				run = start(Tidemark.builder(ConnectionSource.of(this.database.jdbcUrl(), role, "pw"))
					.locations(this.folder.location())
					.lockTimeout(Duration.ZERO));
				await().atMost(NOTICED)
					.until(() -> this.log.has("WARN", "cannot be looked at", "too many connections for role"));
				this.database.execute("ALTER ROLE " + role + " CONNECTION LIMIT 10");
				await().atMost(NOTICED).until(() -> this.log.has("INFO", "can be watched again"));
				assertThat(holder.isValid(5)).isTrue();
			}
			assertThat(run.get(NOTICED.toSeconds(), TimeUnit.SECONDS).applied()).hasSize(1);
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
		}
	}

	@Test
	void aBorrowedConnectionGoesBackAsItWasFound() throws Exception {
		this.folder.add("V2__b.sql", "SELECT pg_advisory_xact_lock(" + KEY + ")");
		List<String> givenBack = new CopyOnWriteArrayList<>();
		Future<RunResult> run;
		try (Connection holder = hold()) {
			run = start(Tidemark.builder(ConnectionSource.of(lending(givenBack)))
				.locations(this.folder.location())
				.lockTimeout(Duration.ZERO));
			await().atMost(NOTICED)
				.until(() -> !this.database
					.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
							+ " AND pid <> pg_backend_pid() AND query LIKE '%server_start%'")
					.isEmpty());
			assertThat(holder.isValid(5)).isTrue();
		}
		run.get(NOTICED.toSeconds(), TimeUnit.SECONDS);

		await().atMost(NOTICED).until(() -> givenBack.size() >= 2);
		assertThat(givenBack).containsOnly("auto-commit false, network timeout 12345");
	}

	/** A data source that remembers in which state its connections come back. */
	private DataSource lending(List<String> givenBack) {
		return proxy(DataSource.class, (method, arguments) -> {
			Connection connection = this.database.connect();
			connection.setNetworkTimeout(Runnable::run, 12345);
			connection.setAutoCommit(false);
			return proxy(Connection.class, (called, values) -> {
				if (called.getName().equals("close") && !connection.isClosed()) {
					givenBack.add("auto-commit " + connection.getAutoCommit() + ", network timeout "
							+ connection.getNetworkTimeout());
				}
				return called.invoke(connection, values);
			});
		});
	}

	private static <T> T proxy(Class<T> type, Calls calls) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> calls.answer(method, arguments)));
	}

	private interface Calls {

		Object answer(Method method, Object[] arguments) throws Exception;

	}

	/** Version 2. */
	private record Code(Consumer<JdbcContext> work) implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("2");
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			this.work.accept(jdbc);
		}

	}

}
