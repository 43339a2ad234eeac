package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * The processes of an embedded server that one test has for itself.
 */
final class EmbeddedServer implements AutoCloseable {

	private final EmbeddedPostgres postgres;

	private EmbeddedServer(EmbeddedPostgres postgres) {
		this.postgres = postgres;
	}

	/**
	 * Starts a server on a free port.
	 * @param data the folder of its data, which stays when it is stopped, or {@code null}
	 * for one that goes with it
	 * @param settings its settings, as in {@code postgresql.conf}
	 * @return the server, to be closed by the caller
	 */
	static EmbeddedServer start(@Nullable Path data, Map<String, String> settings) {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(60))
			.setServerConfig("fsync", "off");
		if (data != null) {
			builder.setDataDirectory(data).setCleanDataDirectory(false);
		}
		settings.forEach(builder::setServerConfig);
		try {
			return new EmbeddedServer(builder.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	EmbeddedPostgres postgres() {
		return this.postgres;
	}

	/** Returns where the server is reached. */
	PostgresServer address() {
		return new PostgresServer("localhost", this.postgres.getPort());
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
