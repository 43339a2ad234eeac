package dev.tidemark.rollout.run;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.KeptConnection;

/**
 * The connections that batches run on, one for each worker. They are kept from one
 * backfill to the next, and from tenant to tenant.
 */
final class WorkerConnections implements AutoCloseable {

	private static final Logger logger = PlainLogger.of(WorkerConnections.class);

	private final ConnectionSource source;

	private final List<KeptConnection> connections = new ArrayList<>();

	WorkerConnections(ConnectionSource source) {
		this.source = source;
	}

	/** Returns the connections for so many workers, and closes those beyond. */
	List<KeptConnection> take(int workers) {
		while (this.connections.size() < workers) {
			this.connections.add(new KeptConnection(this.source));
		}
		while (this.connections.size() > workers) {
			close(this.connections.remove(this.connections.size() - 1));
		}
		return List.copyOf(this.connections);
	}

	private static void close(KeptConnection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("A connection could not be closed: {}", ServerError.of(ex));
		}
	}

	@Override
	public void close() {
		take(0);
	}

}
