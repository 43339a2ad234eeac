package dev.tidemark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import dev.tidemark.run.ConnectionSource;

import static org.awaitility.Awaitility.await;

/**
 * A server of a test's own, whose processes can all be killed at once, and which then
 * starts again from what they had written. What a commit did not wait for stays in their
 * memory for up to ten seconds.
 */
final class CrashableServer implements AutoCloseable {

	private static final String USER = "postgres";

	private final Path data;

	private EmbeddedPostgres postgres;

	private CrashableServer(Path data, EmbeddedPostgres postgres) {
		this.data = data;
		this.postgres = postgres;
	}

	/**
	 * Starts a server.
	 * @param folder an empty folder for its data
	 */
	static CrashableServer start(Path folder) {
		Path data = folder.resolve("data");
		return new CrashableServer(data, server(data));
	}

	private static EmbeddedPostgres server(Path data) {
		try {
			return EmbeddedPostgres.builder()
				.setPGStartupWait(Duration.ofSeconds(60))
				.setDataDirectory(data)
				.setCleanDataDirectory(false)
				.setServerConfig("fsync", "off")
				.setServerConfig("autovacuum", "off")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("wal_writer_delay", "10s")
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String jdbcUrl() {
		return this.postgres.getJdbcUrl(USER, USER);
	}

	ConnectionSource connections() {
		return ConnectionSource.of(jdbcUrl(), USER, null);
	}

	/** Kills all processes of the server, and starts it again. */
	void crash() throws IOException {
		ProcessHandle postmaster = postmaster();
		List<ProcessHandle> processes = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
		processes.forEach(ProcessHandle::destroyForcibly);
		await().until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
		this.postgres.close();
		this.postgres = server(this.data);
	}

	private ProcessHandle postmaster() throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0));
		return ProcessHandle.of(pid).orElseThrow();
	}

	@Override
	public void close() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
