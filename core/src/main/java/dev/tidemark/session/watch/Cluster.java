package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;

/**
 * The data of a server that takes writes. It stays the same when that server is started
 * again, but not when a standby takes its place: that begins another timeline.
 *
 * @param system what the server and its standbys have in common
 * @param timeline the line of its write-ahead log
 */
record Cluster(String system, String timeline) {

	private static final String QUERY = """
			SELECT c.system_identifier::pg_catalog.text,
			  pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8)
			FROM pg_catalog.pg_control_system() AS c""";

	private static final Logger logger = PlainLogger.of(Cluster.class);

	/**
	 * Asks a server; {@code null} if it does not tell, as a standby and one that keeps it
	 * from its users.
	 */
	static @Nullable Cluster of(Connection connection) {
		try (Statement statement = connection.createStatement(); ResultSet results = statement.executeQuery(QUERY)) {
			results.next();
			return new Cluster(results.getString(1), results.getString(2));
		}
		catch (SQLException ex) {
			logger.debug("A server does not tell what its data is: {}", ServerError.of(ex));
			return null;
		}
	}

}
