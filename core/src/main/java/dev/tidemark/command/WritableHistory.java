package dev.tidemark.command;

import java.sql.SQLException;
import java.util.Optional;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.HistoryTable;
import dev.tidemark.session.Session;

/**
 * Makes sure under the lock that the history can be written, before anything runs.
 *
 * @since 0.1.0
 */
public final class WritableHistory {

	private static final Logger logger = PlainLogger.of(WritableHistory.class);

	private WritableHistory() {
	}

	/**
	 * Requires a table that this version can write, and brings one that an older version
	 * has made to today's layout. All layouts of a major version can be written, so that
	 * a run does not depend on the change: it waits for nobody who reads the table.
	 * @param session a session that is set up and holds the lock, outside of a
	 * transaction
	 * @param table the history, which exists
	 * @throws TidemarkException if the role or this version cannot write it
	 * @throws SQLException if the connection fails
	 */
	public static void require(Session session, HistoryTable table) throws SQLException {
		Optional<String> change = table.requireWritable(session.connection());
		if (change.isEmpty()) {
			return;
		}
		try {
			session.write(change.get());
			logger.info("Brought the history table {} to the layout of this version", table.qualifiedName());
		}
		catch (SQLException ex) {
			if (!session.isAlive() || session.isCancelled()) {
				throw ex;
			}
			session.rollBack();
			logger.info("The history table {} keeps the layout of an older version until the next run: {}",
					table.qualifiedName(), session.errorOf(ex));
		}
	}

}
