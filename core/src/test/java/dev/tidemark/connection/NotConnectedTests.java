package dev.tidemark.connection;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

import dev.tidemark.Tidemark;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.fixture.MigrationFolder;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Why there is no connection, and what to do next.
 */
@ExtendWith(PostgresExtension.class)
class NotConnectedTests {

	private static final String SECRET = "wrong-secret";

	private final TestDatabase database;

	private final String role = "nc_" + UUID.randomUUID().toString().substring(0, 8);

	private MigrationFolder folder;

	NotConnectedTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void folder(@TempDir Path path) {
		this.folder = new MigrationFolder(path).add("V1__a.sql", "CREATE TABLE a (x int)");
	}

	private Problem problem(ConnectionSource source) {
		TidemarkException failure = catchThrowableOfType(TidemarkException.class,
				() -> Tidemark.builder(source).locations(this.folder.location()).build().migrate());
		assertThat(failure.toString()).doesNotContain(SECRET);
		assertThat(failure.problems()).hasSize(1);
		Problem problem = failure.problems().get(0);
		assertThat(problem.state()).isEqualTo(Problem.UNCHANGED);
		return problem;
	}

	private Problem problem(String url) {
		return problem(ConnectionSource.of(url, this.database.user(), this.database.password()));
	}

	private Problem problemOfRole(String options) {
		this.database.execute("CREATE ROLE " + this.role + " PASSWORD '" + SECRET + "' " + options);
		try {
			return problem(ConnectionSource.of(this.database.jdbcUrl(), this.role, SECRET));
		}
		finally {
			this.database.execute("DROP ROLE " + this.role);
		}
	}

	@Test
	void aWrongPasswordIsToldAsOne() {
		Problem problem = problem(ConnectionSource.of(this.database.jdbcUrl(), this.database.user(), SECRET));

		assertThat(problem.code()).isEqualTo(ErrorCode.AUTHENTICATION);
		assertThat(problem.what()).contains("refuses this user with this password");
		assertThat(problem.remedy()).contains("tidemark.connection.password", "A user that does not exist");
	}

	@Test
	void aRoleThatMayNotLogInIsNotToldToCheckItsPassword() {
		Problem problem = problemOfRole("NOLOGIN");

		assertThat(problem.code()).isEqualTo(ErrorCode.AUTHENTICATION);
		assertThat(problem.remedy()).contains("ALTER ROLE ... LOGIN", "pg_hba.conf", "pg_reload_conf()")
			.doesNotContain("tidemark.connection.password");
	}

	@Test
	void whereTheRoleHasNoConnectionLeftTheNextStepIsToFreeOne() {
		Problem problem = problemOfRole("LOGIN CONNECTION LIMIT 0");

		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTIONS_USED_UP);
		assertThat(problem.remedy()).contains("pg_stat_activity", "CONNECTION LIMIT");
	}

	@Test
	void aMissingRightToConnectIsNamedWithItsGrant() {
		this.database.execute("REVOKE CONNECT ON DATABASE " + this.database.name() + " FROM PUBLIC");
		Problem problem = problemOfRole("LOGIN");

		assertThat(problem.code()).isEqualTo(ErrorCode.PRIVILEGE);
		assertThat(problem.remedy()).contains("GRANT CONNECT ON DATABASE \"" + this.database.name() + "\"");
	}

	@Test
	void aDatabaseThatIsNotThereCanBeCreated() {
		Problem problem = problem(this.database.server().jdbcUrl("nowhere"));

		assertThat(problem.code()).isEqualTo(ErrorCode.DATABASE_MISSING);
		assertThat(problem.remedy()).contains("CREATE DATABASE \"nowhere\"");
	}

	@Test
	void aHostThatDoesNotResolveIsNamed() {
		Problem problem = problem("jdbc:postgresql://nohost.invalid/orders");

		assertThat(problem.code()).isEqualTo(ErrorCode.HOST_UNKNOWN);
		assertThat(problem.what()).isEqualTo("The host nohost.invalid is not known: nothing resolves its name.");
		assertThat(problem.remedy()).contains("getent hosts nohost.invalid");
	}

	@Test
	void aHostOfADataSourceThatDoesNotResolveIsNamedToo() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setServerNames(new String[] { "nohost.invalid" });

		assertThat(problem(ConnectionSource.of(dataSource)).what()).contains("The host nohost.invalid is not known");
	}

	@Test
	void aPortWhereNothingListensIsToldAsOne() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		Problem problem = problem("jdbc:postgresql://localhost:" + port + "/orders");

		assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
		assertThat(problem.what()).isEqualTo("Nothing takes connections at localhost:" + port + "/orders.");
		assertThat(problem.remedy()).contains("listen_addresses");
	}

	@Test
	void aServerThatDoesNotAnswerInTimeIsToldAsOne() throws IOException {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			dataSource.setServerNames(new String[] { "localhost" });
			dataSource.setPortNumbers(new int[] { silent.getLocalPort() });
			dataSource.setLoginTimeout(1);
			Problem problem = problem(ConnectionSource.of(dataSource));

			assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
			assertThat(problem.what()).startsWith("Nothing has answered in time at");
			assertThat(problem.remedy()).contains("firewall");
		}
	}

	@Test
	void aServerThatStartsIsWaitedFor() throws Exception {
		byte[] error = "ESFATAL\0C57P03\0Mthe database system is starting up\0\0".getBytes(StandardCharsets.UTF_8);
		ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
		Thread starting = new Thread(() -> refuse(server, error));
		starting.start();
		try (server) {
			Problem problem = problem(
					"jdbc:postgresql://localhost:" + server.getLocalPort() + "/orders?sslmode=disable");

			assertThat(problem.code()).isEqualTo(ErrorCode.SERVER_NOT_READY);
			assertThat(problem.remedy()).startsWith("Start again when it is ready");
		}
		starting.join();
	}

	/** Answers each start of a session with an error of the server. */
	private static void refuse(ServerSocket server, byte[] error) {
		while (!server.isClosed()) {
			try (Socket socket = server.accept()) {
				DataInputStream input = new DataInputStream(socket.getInputStream());
				input.readNBytes(input.readInt() - Integer.BYTES);
				byte[] length = { 0, 0, 0, (byte) (error.length - 1 + Integer.BYTES) };
				socket.getOutputStream().write(error, 0, 1);
				socket.getOutputStream().write(length);
				socket.getOutputStream().write(error, 1, error.length - 1);
				socket.getOutputStream().flush();
				input.read();
			}
			catch (IOException ex) {
				// Closed by the test, or by the driver.
			}
		}
	}

	@Test
	void aServerWithoutTlsIsToldAsOne() {
		Problem problem = problem(this.database.jdbcUrl() + "?sslmode=require");

		assertThat(problem.code()).isEqualTo(ErrorCode.TLS);
		assertThat(problem.remedy()).contains("sslmode=disable");
	}

	@ParameterizedTest
	@CsvSource({ "?sslmode=nonsense, nonsense", "?receiveBufferSize=x, receiveBufferSize",
			"?options=-c%20nonsense=1, nonsense" })
	void aParameterThatNobodyTakesIsASettingToCorrect(String parameter, String said) {
		Problem problem = problem(this.database.jdbcUrl() + parameter);

		assertThat(problem.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(problem.toString()).contains(said);
		assertThat(problem.remedy()).contains("in the URL");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:postgresql://localhost:wrong-secret/orders  | no port
			jdbc:postgresql://localhost:/orders              | no port
			jdbc:postgresql://localhost:65536/orders         | no port
			jdbc:postgresql://a:1,b:x/orders                 | no port
			jdbc:postgresql:/localhost/x?password=wrong-secret | one '/' before
			jdbc:postgresql://localhost/wrong-secret/x       | more than one '/'
			jdbc:postgresql://localhost                      | no '/'
			jdbc:postgresql://me:wrong-secret@localhost/x    | '@'
			jdbc:postgresql://localhost/x?password=100%      | '%'
			""")
	void ofAUrlThatCannotBeReadIsToldWhatIsWrongWithItAndNothingElseOfIt(String url, String wrong) {
		Problem problem = problem(url);

		assertThat(problem.code()).isEqualTo(ErrorCode.SETTING);
		assertThat(problem.what()).startsWith("The database URL is not one that the PostgreSQL driver reads:")
			.contains(wrong)
			.doesNotContain("localhost");
		assertThat(problem.remedy()).contains("jdbc:postgresql://host:5432/database");
	}

	@Test
	void aPoolThatHasLentAllItsConnectionsIsToldAsOne() throws SQLException {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.database.jdbcUrl());
		config.setUsername(this.database.user());
		config.setPassword(this.database.password());
		config.setMaximumPoolSize(1);
		config.setConnectionTimeout(Duration.ofMillis(300).toMillis());
		try (HikariDataSource pool = new HikariDataSource(config)) {
			Problem problem;
			try (Connection lent = pool.getConnection()) {
				assertThat(lent).isNotNull();
				problem = problem(ConnectionSource.of(pool));
			}
			assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTIONS_USED_UP);
			assertThat(problem.remedy()).contains("tidemark.connection.url");
		}
	}

}
