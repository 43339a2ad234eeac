package dev.tidemark.session.outcome;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What shows, once a server process is gone, whether it has committed its work.
 *
 * @since 0.1.0
 */
public interface CommitEvidence {

	/**
	 * Returns the query that shows it, as people are shown it; {@code null} where no
	 * commit was sent.
	 */
	@Nullable String query();

	/** Says what a row of the query, or none, means to a person who looks. */
	String meaning();

	/** Says where a person looks for what the server may have lost. */
	String lookForLost();

	/**
	 * Looks.
	 * @param connection a connection to the database, now that the process is gone
	 * @param server which server it leads to
	 * @return what it shows, or {@code null} if it shows nothing for certain
	 * @throws SQLException if the look fails
	 */
	@Nullable Outcome read(Connection connection, Outcome.Server server) throws SQLException;

}
