package dev.tidemark.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A real PgBouncer in front of a test server, as a child process on a free port of the
 * loopback interface.
 */
public final class PgBouncer implements AutoCloseable {

	private static final int ATTEMPTS = 3;

	private static final int START_SECONDS = 30;

	private static final int INSTALL_MINUTES = 5;

	private final Path directory;

	private final Process process;

	private final int port;

	private PgBouncer(Path directory, Process process, int port) {
		this.directory = directory;
		this.process = process;
		this.port = port;
	}

	/**
	 * Tells why PgBouncer cannot be used here. Where it is missing, it is installed first
	 * if that is possible.
	 * @return the reason, or {@code null} if it can be used
	 */
	public static @Nullable String whyNot() {
		return Installation.WHY_NOT;
	}

	/**
	 * Starts PgBouncer.
	 * @param server the server to stand in front of
	 * @param settings the settings that matter to the test, such as {@code pool_mode}
	 * @return the running PgBouncer
	 */
	public static PgBouncer start(PostgresServer server, Map<String, String> settings) {
		StringBuilder output = new StringBuilder();
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			try {
				PgBouncer started = tryStart(server, settings, output);
				if (started != null) {
					return started;
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		throw new IllegalStateException("PgBouncer does not start: " + output);
	}

	/**
	 * Another process may have taken the free port in between; then it is tried again.
	 */
	private static @Nullable PgBouncer tryStart(PostgresServer server, Map<String, String> settings,
			StringBuilder output) throws IOException {
		Path directory = Files.createTempDirectory("pgbouncer");
		// It gives up root's rights before it reads its files again.
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		int port = freePort();
		Path users = Files.writeString(directory.resolve("users.txt"),
				"\"" + PostgresServer.SUPERUSER + "\" \"" + PostgresServer.PASSWORD + "\"\n");
		List<String> lines = new ArrayList<>(List.of("[databases]",
				"* = host=" + server.host() + " port=" + server.port(), "[pgbouncer]", "listen_addr = 127.0.0.1",
				"listen_port = " + port, "unix_socket_dir =", "auth_type = plain", "auth_file = " + users));
		if (System.getProperty("user.name").equals("root")) {
			lines.add("user = nobody");
		}
		settings.forEach((name, value) -> lines.add(name + " = " + value));
		Path ini = Files.write(directory.resolve("pgbouncer.ini"), lines);
		Process process = new ProcessBuilder(Installation.binary(), ini.toString()).redirectErrorStream(true).start();
		PgBouncer bouncer = new PgBouncer(directory, process, port);
		if (bouncer.isUp(output)) {
			return bouncer;
		}
		bouncer.close();
		return null;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/** Reads the log for ever, so that PgBouncer never waits for a reader. */
	private boolean isUp(StringBuilder output) {
		CompletableFuture<Boolean> up = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
				for (String line = reader.readLine(); line != null; line = reader.readLine()) {
					if (!up.isDone()) {
						output.append('\n').append(line);
					}
					if (line.contains("process up")) {
						up.complete(true);
					}
				}
			}
			catch (IOException ex) {
				output.append('\n').append(ex);
			}
			up.complete(false);
		}, "pgbouncer-log");
		thread.setDaemon(true);
		thread.start();
		try {
			return up.get(START_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Returns the JDBC URL of one database through this PgBouncer.
	 * @param database the database
	 * @return the URL, without credentials
	 */
	public String jdbcUrl(TestDatabase database) {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/" + database.name();
	}

	/** Stops it at once, whoever is connected. */
	@Override
	public void close() {
		Processes.kill(this.process);
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
			Files.delete(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Looked for, and if need be installed, once. */
	private static final class Installation {

		private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin",
				"/usr/local/bin", "/opt/homebrew/bin");

		private static final @Nullable String WHY_NOT = installIfMissing();

		private Installation() {
		}

		private static @Nullable String find() {
			Stream<String> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"));
			return Stream.concat(path, DIRECTORIES.stream())
				.map((directory) -> Path.of(directory, "pgbouncer"))
				.filter(Files::isExecutable)
				.map(Path::toString)
				.findFirst()
				.orElse(null);
		}

		private static String binary() {
			String binary = find();
			if (binary == null) {
				throw new IllegalStateException("PgBouncer is missing: " + WHY_NOT);
			}
			return binary;
		}

		private static @Nullable String installIfMissing() {
			if (find() != null) {
				return null;
			}
			String problem;
			try {
				problem = install();
			}
			catch (IOException ex) {
				problem = ex.toString();
			}
			return (find() != null) ? null : problem;
		}

		private static String install() throws IOException {
			Path script = Files.createTempFile("install-pgbouncer", ".sh");
			Path log = Files.createTempFile("install-pgbouncer", ".log");
			try (InputStream content = PgBouncer.class.getResourceAsStream("install-pgbouncer.sh")) {
				if (content == null) {
					throw new IOException("install-pgbouncer.sh is not on the class path");
				}
				Files.copy(content, script, StandardCopyOption.REPLACE_EXISTING);
				Process process = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true)
					.redirectOutput(log.toFile())
					.start();
				if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
					process.destroyForcibly();
					return "the installation took longer than " + INSTALL_MINUTES + " minutes";
				}
				return Files.readString(log).strip();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return "the installation was interrupted";
			}
			finally {
				Files.deleteIfExists(script);
				Files.deleteIfExists(log);
			}
		}

	}

}
