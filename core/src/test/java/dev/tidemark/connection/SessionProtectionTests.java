package dev.tidemark.connection;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import dev.tidemark.Tenants;
import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.fixture.LogOf;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.run.RunResult;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.tenant.TenantSchemas;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What the session that migrates is protected by: the server finds out that its client is
 * gone, and no time-out of others cuts a migration off.
 */
@ExtendWith(PostgresExtension.class)
class SessionProtectionTests {

	private static final String SETTINGS = "SELECT name, setting FROM pg_settings WHERE name IN"
			+ " ('client_connection_check_interval', 'tcp_keepalives_idle', 'tcp_keepalives_interval',"
			+ " 'tcp_keepalives_count', 'tcp_user_timeout', 'idle_in_transaction_session_timeout',"
			+ " 'idle_session_timeout', 'transaction_timeout') ORDER BY name";

	private static final String[] PROTECTED = { "client_connection_check_interval|1000",
			"idle_in_transaction_session_timeout|0", "idle_session_timeout|0", "tcp_keepalives_count|3",
			"tcp_keepalives_idle|5", "tcp_keepalives_interval|2", "tcp_user_timeout|10000" };

	/** Refuses a setting as PostgreSQL 14 does where the platform lacks it. */
	private static final String REFUSING = """
			ALTER FUNCTION pg_catalog.set_config(text, text, bool) RENAME TO set_config_of_server;
			CREATE FUNCTION pg_catalog.set_config(name text, value text, local bool) RETURNS text LANGUAGE plpgsql AS $$
			BEGIN
			  IF name = '%s' AND value <> '0' THEN
			    RAISE 'invalid value for parameter "%%": %%', name, value USING ERRCODE = '22023';
			  END IF;
			  RETURN pg_catalog.set_config_of_server(name, value, local);
			END $$""";

	private final TestDatabase database;

	private MigrationFolder folder;

	SessionProtectionTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private Tidemark.Builder tidemark() {
		return this.folder.tidemark(this.database);
	}

	private List<String> seen(String table) {
		return this.database.rows("SELECT name, setting FROM " + table + " WHERE name <> 'transaction_timeout'");
	}

	@Test
	void theServerFindsOutThatTheClientIsGone() {
		this.folder.add("V1__seen.sql", "CREATE TABLE seen AS " + SETTINGS);
		tidemark().build().migrate();

		assertThat(seen("seen")).containsExactly(PROTECTED);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noTimeOutOfTheDatabaseCutsTheFirstLook(boolean own) throws Exception {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().build().migrate();
		this.folder.add("V2__b.sql", "CREATE TABLE b ()");
		PGSimpleDataSource pool = new PGSimpleDataSource();
		pool.setUrl(this.database.jdbcUrl());
		pool.setUser(this.database.user());
		pool.setPassword(this.database.password());
		Tidemark tidemark = own ? tidemark().build()
				: Tidemark.builder(ConnectionSource.of(pool)).locations(this.folder.location()).build();
		AtomicReference<RunResult> result = new AtomicReference<>();
		Thread run = new Thread(() -> result.set(tidemark.migrate()));
		try (Connection holder = this.database.connect(); Connection witness = this.database.connect()) {
			holder.setAutoCommit(false);
			holder.createStatement().execute("LOCK TABLE tidemark_history");
			witness.createStatement().execute(timeoutsOfDatabase());
			run.start();
			await().atMost(Duration.ofSeconds(60)).until(() -> !run.isAlive() || isCutWithoutUs(witness));
			holder.rollback();
		}
		run.join();

		assertThat(result.get()).isNotNull();
		assertThat(result.get().applied()).hasSize(1);
	}

	private String timeoutsOfDatabase() {
		String alter = "ALTER DATABASE \"" + this.database.name() + "\" SET ";
		String timeouts = alter + "statement_timeout = '200ms'; " + alter + "lock_timeout = '100ms'";
		return this.database.value("SELECT 1 FROM pg_settings WHERE name = 'transaction_timeout'") == null ? timeouts
				: timeouts + "; " + alter + "transaction_timeout = '300ms'";
	}

	/** Waits for the lock for longer than any of the time-outs, by the server's clock. */
	private static boolean isCutWithoutUs(Connection witness) throws SQLException {
		try (Statement statement = witness.createStatement();
				ResultSet results = statement.executeQuery("SELECT 1 FROM pg_stat_activity"
						+ " WHERE wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '600 ms'")) {
			return results.next();
		}
	}

	@Test
	void whatIsSetToZeroIsLeftToTheServer() {
		String server = "SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp_%' OR name LIKE 'client_conn%'";
		List<String> before = this.database.rows(server);
		this.folder.add("V1__seen.sql", "CREATE TABLE seen AS " + server);
		tidemark().clientCheckInterval(Duration.ZERO).clientTimeout(Duration.ZERO).build().migrate();

		assertThat(this.database.rows("SELECT * FROM seen")).isEqualTo(before);
	}

	@Test
	void longerTimesMakeLongerSettings() {
		this.folder.add("V1__seen.sql", "CREATE TABLE seen AS " + SETTINGS);
		tidemark().clientCheckInterval(Duration.ofSeconds(3)).clientTimeout(Duration.ofMinutes(1)).build().migrate();

		assertThat(seen("seen")).contains("client_connection_check_interval|3000", "tcp_keepalives_idle|30",
				"tcp_keepalives_interval|12", "tcp_user_timeout|60000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "RESET ALL", "SET client_connection_check_interval = 0; SET tcp_keepalives_idle = 77" })
	void whatAFileSetsHoldsToItsEndOnly(String sql) {
		this.folder.add("V1__own.sql", sql).add("V2__seen.sql", "CREATE TABLE seen AS " + SETTINGS);
		tidemark().build().migrate();

		assertThat(seen("seen")).containsExactly(PROTECTED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "transaction_timeout", "statement_timeout", "idle_session_timeout",
			"idle_in_transaction_session_timeout" })
	void noTimeoutOfTheDatabaseCutsAMigrationOff(String timeout) {
		assumeThat(timeout.equals("transaction_timeout") && PostgresServer.major() < 17).isFalse();
		this.database.execute("ALTER DATABASE " + this.database.name() + " SET " + timeout + " = '400ms'");
		this.folder.add("V1__slow.sql", "CREATE TABLE a (); SELECT pg_sleep(0.8)")
			.add("V2__concurrent.sql", "SELECT pg_sleep(0.8); VACUUM a");

		assertThat(tidemark().build().migrate().applied()).hasSize(2);
	}

	@Test
	void aTransactionTimeoutOfTheFileDoesNotCutOffItsHistory() {
		assumeThat(PostgresServer.major()).isGreaterThanOrEqualTo(17);
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		tidemark().build().migrate();
		this.database.execute("""
				CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$;
				CREATE TRIGGER slow BEFORE INSERT ON tidemark_history FOR EACH ROW EXECUTE FUNCTION slow()""");
		this.folder.add("V2__b.sql", "SET transaction_timeout = '700ms'; CREATE TABLE b ()");

		assertThat(tidemark().build().migrate().applied()).hasSize(1);
	}

	@Test
	void aBorrowedConnectionGetsBackWhatItHad() throws SQLException {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.database.jdbcUrl());
		config.setUsername(this.database.user());
		config.setPassword(this.database.password());
		config.setMaximumPoolSize(1);
		config.setConnectionInitSql("SET client_connection_check_interval = '7s'; SET tcp_keepalives_idle = 66;"
				+ " SET idle_in_transaction_session_timeout = '55s'");
		try (HikariDataSource pool = new HikariDataSource(config)) {
			List<String> before = settings(pool);
			this.folder.add("V1__seen.sql", "CREATE TABLE seen AS " + SETTINGS).add("V2__b.sql", "RESET ALL");
			Tidemark.builder(ConnectionSource.of(pool)).locations(this.folder.location()).build().migrate();

			assertThat(seen("seen")).containsExactly(PROTECTED);
			assertThat(settings(pool)).isEqualTo(before)
				.contains("client_connection_check_interval|7000", "tcp_keepalives_idle|66",
						"idle_in_transaction_session_timeout|55000");
		}
	}

	private static List<String> settings(HikariDataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(SETTINGS)) {
			List<String> settings = new ArrayList<>();
			while (results.next()) {
				settings.add(results.getString(1) + "|" + results.getString(2));
			}
			return settings;
		}
	}

	@Test
	void aSettingThatTheServerRefusesIsToldOnceAndTheRunGoesOn() {
		this.database.execute(REFUSING.formatted("client_connection_check_interval"));
		this.folder.add("V1__seen.sql", "CREATE TABLE seen AS " + SETTINGS).add("V2__b.sql", "SET work_mem = '7MB'");
		try (LogOf log = new LogOf("dev.tidemark")) {
			RunResult result = tidemark().build().migrate();

			assertThat(result.applied()).hasSize(2);
			assertThat(result.warnings()).extracting(Problem::code).containsExactly(ErrorCode.SETTING_REFUSED);
			assertThat(log.at(Level.WARN)).singleElement()
				.asString()
				.contains("TM-DB-013", "client_connection_check_interval = 1000",
						"the commit included, may still be done", "invalid value for parameter");
		}
		assertThat(seen("seen")).contains("client_connection_check_interval|0", "tcp_keepalives_idle|5",
				"tcp_user_timeout|10000");
	}

	@Test
	void nothingIsToldOfASettingThatNobodyAskedFor() {
		this.database.execute(REFUSING.formatted("client_connection_check_interval"));
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");

		assertThat(tidemark().clientCheckInterval(Duration.ZERO).build().migrate().warnings()).isEmpty();
	}

	@Test
	void aRefusedSettingOfATenantIsTold() {
		this.database.execute(REFUSING.formatted("tcp_user_timeout"));
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		try (LogOf log = new LogOf("dev.tidemark")) {
			Tenants.builder(tidemark().build(), TenantSchemas.of(List.of("one", "two"))).build().migrate();

			assertThat(log.at(Level.WARN)).singleElement().asString().contains("In 2 schemas", "tcp_user_timeout");
		}
	}

}
