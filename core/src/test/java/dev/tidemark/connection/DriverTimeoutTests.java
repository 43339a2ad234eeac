package dev.tidemark.connection;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

import org.springframework.jdbc.datasource.AbstractDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.migration.CodeMigration;
import dev.tidemark.migration.Identity;
import dev.tidemark.migration.JdbcContext;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A time-out that the driver keeps for an application's short statements does not cut off
 * a migration. It counts whole seconds, so each of these migrations takes two.
 */
@ExtendWith(PostgresExtension.class)
class DriverTimeoutTests {

	private static final String SLOW = "SELECT pg_sleep(1.5);\n";

	private static final String TIMEOUTS = "?socketTimeout=1&queryTimeout=1&autosave=always";

	private final TestDatabase database;

	private MigrationFolder folder;

	DriverTimeoutTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path);
	}

	private Tidemark.Builder tidemark(ConnectionSource source) {
		return Tidemark.builder(source).locations(this.folder.location());
	}

	private ConnectionSource own() {
		return ConnectionSource.of(this.database.jdbcUrl() + TIMEOUTS, this.database.user(), this.database.password());
	}

	private HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.database.jdbcUrl() + TIMEOUTS);
		pool.setUsername(this.database.user());
		pool.setPassword(this.database.password());
		pool.setMaximumPoolSize(1);
		return pool;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 300 })
	void aMigrationOnAConnectionOfItsOwnRunsToItsEnd(int rows) {
		this.folder.add("V1__slow.sql", slow(rows));

		assertThat(tidemark(own()).build().migrate().applied()).hasSize(1);
		assertThat(this.database.value("SELECT count(*) FROM w")).isEqualTo(Integer.toString(rows));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 300 })
	void aMigrationOnABorrowedConnectionRunsToItsEnd(int rows) {
		this.folder.add("V1__slow.sql", slow(rows));
		try (HikariDataSource pool = pool()) {
			assertThat(tidemark(ConnectionSource.of(pool)).build().migrate().applied()).hasSize(1);
		}
		assertThat(this.database.value("SELECT count(*) FROM w")).isEqualTo(Integer.toString(rows));
	}

	/** Long scripts are sent in other ways than short ones. */
	private static String slow(int rows) {
		return "CREATE TABLE w (id int);\n" + SLOW
				+ IntStream.range(0, rows)
					.mapToObj((row) -> "INSERT INTO w VALUES (" + row + "); -- pad pad pad pad pad\n")
					.collect(Collectors.joining());
	}

	@Test
	void aMigrationInJavaOnAConnectionOfItsOwnRunsToItsEnd() {
		assertThat(tidemark(own()).migration(new Slow()).build().migrate().applied()).hasSize(1);
	}

	@Test
	void aMigrationInJavaOnABorrowedConnectionRunsToItsEnd() {
		try (HikariDataSource pool = pool()) {
			assertThat(tidemark(ConnectionSource.of(pool)).migration(new Slow()).build().migrate().applied())
				.hasSize(1);
		}
	}

	@Test
	void whatTheDriverOfABorrowedConnectionDidItDoesAgainAfterwards() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		try (HikariDataSource pool = pool()) {
			tidemark(ConnectionSource.of(pool)).build().migrate();

			assertTimeouts(pool);
		}
	}

	@Test
	void whatTheDriverOfABorrowedConnectionDidItDoesAgainAfterAFailure() throws SQLException {
		this.folder.add("V1__a.sql", "SELECT oops");
		try (HikariDataSource pool = pool()) {
			catchThrowableOfType(TidemarkException.class, () -> tidemark(ConnectionSource.of(pool)).build().migrate());

			assertTimeouts(pool);
		}
	}

	private static void assertTimeouts(DataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection()) {
			assertThat(connection.getNetworkTimeout()).isEqualTo(1000);
			assertThat(connection.unwrap(PgConnection.class).getQueryTimeout()).isEqualTo(1);
			assertThat(connection.unwrap(PGConnection.class).getAutosave()).isEqualTo(AutoSave.ALWAYS);
		}
	}

	@Test
	void aDriverThatKeepsToItsTimeoutIsRefusedBeforeAnythingRuns() {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		try (HikariDataSource pool = pool()) {
			TidemarkException failure = catchThrowableOfType(TidemarkException.class,
					() -> tidemark(ConnectionSource.of(new Stubborn(pool, "setNetworkTimeout"))).build().migrate());

			assertThat(failure.code()).isEqualTo(ErrorCode.SETTING);
			assertThat(failure).hasMessageContainingAll("socketTimeout", "tidemark.connection.url");
			assertThat(this.database.rows("SELECT 1 FROM pg_class WHERE relname IN ('a', 'tidemark_history')"))
				.isEmpty();
		}
	}

	@Test
	void whatWasChangedBeforeTheDriverRefusesIsPutBack() throws SQLException {
		this.folder.add("V1__a.sql", "CREATE TABLE a ()");
		try (HikariDataSource pool = pool()) {
			Throwable failure = catchThrowable(
					() -> tidemark(ConnectionSource.of(new Stubborn(pool, "setAutosave"))).build().migrate());

			assertThat(failure).hasStackTraceContaining("not by this driver");
			assertTimeouts(pool);
		}
	}

	/** Takes longer than the driver lets a statement take. */
	private static final class Slow implements CodeMigration {

		@Override
		public Identity identity() {
			return Identity.of("1");
		}

		@Override
		public String description() {
			return "slow";
		}

		@Override
		public void migrate(JdbcContext jdbc) {
			jdbc.operations().execute(SLOW);
		}

	}

	/** The driver of its connections refuses to change something. */
	private static final class Stubborn extends AbstractDataSource {

		private final DataSource target;

		private final String refused;

		private Stubborn(DataSource target, String refused) {
			this.target = target;
			this.refused = refused;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = this.target.getConnection();
			BaseConnection driver = connection.unwrap(BaseConnection.class);
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { BaseConnection.class }, (proxy, method, arguments) -> {
						if (method.getName().equals(this.refused)) {
							throw method.getName().equals("setAutosave")
									? new UnsupportedOperationException("not by this driver")
									: new SQLFeatureNotSupportedException();
						}
						try {
							return switch (method.getName()) {
								case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(proxy);
								case "unwrap" -> proxy;
								case "close" -> method.invoke(connection);
								default -> method.invoke(driver, arguments);
							};
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		@Override
		public Connection getConnection(String user, String password) {
			throw new UnsupportedOperationException();
		}

	}

}
