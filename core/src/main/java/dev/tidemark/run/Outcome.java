package dev.tidemark.run;

import org.jspecify.annotations.Nullable;

/**
 * What became of work whose session has ended without the server's answer, as the
 * database says that answers now.
 */
sealed interface Outcome {

	/** Whether the server is the one that the session had. */
	enum Server {

		/** The same one, which was up all the time as far as can be seen. */
		SAME,

		/** One that was started since, came back from a crash, or stands elsewhere. */
		OTHER

	}

	/**
	 * It is in the database.
	 *
	 * @param server which server said so
	 */
	record Committed(Server server) implements Outcome {
	}

	/**
	 * What was not committed is gone, and can come no more.
	 *
	 * @param server which server said so
	 * @param begun whether the history has a row of the run
	 * @param statementsDone how many statements are done by that row
	 */
	record RolledBack(Server server, boolean begun, int statementsDone) implements Outcome {
	}

	/**
	 * It is prepared for a two-phase commit, and waits for somebody who ends it.
	 *
	 * @param transaction the transaction
	 */
	record Prepared(PreparedTransaction transaction) implements Outcome {
	}

	/** The server does not know the database any more that had it. */
	record DatabaseGone() implements Outcome {
	}

	/**
	 * It may still change, or nobody could be asked.
	 *
	 * @param backend the server process that works for the session, or did
	 * @param why why it is not known, as a clause
	 * @param look the queries with which a person looks
	 * @param server which server was asked, or {@code null} if none answered
	 */
	record NotKnownYet(Backend backend, String why, String look, @Nullable Server server) implements Outcome {
	}

}
