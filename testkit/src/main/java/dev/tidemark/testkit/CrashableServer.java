package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * A server of a test's own, whose processes can all be killed at once, and which then
 * starts again from what they had written. What a commit did not wait for stays in their
 * memory for up to ten seconds. It asks nobody for a password.
 */
public final class CrashableServer implements AutoCloseable {

	private static final Map<String, String> SETTINGS = Map.of("autovacuum", "off", "synchronous_commit", "on",
			"wal_writer_delay", "10s");

	private final Path data;

	private EmbeddedServer server;

	private CrashableServer(Path data) {
		this.data = data;
		this.server = EmbeddedServer.start(data, SETTINGS);
	}

	/**
	 * Starts a server.
	 * @param folder an empty folder for its data
	 * @return the server, to be closed by the caller
	 */
	public static CrashableServer start(Path folder) {
		return new CrashableServer(folder.resolve("data"));
	}

	/**
	 * Returns where its one database is.
	 * @return the URL, with the user
	 */
	public String jdbcUrl() {
		return this.server.postgres().getJdbcUrl(PostgresServer.SUPERUSER, PostgresServer.SUPERUSER);
	}

	/** Kills all processes of the server, and starts it again. */
	public void crash() {
		ProcessHandle postmaster = postmaster();
		List<ProcessHandle> processes = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
		processes.forEach(ProcessHandle::destroyForcibly);
		await().until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
		this.server.close();
		this.server = EmbeddedServer.start(this.data, SETTINGS);
	}

	private ProcessHandle postmaster() {
		try {
			long pid = Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0));
			return ProcessHandle.of(pid).orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Stops the server. */
	@Override
	public void close() {
		this.server.close();
	}

}
