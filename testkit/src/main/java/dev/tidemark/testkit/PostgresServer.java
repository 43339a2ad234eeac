package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
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

	/** What new databases of the shared server are copies of. */
	private static final String EMPTY = "empty";

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private final String host;

	private final int port;

	/** Creates and drops databases, if it is the shared server. */
	private final @Nullable KeptSession session;

	PostgresServer(String host, int port) {
		this(host, port, null);
	}

	private PostgresServer(String host, int port, @Nullable KeptSession session) {
		this.host = host;
		this.port = port;
		this.session = session;
	}

	/**
	 * Prepares the database that all others are copies of. Somebody has been connected to
	 * it, so that what the first login to a database has to build is there already.
	 */
	private static PostgresServer toBeShared(String host, int port) {
		PostgresServer server = new PostgresServer(host, port);
		server.createDatabase(EMPTY).execute("SELECT 1");
		server.executeOnServer("ALTER DATABASE " + EMPTY + " IS_TEMPLATE true ALLOW_CONNECTIONS false");
		return new PostgresServer(host, port, new KeptSession(server.jdbcUrl("postgres")));
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
	 * Creates an empty database.
	 * @return the database
	 */
	public TestDatabase createDatabase() {
		return createDatabase("t" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet());
	}

	/**
	 * Creates an empty database with the given name.
	 * @param name the name of the database
	 * @return the database
	 */
	public TestDatabase createDatabase(String name) {
		return (this.session != null) ? copy(EMPTY, name) : copy("template0", name);
	}

	/** Files are copied, which costs less than to write them to the log page by page. */
	private TestDatabase copy(String original, String name) {
		executeOnServer("CREATE DATABASE " + quote(name) + " TEMPLATE " + quote(original)
				+ ((major() >= 15) ? " STRATEGY file_copy" : ""));
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
		return copy(original.name(), name);
	}

	void dropDatabase(String name) {
		executeOnServer("DROP DATABASE IF EXISTS " + quote(name) + " WITH (FORCE)");
	}

	private void executeOnServer(String sql) {
		try {
			if (this.session != null) {
				this.session.execute(sql);
			}
			else {
				executeInOwnSession(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	private void executeInOwnSession(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), SUPERUSER, PASSWORD);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
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
		return toBeShared(container.getHost(), container.getMappedPort(5432));
	}

	private static PostgresServer startEmbedded() {
		try {
			EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(60))
				.setServerConfig("max_connections", "300")
				.setServerConfig("fsync", "off")
				.setServerConfig("max_prepared_transactions", "10");
			Path data = MemoryFolder.create();
			if (data != null) {
				builder.setDataDirectory(data).setServerConfig("max_wal_size", "256MB");
			}
			if (major() >= 16) {
				// Most of what a login costs is made to hold guesses up.
				builder.setServerConfig("scram_iterations", "1");
			}
			EmbeddedPostgres postgres = builder.start();
			demandPasswords(postgres);
			return toBeShared("localhost", postgres.getPort());
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
