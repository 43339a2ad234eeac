package dev.tidemark.migration;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What code of an application uses to work in a run: the connection that migrates, in a
 * transaction that is open already. The code can neither commit it nor roll it back; to
 * throw an exception is how it says that its work is not to stay. Valid until the code
 * returns, and on its thread only.
 *
 * @since 0.1.0
 */
public interface JdbcContext {

	/**
	 * Returns a client that works in the transaction.
	 * @return the client
	 */
	JdbcClient client();

	/**
	 * Returns operations that work in the transaction. With
	 * {@link JdbcOperations#execute(ConnectionCallback)} they lend the connection itself,
	 * as {@code COPY} needs it; it refuses what begins or ends transactions.
	 * @return the operations
	 */
	JdbcOperations operations();

}
