package dev.tidemark.session.outcome;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Session;

/**
 * Says what errors of the connection as a whole mean.
 *
 * @since 0.1.0
 */
public final class ConnectionProblems {

	private ConnectionProblems() {
	}

	/**
	 * Says that something went wrong that nobody expected, outside of any migration, and
	 * ends the session.
	 * @param doing what it ended
	 */
	public static TidemarkException unexpected(Session session, String doing, Throwable thrown) {
		session.giveUp();
		Breakdown breakdown = Breakdown.unexpected(session, thrown, null);
		return new TidemarkException(breakdown.problem(doing), breakdown.cause());
	}

	/**
	 * Says that something went wrong that nobody expected in the middle of our own
	 * statements, and what became of them.
	 * @param doing what it ended
	 * @param evidence what shows whether they are committed
	 * @param rolledBack in which state the database is if they are not
	 */
	public static TidemarkException unexpected(Session session, String doing, Throwable thrown, CommitEvidence evidence,
			String rolledBack) {
		return broken(Breakdown.unexpected(session, thrown, null), doing, evidence, states(rolledBack));
	}

	/** Returns how to say what became of own writes. */
	public static Breakdown.States states(String rolledBack) {
		return new Breakdown.States("It is done, and recorded.", "Nothing of it has to be repeated.", rolledBack);
	}

	private static TidemarkException broken(Breakdown breakdown, String doing, CommitEvidence evidence,
			Breakdown.States states) {
		return new TidemarkException(breakdown.problem(doing, null, breakdown.outcome(evidence), states),
				breakdown.cause());
	}

	/**
	 * Says what an error of our own queries means, outside of any migration.
	 * @param session the session in which they ran
	 */
	public static TidemarkException whileWorking(Session session, String doing, SQLException ex) {
		String reason = session.abortReason();
		if (reason == null) {
			return whileWorking(doing, ex);
		}
		Breakdown breakdown = Breakdown.unexpected(session, ex, null);
		return new TidemarkException(breakdown.problem(doing), breakdown.cause());
	}

	/** Says what an error of our own queries means, outside of any migration. */
	public static TidemarkException whileWorking(String doing, SQLException ex) {
		ServerError error = ServerError.of(ex);
		return new TidemarkException(problem(doing, error, DeniedRight.UNKNOWN_ROLE).withServer(error),
				ServerError.withoutSecrets(ex));
	}

	/**
	 * Says what an error of a look at the history means, if the server has answered.
	 * @throws SQLException if it has not, or not in time
	 */
	public static TidemarkException whileLooking(SQLException ex) throws SQLException {
		ServerError error = ServerError.of(ex);
		if (error.is("00000") || error.isConnectionLost() || error.is("57014")) {
			throw ex;
		}
		return whileWorking("looking at the history", ex);
	}

	/**
	 * Says what an error of our own statements means, outside of any migration, and what
	 * became of them.
	 * @param evidence what shows whether they are committed
	 * @param rolledBack in which state the database is if they are not
	 */
	public static TidemarkException whileWriting(Session session, String doing, SQLException ex,
			CommitEvidence evidence, String rolledBack) {
		return whileWriting(session, (error) -> Optional.empty(), doing, ex, evidence, states(rolledBack));
	}

	/**
	 * Says what an error of our own statements means, outside of any migration, and what
	 * became of the work that they belong to.
	 * @param known returns what the error means where they were made, if there is more to
	 * say of it than of any
	 * @param evidence what shows whether it is committed
	 * @param states in which state the database is then, and if not
	 */
	public static TidemarkException whileWriting(Session session, Function<ServerError, Optional<Problem>> known,
			String doing, SQLException ex, CommitEvidence evidence, Breakdown.States states) {
		Breakdown breakdown = Breakdown.of(session, ex, null);
		if (breakdown == null) {
			ServerError error = session.errorOf(ex);
			return new TidemarkException(known.apply(error)
				.orElseGet(() -> problem(doing, error, DeniedRight.role(session)).withServer(error))
				.withState(states.rolledBack()), session.withoutSecrets(ex));
		}
		return broken(breakdown, doing, evidence, states);
	}

	private static Problem problem(String doing, ServerError error, String role) {
		if (error.isConnectionLost()) {
			return Problem.error(ErrorCode.CONNECTION_LOST, null, "The connection was lost while " + doing + ".",
					"Start again when the server is back; the history tells what is done.");
		}
		if (error.is("25006")) {
			return Problem.error(ErrorCode.READ_ONLY, null,
					"The database accepts no writes: it is a standby, or default_transaction_read_only is on.",
					readOnlyRemedy());
		}
		if (error.is("57014")) {
			return cancelled(doing);
		}
		if (error.is("55P03")) {
			return lockNotFree(doing);
		}
		if (error.is("42501")) {
			return Problem.error(ErrorCode.PRIVILEGE, null, "The role lacks a right for " + doing + ".",
					DeniedRight.remedy(error, role));
		}
		if (error.is("40P01") || error.is("40001")) {
			return Problem.error(ErrorCode.SESSION_CONFLICT, null,
					"A statement of Tidemark got into a conflict with another session while " + doing
							+ ", and the server broke it off.",
					"Start again: nothing has to be corrected.");
		}
		if (error.is("53")) {
			return Problem.error(ErrorCode.RESOURCES, null, "The server ran out of what it needs while " + doing + ".",
					"Give the server what it names (room on a disk, memory, a higher limit), and start again.");
		}
		return Problem.error(ErrorCode.HISTORY_ACCESS, null, "The server reported an error while " + doing + ".",
				"Solve what the server says, and start again.");
	}

	private static Problem cancelled(String doing) {
		return Problem.error(ErrorCode.STATEMENT_TIMEOUT, null,
				"The server cancelled a statement of Tidemark while " + doing + ".",
				"Find out who cancelled it (pg_cancel_backend), or whose statement_timeout is too short: that of" + " "
						+ SettingNames.name("run.statement-timeout")
						+ ", or before the session is set up that of the pool, the login or"
						+ " the database (ALTER ROLE or ALTER DATABASE ... SET statement_timeout). Then start again.");
	}

	private static Problem lockNotFree(String doing) {
		return Problem.error(ErrorCode.LOCK_TIMEOUT, null,
				"A statement of Tidemark did not get its lock within lock_timeout while " + doing + ".",
				"Find out who holds the lock (see pg_locks), and start again when it is free. The lock_timeout is that"
						+ " of " + SettingNames.name("locks.timeout")
						+ ", or before the session is set up that of the pool, the login or" + " the database.");
	}

	/** Says what to do where a transaction takes no writes. */
	public static String readOnlyRemedy() {
		return "Ask the server: if SELECT pg_is_in_recovery() says true, it is a standby, so" + " point "
				+ SettingNames.name("connection.url")
				+ " at the primary. Else something makes transactions read-only: SHOW"
				+ " default_transaction_read_only, or a SET TRANSACTION of a file. To only look, set tidemark.mode=verify.";
	}

}
