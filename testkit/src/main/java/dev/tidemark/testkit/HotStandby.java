package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A server that is in recovery and answers queries, as a replica does. It has no primary:
 * what it holds is put there before it becomes a standby.
 */
public final class HotStandby implements AutoCloseable {

	private static final String NAME = "replicated";

	private final EmbeddedPostgres postgres;

	private final TestDatabase database;

	private HotStandby(EmbeddedPostgres postgres) {
		this.postgres = postgres;
		this.database = new TestDatabase(new PostgresServer("localhost", postgres.getPort()), NAME);
	}

	/**
	 * Starts a standby.
	 * @param folder an empty folder for its data
	 * @param primary fills the database while the server still takes writes
	 * @return the server, to be closed by the caller
	 */
	public static HotStandby start(Path folder, Consumer<TestDatabase> primary) {
		try {
			Path data = folder.resolve("data");
			try (EmbeddedPostgres postgres = server(data)) {
				primary.accept(new PostgresServer("localhost", postgres.getPort()).createDatabase(NAME));
			}
			Files.createFile(data.resolve("standby.signal"));
			return new HotStandby(server(data));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static EmbeddedPostgres server(Path data) throws IOException {
		return EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(60))
			.setDataDirectory(data)
			.setCleanDataDirectory(false)
			.setServerConfig("fsync", "off")
			.start();
	}

	/**
	 * Returns the database that was filled.
	 * @return the database, which can be read only
	 */
	public TestDatabase database() {
		return this.database;
	}

	/** Stops the server. */
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
