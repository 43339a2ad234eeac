package dev.tidemark.sample.database;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** A PostgreSQL server that lives as long as the application context. */
final class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

	private static final String SUPERUSER = "postgres";

	private final EmbeddedPostgres server;

	private EmbeddedDatabase(EmbeddedPostgres.Builder builder) {
		try {
			// The library's own shutdown hook would pull the server away from a context
			// that is being closed.
			this.server = builder.setRegisterShutdownHook(false).setPGStartupWait(Duration.ofMinutes(1)).start();
			// Runs after contexts are closed, also where one cannot be: when the process
			// ends in the middle of a start, as with tidemark.mode=migrate-and-exit.
			SpringApplication.getShutdownHandlers().add(this::close);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a server whose data is deleted when it stops.
	 * @return the server
	 */
	static EmbeddedDatabase temporary() {
		// In the folder where the library looks for what killed processes left behind.
		File parent = new File(System.getProperty("java.io.tmpdir"), "embedded-pg");
		return new EmbeddedDatabase(
				EmbeddedPostgres.builder().setDataDirectory(new File(parent, UUID.randomUUID().toString())));
	}

	/**
	 * Starts a server on data that may be there already. A server that outlived a killed
	 * process is stopped first.
	 * @param directory the folder of the data
	 * @return the server
	 */
	static EmbeddedDatabase keptIn(Path directory) {
		Path absolute = directory.toAbsolutePath().normalize();
		new DataDirectory(absolute).takeOver();
		return new EmbeddedDatabase(EmbeddedPostgres.builder()
			.setDataDirectory(absolute)
			.setCleanDataDirectory(false)
			// The library trades safety for speed, which suits temporary data only.
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on"));
	}

	@Override
	public String getJdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.server.getPort() + "/postgres";
	}

	@Override
	public String getUsername() {
		return SUPERUSER;
	}

	/** Returns a password that is never asked for. */
	@Override
	public String getPassword() {
		return "";
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
