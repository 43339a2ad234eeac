package dev.tidemark.run.code;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;

import dev.tidemark.session.OpenTransaction;
import dev.tidemark.session.Session;

/**
 * What a call of code has come to that works in a transaction of others, which goes on
 * behind it.
 *
 * @param end what has become of the transaction
 * @param rows how many rows the code was told that its updates have changed
 * @param thrown what it has thrown, or {@code null} if it has returned
 * @since 0.1.0
 */
public record CodeCall(End end, long rows, @Nullable Throwable thrown) {

	/**
	 * Calls code in the transaction that is open.
	 * @param session the session, which stays in the transaction unless the code has
	 * ended that
	 * @param code the code
	 * @throws SQLException if the connection fails before the code is called, or behind
	 * it
	 */
	public static CodeCall of(Session session, CodeTransaction.Code code) throws SQLException {
		OpenTransaction transaction = session.lend();
		GuardedConnection lent = new GuardedConnection(session.connection());
		Throwable thrown = call(code, lent);
		if (thrown instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
		if (lent.error() != null || thrown instanceof VirtualMachineError) {
			// What the driver was in the middle of nobody knows.
			session.giveUp();
		}
		return new CodeCall(end(session, transaction, lent), lent.rows(), thrown);
	}

	/** Whatever code throws is a failure of it. */
	private static @Nullable Throwable call(CodeTransaction.Code code, GuardedConnection lent) {
		try (lent) {
			code.run(GuardedJdbc.of(lent.connection()));
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	private static End end(Session session, OpenTransaction transaction, GuardedConnection lent) throws SQLException {
		if (session.isGivenUp() || lent.end() != null || !session.isAlive()) {
			return End.LOST;
		}
		if (session.transactionState() == TransactionState.FAILED) {
			return End.BROKEN;
		}
		if (session.transactionState() == TransactionState.OPEN && transaction.isStillOf(session.connection())) {
			return End.OPEN;
		}
		session.rollBack();
		return transaction.hasCommitted(session.connection()) ? End.COMMITTED : End.ENDED;
	}

	/**
	 * What has become of the transaction.
	 *
	 * @since 0.1.0
	 */
	public enum End {

		/** It is open, as it was. */
		OPEN,

		/** It is open, and a statement in it has failed. */
		BROKEN,

		/** The code has committed it. */
		COMMITTED,

		/** The code has ended it otherwise. */
		ENDED,

		/** Its session has ended. */
		LOST

	}

}
