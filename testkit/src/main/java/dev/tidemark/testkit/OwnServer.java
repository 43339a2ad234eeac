package dev.tidemark.testkit;

import java.sql.SQLException;
import java.util.Map;

/**
 * An embedded server for one test alone, whose settings are nobody else's business.
 */
public final class OwnServer implements AutoCloseable {

	private final EmbeddedServer server;

	private OwnServer(EmbeddedServer server) {
		this.server = server;
	}

	/**
	 * Starts a server on a free port.
	 * @param settings its settings, as in {@code postgresql.conf}
	 * @return the server, to be closed by the caller
	 */
	public static OwnServer start(Map<String, String> settings) {
		EmbeddedServer server = EmbeddedServer.start(null, settings);
		try {
			PostgresServer.demandPasswords(server.postgres());
			return new OwnServer(server);
		}
		catch (SQLException ex) {
			server.close();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Creates an empty database.
	 * @return the database
	 */
	public TestDatabase createDatabase() {
		return this.server.address().createDatabase();
	}

	/** Stops the server. */
	@Override
	public void close() {
		this.server.close();
	}

}
