package dev.tidemark.connection;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.fixture.Replicas;
import dev.tidemark.run.RunResult;
import dev.tidemark.run.preview.DataAtRisk;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PgBouncer;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Through a real PgBouncer. Its session mode is as good as a direct connection; its
 * transaction and statement modes are refused before anything is changed.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(180)
class PoolerTests {

	private final TestDatabase database;

	private MigrationFolder folder;

	private PgBouncer bouncer;

	PoolerTests(TestDatabase database) {
		this.database = database;
	}

	/** Before each, not before all: only so the reports show each test and the reason. */
	@BeforeEach
	void bouncerIsInstalled() {
		String reason = PgBouncer.whyNot();
		assumeTrue(reason == null, () -> "NOT TESTED: poolers, since PgBouncer cannot be installed here: " + reason);
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path)
			.add("V1__a.sql", "CREATE TABLE a (x int); INSERT INTO a SELECT generate_series(1, 5000)")
			.add("V2__index.sql", "CREATE INDEX CONCURRENTLY a_x ON a (x)")
			.add("V3__row.sql", "SET search_path = ''; SET lock_timeout = '1h'; INSERT INTO public.a VALUES (0)")
			.add("V4__copy.sql", "COPY a FROM stdin;\n-1\n\\.\n");
	}

	@AfterEach
	void stop() {
		if (this.bouncer != null) {
			this.bouncer.close();
		}
	}

	private void start(String mode, String... settings) {
		Map<String, String> all = new HashMap<>(Map.of("pool_mode", mode));
		for (int i = 0; i < settings.length; i += 2) {
			all.put(settings[i], settings[i + 1]);
		}
		this.bouncer = PgBouncer.start(this.database.server(), all);
	}

	private Tidemark tidemark() {
		return tidemark(login());
	}

	private Tidemark tidemark(ConnectionSource source) {
		return Tidemark.builder(source).locations(this.folder.location()).build();
	}

	@Test
	void aPlanTellsWhatMayBeLostAlthoughNobodyCanLook() {
		this.folder.tidemark(this.database).build().migrate();
		start("transaction");
		this.folder.add("V5__a.sql", "DROP TABLE a");

		DataAtRisk risk = tidemark().plan().dataAtRisk();

		assertThat(risk).isNotNull();
		assertThat(risk.findings()).hasSize(1);
		assertThat(risk.unexamined()).isNotBlank();
	}

	private HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.bouncer.jdbcUrl(this.database));
		config.setUsername(this.database.user());
		config.setPassword(this.database.password());
		config.setMaximumPoolSize(size);
		config.setAutoCommit(false);
		return new HikariDataSource(config);
	}

	private Connection connectThroughBouncer() throws SQLException {
		return DriverManager.getConnection(this.bouncer.jdbcUrl(this.database), this.database.user(),
				this.database.password());
	}

	private void assertMigrated() {
		assertThat(this.database.value("SELECT count(*) FROM a")).isEqualTo("5002");
		assertThat(this.database.rows("SELECT version, state FROM tidemark_history ORDER BY rank"))
			.containsExactly("1|applied", "2|applied", "3|applied", "4|applied");
		assertThat(this.database.rows("SELECT 1 FROM pg_index WHERE NOT indisvalid")).isEmpty();
	}

	private void assertUnchanged() {
		assertThat(this.database.rows("SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
			.isEmpty();
		assertThat(this.database.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
				+ " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
			.isEmpty();
	}

	/** Nobody after us may find our settings in the server sessions that we used. */
	private void assertNoSettingsLeft(int sessions) throws SQLException {
		List<Connection> clients = new ArrayList<>();
		try {
			for (int i = 0; i < sessions; i++) {
				Connection client = connectThroughBouncer();
				clients.add(client);
				client.setAutoCommit(false);
				try (Statement statement = client.createStatement();
						var results = statement.executeQuery("SELECT current_setting('lock_timeout')")) {
					results.next();
					assertThat(results.getString(1)).isEqualTo("0");
				}
			}
		}
		finally {
			for (Connection client : clients) {
				client.close();
			}
		}
	}

	private static TidemarkException failure(Tidemark tidemark) {
		return catchThrowableOfType(TidemarkException.class, tidemark::migrate);
	}

	private static void assertRefused(TidemarkException failure) {
		assertThat(failure).isNotNull()
			.hasMessageContaining("tidemark.connection.url")
			.hasMessageContaining("Nothing was changed");
		assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ErrorCode.POOLER);
	}

	@Test
	void sessionModeMigrates() {
		start("session");

		assertThat(tidemark().migrate().applied()).hasSize(4);
		assertMigrated();
		assertThat(tidemark().migrate().applied()).isEmpty();
	}

	@Test
	void sessionModeMigratesWithNoServerSessionToSpare() {
		start("session", "default_pool_size", "1");

		assertThat(tidemark().migrate().applied()).hasSize(4);
		assertMigrated();
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 8 })
	void sessionModeMigratesWithFourReplicasAtOnce(int poolSize) throws Exception {
		start("session", "default_pool_size", Integer.toString(poolSize));

		List<RunResult> results = Replicas.startAtOnce(4, () -> tidemark().migrate());

		assertThat(results.stream().mapToInt((result) -> result.applied().size()).sum()).isEqualTo(4);
		assertMigrated();
	}

	@Test
	void sessionModeIsNeverAccusedHoweverManyClientsComeAndGo() {
		start("session", "default_pool_size", "20", "server_round_robin", "1");
		try (Traffic traffic = new Traffic(4, true)) {
			traffic.awaitStarted();
			for (int i = 1; i <= 25; i++) {
				this.folder.add("V" + (10 + i) + "__more.sql", "SELECT 1");
				tidemark().migrate();
			}
		}
		assertThat(this.database.value("SELECT count(*) FROM tidemark_history")).isEqualTo("29");
	}

	@ParameterizedTest
	@CsvSource({ "1, 0, 0", "1, 1, 0", "1, 0, 1", "2, 0, 0", "2, 1, 0", "2, 0, 1", "20, 0, 0", "20, 1, 0", "20, 0, 1",
			"20, 1, 1" })
	void transactionModeIsRefused(int poolSize, String roundRobin, String resetAlways) throws SQLException {
		start("transaction", "default_pool_size", Integer.toString(poolSize), "server_round_robin", roundRobin,
				"server_reset_query_always", resetAlways);
		openServerSessions(poolSize);

		for (int i = 0; i < 10; i++) {
			assertRefused(failure(tidemark()));
		}
		assertUnchanged();
		assertNoSettingsLeft(poolSize);
	}

	/** So that the pool has as many idle server sessions as it may have. */
	private void openServerSessions(int count) throws SQLException {
		List<Connection> clients = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Connection client = connectThroughBouncer();
			clients.add(client);
			client.setAutoCommit(false);
			try (Statement statement = client.createStatement()) {
				statement.execute("SELECT 1");
			}
		}
		for (Connection client : clients) {
			client.rollback();
			client.close();
		}
	}

	@Test
	void transactionModeIsRefusedWithAColdPool() {
		start("transaction");

		assertRefused(failure(tidemark()));
		assertUnchanged();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 20 })
	void transactionModeIsRefusedUnderTraffic(int poolSize) {
		start("transaction", "default_pool_size", Integer.toString(poolSize));
		try (Traffic traffic = new Traffic(4, false)) {
			traffic.awaitStarted();
			for (int i = 0; i < 25; i++) {
				assertRefused(failure(tidemark()));
			}
		}
		assertUnchanged();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4, 20 })
	void transactionModeIsRefusedWithFourReplicasAtOnce(int poolSize) throws Exception {
		start("transaction", "default_pool_size", Integer.toString(poolSize));

		assertThat(Replicas.startAtOnce(4, () -> failure(tidemark()))).allSatisfy(PoolerTests::assertRefused);
		assertUnchanged();
		assertNoSettingsLeft(poolSize);
	}

	@Test
	void statementModeIsRefused() {
		start("statement");

		assertRefused(failure(tidemark()));
		assertUnchanged();
	}

	@Test
	void transactionModeServesARunWithNothingPending() {
		this.folder.tidemark(this.database).build().migrate();
		start("transaction");

		assertThat(tidemark().migrate().applied()).isEmpty();
		tidemark().verify();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 10 })
	void sessionModeMigratesThroughADataSource(int size) throws SQLException {
		start("session");
		try (HikariDataSource pool = pool(size)) {
			assertThat(tidemark(ConnectionSource.of(pool)).migrate().applied()).hasSize(4);
			assertMigrated();
			assertThatPoolIsWhole(pool, size);
		}
	}

	@ParameterizedTest
	@CsvSource({ "2, 1", "2, 20", "10, 1", "10, 20" })
	void transactionModeIsRefusedThroughADataSource(int size, int poolSize) throws SQLException {
		start("transaction", "default_pool_size", Integer.toString(poolSize));
		try (HikariDataSource pool = pool(size)) {
			assertRefused(failure(tidemark(ConnectionSource.of(pool))));
			assertUnchanged();
			assertThatPoolIsWhole(pool, size);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 20 })
	void transactionModeIsRefusedThroughADataSourceOfOneConnectionThatTellsItsLogin(int poolSize) throws SQLException {
		start("transaction", "default_pool_size", Integer.toString(poolSize));
		try (HikariDataSource pool = pool(1)) {
			assertRefused(failure(tidemark(ConnectionSource.of(pool, login()))));
			assertUnchanged();
			assertThatPoolIsWhole(pool, 1);
		}
	}

	@Test
	void sessionModeMigratesThroughADataSourceOfOneConnectionThatTellsItsLogin() throws SQLException {
		start("session");
		try (HikariDataSource pool = pool(1)) {
			assertThat(tidemark(ConnectionSource.of(pool, login())).migrate().applied()).hasSize(4);
			assertMigrated();
			assertThatPoolIsWhole(pool, 1);
		}
	}

	/** What the data source needs may be more than URL, user and password. */
	@Test
	void aLoginThatIsRefusedLeavesTheSecondConnectionToTheDataSource() throws SQLException {
		start("transaction");
		ConnectionSource refused = ConnectionSource.of(this.bouncer.jdbcUrl(this.database), this.database.user(),
				"wrong-secret");
		try (HikariDataSource pool = pool(2)) {
			assertRefused(failure(tidemark(ConnectionSource.of(pool, refused))));
			assertThatPoolIsWhole(pool, 2);
		}
	}

	private ConnectionSource login() {
		return ConnectionSource.of(this.bouncer.jdbcUrl(this.database), this.database.user(), this.database.password());
	}

	/** No connection was kept, and each one is as it was. */
	private static void assertThatPoolIsWhole(HikariDataSource pool, int size) throws SQLException {
		await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
		assertThat(pool.getHikariPoolMXBean().getThreadsAwaitingConnection()).isZero();
		List<Connection> all = new ArrayList<>();
		for (int i = 0; i < size; i++) {
			all.add(pool.getConnection());
		}
		for (Connection connection : all) {
			assertThat(connection.getAutoCommit()).isFalse();
			assertThat(connection.getNetworkTimeout()).isZero();
			connection.close();
		}
	}

	@Test
	void aStartupParameterThatThePoolerRefusesIsNamed() {
		start("session");

		TidemarkException failure = failure(
				tidemark(ConnectionSource.of(this.bouncer.jdbcUrl(this.database) + "?currentSchema=public",
						this.database.user(), this.database.password())));

		assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
		assertThat(failure).hasMessageContaining("search_path").hasMessageContaining("ignore_startup_parameters");
	}

	@Test
	void aDatabaseThatThePoolerDoesNotKnowIsToldAsOne() {
		start("session");
		String url = this.bouncer.jdbcUrl(this.database).replaceFirst("/[^/?]+(\\?|$)", "/nowhere_at_all$1");

		TidemarkException failure = refused(url, this.database.user(), this.database.password());

		assertThat(failure.code()).isEqualTo(ErrorCode.DATABASE_MISSING);
		assertThat(failure).hasMessageContaining("[databases]").hasMessageContaining("nowhere_at_all");
	}

	@Test
	void aUserThatThePoolerRefusesIsToldAsOne() {
		start("session");

		assertThat(refused(this.bouncer.jdbcUrl(this.database), "nobody_at_all", "x").code())
			.isEqualTo(ErrorCode.AUTHENTICATION);
	}

	@Test
	void aPoolerWithoutAConnectionLeftIsToldAsOne() throws SQLException {
		start("session", "max_client_conn", "1");
		String url = this.bouncer.jdbcUrl(this.database);

		try (Connection only = DriverManager.getConnection(url, this.database.user(), this.database.password())) {
			assertThat(only.isValid(5)).isTrue();
			assertThat(refused(url, this.database.user(), this.database.password()).code())
				.isEqualTo(ErrorCode.CONNECTIONS_USED_UP);
		}
	}

	private TidemarkException refused(String url, String user, String password) {
		return catchThrowableOfType(TidemarkException.class,
				() -> Tidemark.builder(ConnectionSource.of(url, user, password))
					.locations(this.folder.location())
					.build()
					.migrate());
	}

	/** Clients that run short transactions all the time. */
	private final class Traffic implements AutoCloseable {

		private final ExecutorService threads;

		private final AtomicBoolean over = new AtomicBoolean();

		private final AtomicInteger transactions = new AtomicInteger();

		private final List<CompletableFuture<Void>> clients = new ArrayList<>();

		Traffic(int clients, boolean reconnect) {
			this.threads = Executors.newFixedThreadPool(clients);
			for (int i = 0; i < clients; i++) {
				this.clients.add(CompletableFuture.runAsync(() -> run(reconnect), this.threads));
			}
		}

		void awaitStarted() {
			await().atMost(Duration.ofSeconds(30)).until(() -> this.transactions.get() > 20);
		}

		private void run(boolean reconnect) {
			try {
				while (!this.over.get()) {
					try (Connection connection = connectThroughBouncer();
							Statement statement = connection.createStatement()) {
						do {
							statement.execute("SELECT pg_sleep(random() / 500)");
							this.transactions.incrementAndGet();
						}
						while (!reconnect && !this.over.get());
					}
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/** Fails if a client was disturbed. */
		@Override
		public void close() {
			this.over.set(true);
			assertThat(this.clients).allSatisfy((client) -> assertThat(client).succeedsWithin(Duration.ofMinutes(1)));
			this.threads.shutdownNow();
		}

	}

}
