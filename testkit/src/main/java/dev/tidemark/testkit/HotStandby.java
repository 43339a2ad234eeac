package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A server that is in recovery and answers queries, as a replica does. It has no primary:
 * what it holds is put there before it becomes a standby.
 */
public final class HotStandby implements AutoCloseable {

	private static final String NAME = "replicated";

	private final EmbeddedServer server;

	private HotStandby(EmbeddedServer server) {
		this.server = server;
	}

	/**
	 * Starts a standby.
	 * @param folder an empty folder for its data
	 * @param primary fills the database while the server still takes writes
	 * @return the server, to be closed by the caller
	 */
	public static HotStandby start(Path folder, Consumer<TestDatabase> primary) {
		Path data = folder.resolve("data");
		try (EmbeddedServer server = EmbeddedServer.start(data, Map.of())) {
			primary.accept(server.address().createDatabase(NAME));
		}
		try {
			Files.createFile(data.resolve("standby.signal"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new HotStandby(EmbeddedServer.start(data, Map.of()));
	}

	/**
	 * Returns the database that was filled.
	 * @return the database, which can be read only
	 */
	public TestDatabase database() {
		return new TestDatabase(this.server.address(), NAME);
	}

	/** Stops the server. */
	@Override
	public void close() {
		this.server.close();
	}

}
