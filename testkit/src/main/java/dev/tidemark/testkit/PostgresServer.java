package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The one PostgreSQL server that all tests of a JVM share: a container where Docker
 * answers, else the embedded binaries. It demands passwords, as a production server does,
 * and listens on a free port.
 */
public final class PostgresServer {

	/** The superuser of the server. */
	public static final String SUPERUSER = "postgres";

	/** The superuser's password. */
	public static final String PASSWORD = "superuser-secret";

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private final String host;

	private final int port;

	PostgresServer(String host, int port) {
		this.host = host;
		this.port = port;
	}

	/**
	 * Returns the shared server, started on first use and stopped with the JVM.
	 * @return the server
	 */
	public static PostgresServer shared() {
		return Shared.SERVER;
	}

	/**
	 * Returns the major version that this build tests against.
	 * @return the major version, 18 unless the build says otherwise
	 */
	public static int major() {
		return Integer.getInteger("tidemark.test.postgres.major", 18);
	}

	public String host() {
		return this.host;
	}

	public int port() {
		return this.port;
	}

	/**
	 * Returns the JDBC URL of one database of this server.
	 * @param database the name of the database
	 * @return the URL, without credentials
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://" + this.host + ":" + this.port + "/" + database;
	}

	/**
	 * Creates an empty database from {@code template0}.
	 * @return the database
	 */
	public TestDatabase createDatabase() {
		return createDatabase("t" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet());
	}

	/**
	 * Creates an empty database with the given name from {@code template0}.
	 * @param name the name of the database
	 * @return the database
	 */
	public TestDatabase createDatabase(String name) {
		executeOnServer("CREATE DATABASE " + quote(name) + " TEMPLATE template0");
		return new TestDatabase(this, name);
	}

	/**
	 * Creates an empty database of another encoding than UTF-8.
	 * @param encoding the encoding
	 * @return the database
	 */
	public TestDatabase createDatabaseIn(String encoding) {
		String name = "t" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
		executeOnServer(
				"CREATE DATABASE " + quote(name) + " ENCODING '" + encoding + "' LOCALE 'C' TEMPLATE template0");
		return new TestDatabase(this, name);
	}

	/**
	 * Creates a copy of a database that nobody is connected to.
	 * @param original the database
	 * @return the copy
	 */
	public TestDatabase copyOf(TestDatabase original) {
		String name = "t" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
		executeOnServer("CREATE DATABASE " + quote(name) + " TEMPLATE " + quote(original.name()));
		return new TestDatabase(this, name);
	}

	void dropDatabase(String name) {
		executeOnServer("DROP DATABASE IF EXISTS " + quote(name) + " WITH (FORCE)");
	}

	private void executeOnServer(String sql) {
		try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), SUPERUSER, PASSWORD);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	static String quote(String identifier) {
		return '"' + identifier.replace("\"", "\"\"") + '"';
	}

	private static PostgresServer start() {
		return isDockerAvailable() ? startContainer() : startEmbedded();
	}

	private static boolean isDockerAvailable() {
		try {
			return DockerClientFactory.instance().isDockerAvailable();
		}
		catch (RuntimeException | LinkageError ex) {
			return false;
		}
	}

	@SuppressWarnings("resource") // Testcontainers stops it with the JVM.
	private static PostgresServer startContainer() {
		PostgreSQLContainer container = new PostgreSQLContainer("postgres:" + major()).withUsername(SUPERUSER)
			.withPassword(PASSWORD)
			.withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300", "-c",
					"max_prepared_transactions=10");
		container.start();
		return new PostgresServer(container.getHost(), container.getMappedPort(5432));
	}

	private static PostgresServer startEmbedded() {
		try {
			EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(60))
				.setServerConfig("max_connections", "300")
				.setServerConfig("fsync", "off")
				.setServerConfig("max_prepared_transactions", "10");
			if (major() >= 16) {
				// Most of what a login costs is made to hold guesses up.
				builder.setServerConfig("scram_iterations", "1");
			}
			EmbeddedPostgres postgres = builder.start();
			demandPasswords(postgres);
			return new PostgresServer("localhost", postgres.getPort());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The embedded server trusts everybody; wrong passwords could not be tested so. */
	static void demandPasswords(EmbeddedPostgres postgres) throws SQLException {
		try (Connection connection = postgres.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("ALTER ROLE " + SUPERUSER + " PASSWORD '" + PASSWORD + "'");
			statement.execute("""
					DO $$
					BEGIN
					  EXECUTE format(
					    'COPY (VALUES (''host all all all scram-sha-256''), (''local all all trust'')) TO %L',
					    current_setting('hba_file'));
					END $$""");
			statement.execute("SELECT pg_reload_conf()");
		}
	}

	private static final class Shared {

		private static final PostgresServer SERVER = start();

		private Shared() {
		}

	}

}
