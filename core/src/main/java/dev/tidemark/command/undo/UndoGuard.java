package dev.tidemark.command.undo;

import java.sql.SQLException;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Session;

/**
 * What has to be so before anything is undone.
 */
@FunctionalInterface
interface UndoGuard {

	/**
	 * Checks whether it is so.
	 * @param session the session that holds the lock
	 * @throws TidemarkException if it is not
	 * @throws SQLException if the connection fails
	 */
	void check(Session session) throws SQLException;

}
