package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * An embedded server for one test alone, whose settings are nobody else's business.
 */
public final class OwnServer implements AutoCloseable {

	private final EmbeddedPostgres postgres;

	private final PostgresServer server;

	private OwnServer(EmbeddedPostgres postgres) throws SQLException {
		this.postgres = postgres;
		PostgresServer.demandPasswords(postgres);
		this.server = new PostgresServer("localhost", postgres.getPort());
	}

	/**
	 * Starts a server on a free port.
	 * @param settings its settings, as in {@code postgresql.conf}
	 * @return the server, to be closed by the caller
	 */
	public static OwnServer start(Map<String, String> settings) {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(60))
			.setServerConfig("fsync", "off");
		settings.forEach(builder::setServerConfig);
		try {
			return new OwnServer(builder.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Creates an empty database.
	 * @return the database
	 */
	public TestDatabase createDatabase() {
		return this.server.createDatabase();
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
