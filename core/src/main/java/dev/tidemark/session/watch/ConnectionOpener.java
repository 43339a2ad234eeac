package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Opens connections to look on with, beside one that is in use.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConnectionOpener {

	/**
	 * Opens a connection.
	 * @param applicationName how the server shall name its session
	 * @param timeout how long the login may take
	 * @return the connection, to be closed by the caller
	 * @throws SQLException if there is none
	 */
	Connection open(String applicationName, Duration timeout) throws SQLException;

}
