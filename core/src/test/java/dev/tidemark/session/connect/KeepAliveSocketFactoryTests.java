package dev.tidemark.session.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.SocketFactory;

import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGProperty;

import dev.tidemark.testkit.OwnServer;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How soon the client's kernel notices that a server is dead.
 */
@ExtendWith(PostgresExtension.class)
class KeepAliveSocketFactoryTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final TestDatabase database;

	KeepAliveSocketFactoryTests(TestDatabase database) {
		this.database = database;
	}

	@BeforeEach
	void forget() {
		OwnFactory.MADE.set(0);
	}

	private void connect(String url, Map<String, String> driverProperties) throws SQLException {
		try (Connection connection = ConnectionSource
			.of(url, this.database.user(), this.database.password(), driverProperties)
			.open("test", TIMEOUT)) {
			assertThat(connection.isValid(5)).isTrue();
		}
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aDeadServerIsGivenUpWithin30Seconds() throws IOException {
		try (Socket socket = new KeepAliveSocketFactory().createSocket()) {
			int idle = socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE);
			int interval = socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL);
			int probes = socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT);

			assertThat(idle + interval * probes).isBetween(5, 30);
		}
	}

	@Test
	void theFactoryOfTheUserComesFirst() throws SQLException {
		connect(this.database.jdbcUrl(), Map.of(PGProperty.SOCKET_FACTORY.getName(), OwnFactory.class.getName()));

		assertThat(OwnFactory.MADE).hasValue(1);
	}

	@Test
	void theFactoryOfTheUrlComesFirst() throws SQLException {
		connect(this.database.jdbcUrl() + "?socketFactory=" + OwnFactory.class.getName(), Map.of());

		assertThat(OwnFactory.MADE).hasValue(1);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void encryptionIsLaidOverItsSockets(@TempDir Path folder) throws Exception {
		writeCertificate(folder);
		try (OwnServer server = OwnServer.start(Map.of("ssl", "on", "ssl_cert_file",
				folder.resolve("server.crt").toString(), "ssl_key_file", folder.resolve("server.key").toString()));
				TestDatabase encrypted = server.createDatabase();
				Connection connection = ConnectionSource
					.of(encrypted.jdbcUrl() + "?sslmode=require", encrypted.user(), encrypted.password())
					.open("test", TIMEOUT);
				Statement statement = connection.createStatement();
				ResultSet results = statement
					.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
			assertThat(results.next()).isTrue();
			assertThat(results.getBoolean(1)).isTrue();
		}
	}

	private static void writeCertificate(Path folder) throws Exception {
		Path store = folder.resolve("store.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "RSA", "-dname", "CN=localhost", "-storetype", "PKCS12",
				"-keystore", store.toString(), "-storepass", "secret")
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve("keytool.out").toFile())
			.start();
		assertThat(keytool.waitFor()).isZero();
		KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
		write(folder.resolve("server.crt"), "CERTIFICATE", keys.getCertificate("server").getEncoded());
		write(folder.resolve("server.key"), "PRIVATE KEY", keys.getKey("server", "secret".toCharArray()).getEncoded());
	}

	private static void write(Path file, String what, byte[] content) throws IOException {
		Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.writeString(file, "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content)
				+ "\n-----END " + what + "-----\n");
	}

	/** Counts what it has made. */
	public static final class OwnFactory extends SocketFactory {

		private static final AtomicInteger MADE = new AtomicInteger();

		@Override
		public Socket createSocket() {
			MADE.incrementAndGet();
			return new Socket();
		}

		@Override
		public Socket createSocket(String host, int port) throws IOException {
			throw new IOException("not used by the driver");
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
			throw new IOException("not used by the driver");
		}

		@Override
		public Socket createSocket(InetAddress host, int port) throws IOException {
			throw new IOException("not used by the driver");
		}

		@Override
		public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
				throws IOException {
			throw new IOException("not used by the driver");
		}

	}

}
