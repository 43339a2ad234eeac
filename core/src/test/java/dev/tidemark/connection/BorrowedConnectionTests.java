package dev.tidemark.connection;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A connection that belongs to a pool, of one connection here, goes back as it came.
 */
@ExtendWith(PostgresExtension.class)
class BorrowedConnectionTests {

	private static final String LEAKY = """
			SET search_path = '';
			SET lock_timeout = '1h';
			SET application_name = 'leak';
			SET work_mem = '9MB'""";

	private final TestDatabase database;

	private MigrationFolder folder;

	private HikariDataSource pool;

	BorrowedConnectionTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void pool(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.database.jdbcUrl() + "?ApplicationName=pool");
		config.setUsername(this.database.user());
		config.setPassword(this.database.password());
		config.setMaximumPoolSize(1);
		config.setAutoCommit(false);
		config.setConnectionInitSql("SET statement_timeout = '77s'");
		this.pool = new HikariDataSource(config);
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	private Tidemark tidemark() {
		return Tidemark.builder(ConnectionSource.of(this.pool)).locations(this.folder.location()).build();
	}

	private List<String> settings() throws SQLException {
		try (Connection connection = this.pool.getConnection(); Statement statement = connection.createStatement()) {
			List<String> settings = new ArrayList<>(List.of("auto-commit " + connection.getAutoCommit()));
			try (ResultSet results = statement.executeQuery(
					"""
							SELECT name, setting FROM pg_settings WHERE name IN ('search_path', 'lock_timeout', 'statement_timeout',
							  'application_name', 'work_mem', 'standard_conforming_strings') ORDER BY name""")) {
				while (results.next()) {
					settings.add(results.getString(1) + " " + results.getString(2));
				}
			}
			connection.commit();
			return settings;
		}
	}

	@Test
	void itsSettingsAreRestoredAfterARun() throws SQLException {
		List<String> before = settings();
		this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("V2__b.sql", LEAKY);

		assertThat(tidemark().migrate().applied()).hasSize(2);
		assertThat(settings()).isEqualTo(before).contains("auto-commit false", "statement_timeout 77000");
	}

	@Test
	void nothingOfSequencesGoesBackToThePool() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE SEQUENCE s CACHE 20; SELECT nextval('s')");
		tidemark().migrate();

		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> first(this.pool, "SELECT lastval()"))
			.withMessageContaining("lastval is not yet defined in this session");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> first(this.pool, "SELECT currval('s')"))
			.withMessageContaining("is not yet defined in this session");
		assertThat(first(this.pool, "SELECT nextval('s')")).isEqualTo("21");
	}

	@Test
	void nothingOfSequencesGoesBackToThePoolAfterAFailure() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE SEQUENCE s CACHE 20").add("V2__b.sql", "SELECT nextval('s'); SELECT oops");

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> tidemark().migrate());
		assertThat(first(this.pool, "SELECT nextval('s')")).isEqualTo("21");
	}

	@Test
	void itsSettingsAreRestoredAfterAFailure() throws SQLException {
		List<String> before = settings();
		this.folder.add("V1__a.sql", LEAKY + "; SELECT oops");

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> tidemark().migrate());
		assertThat(settings()).isEqualTo(before);
	}

	@Test
	void aRunWithNothingPendingLeavesNoTransactionOpen() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().migrate();

		assertThat(tidemark().migrate().applied()).isEmpty();
		assertThat(settings()).contains("auto-commit false");
		assertThat(this.database
			.rows("SELECT state FROM pg_stat_activity WHERE application_name = 'pool' AND state LIKE '%transaction%'"))
			.isEmpty();
	}

	@Test
	void statementsPassThroughThePoolAsTheyAre() {
		this.folder.add("V1__a.sql", """
				CREATE TABLE a (x int, "y?" text);
				INSERT INTO a VALUES (1, '? {fn now()} ; \\');
				COPY a FROM stdin;
				2	b
				\\.
				CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;
				CREATE INDEX CONCURRENTLY a_x ON a (x);""");
		tidemark().migrate();

		assertThat(this.database.rows("SELECT * FROM a ORDER BY x")).containsExactly("1|? {fn now()} ; \\", "2|b");
		assertThat(this.database.value("SELECT f()")).isEqualTo("2");
	}

	@Test
	void theLineOfAnErrorIsRightHereToo() {
		this.folder.add("V1__a.sql", "SELECT\n 1,\n  oops");

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> tidemark().migrate())
			.satisfies((failure) -> assertThat(failure.problems().get(0).place().line()).isEqualTo(3));
	}

	@Test
	void settingsOfTheApplicationStay() throws SQLException {
		try (HikariDataSource tenants = pool("SET app.tenant = 'acme'")) {
			this.folder.add("V1__a.sql", "CREATE TABLE a AS SELECT current_setting('app.tenant') AS tenant")
				.add("V2__b.sql", "INSERT INTO a VALUES (current_setting('app.tenant'))");
			Tidemark.builder(ConnectionSource.of(tenants)).locations(this.folder.location()).build().migrate();

			assertThat(this.database.rows("SELECT tenant FROM a")).containsExactly("acme", "acme");
			assertThat(first(tenants, "SELECT current_setting('app.tenant')")).isEqualTo("acme");
		}
	}

	@Test
	void aRoleThatMayNotSetWhatThePoolSetIsNoObstacle() throws SQLException {
		String role = "app_" + this.database.name();
		this.database.execute("CREATE ROLE " + role + "; GRANT ALL ON SCHEMA public TO " + role);
		try (HikariDataSource roles = pool("SET log_min_messages = 'error'; SET ROLE " + role)) {
			this.folder.add("V1__a.sql", "CREATE TABLE a ()").add("V2__b.sql", "CREATE TABLE b ()");

			assertThat(Tidemark.builder(ConnectionSource.of(roles))
				.locations(this.folder.location())
				.build()
				.migrate()
				.applied()).hasSize(2);
			assertThat(first(roles, "SELECT current_user || ' ' || current_setting('lock_timeout')"))
				.isEqualTo(role + " 0");
		}
		finally {
			this.database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
		}
	}

	@Test
	void theLockIsFreeEvenIfAFailureCouldNotBeRecorded() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().migrate();
		this.folder.add("V2__b.sql", "SELECT 1 / 0");
		try (Connection reader = this.database.connect(); Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute("LOCK TABLE tidemark_history IN SHARE MODE");

			assertThatExceptionOfType(TidemarkException.class).isThrownBy(() -> tidemark().migrate());
		}
		assertThat(this.database.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = "
				+ "(SELECT oid FROM pg_database WHERE datname = current_database())"))
			.isEmpty();
	}

	private HikariDataSource pool(String initSql) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.database.jdbcUrl());
		config.setUsername(this.database.user());
		config.setPassword(this.database.password());
		config.setMaximumPoolSize(1);
		config.setConnectionInitSql(initSql);
		return new HikariDataSource(config);
	}

	private static String first(HikariDataSource pool, String query) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(query)) {
			results.next();
			return results.getString(1);
		}
	}

	@Test
	void aBodyBetweenBeginAtomicAndEndStaysWhole() {
		this.folder.add("V1__a.sql", """
				CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
				CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC END;""");
		tidemark().migrate();

		assertThat(this.database.rows("SELECT f()")).containsExactly("2");
	}

	@Test
	void anotherProductIsRefusedBeforeAnythingIsSent() {
		Tidemark tidemark = Tidemark.builder(ConnectionSource.of(notPostgresql()))
			.locations(this.folder.location())
			.build();

		assertThatExceptionOfType(TidemarkException.class).isThrownBy(tidemark::migrate).satisfies((failure) -> {
			assertThat(failure.code()).isEqualTo(ErrorCode.NOT_POSTGRESQL);
			assertThat(failure).hasMessageContaining("H2");
		});
	}

	/** Its connections know nothing but the name of their product. */
	private static DataSource notPostgresql() {
		DatabaseMetaData metaData = proxy(DatabaseMetaData.class,
				Map.of("getDatabaseProductName", "H2", "getDatabaseMajorVersion", 2));
		Connection connection = proxy(Connection.class,
				Map.of("getMetaData", metaData, "getAutoCommit", true, "isReadOnly", false, "isClosed", false));
		return proxy(DataSource.class, Map.of("getConnection", connection));
	}

	private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			if (method.getReturnType() != void.class && !answers.containsKey(method.getName())) {
				throw new UnsupportedOperationException(method.getName());
			}
			return answers.get(method.getName());
		};
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

}
