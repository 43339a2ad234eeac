package dev.tidemark.session.outcome;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.Backend;

/**
 * What became of work whose session has ended without the server's answer, as the
 * database says that answers now.
 *
 * @since 0.1.0
 */
public sealed interface Outcome {

	/**
	 * Whether the server is the one that the session had.
	 *
	 * @since 0.1.0
	 */
	enum Server {

		/** The same one, which was up all the time as far as can be seen. */
		SAME,

		/** One that was started since, came back from a crash, or stands elsewhere. */
		OTHER

	}

	/** Tells whether there is still something to say of it in the history. */
	default boolean isToBeRecorded() {
		return !(this instanceof Committed || this instanceof Overtaken || this instanceof DatabaseGone);
	}

	/**
	 * It is in the database.
	 *
	 * @param server which server said so
	 * @since 0.1.0
	 */
	record Committed(Server server) implements Outcome {
	}

	/**
	 * What was not committed is gone, and can come no more.
	 *
	 * @param server which server said so
	 * @param begun whether the history has a row of the run
	 * @param statementsDone how many statements are done by that row
	 * @since 0.1.0
	 */
	record RolledBack(Server server, boolean begun, int statementsDone) implements Outcome {
	}

	/**
	 * It is prepared for a two-phase commit, and waits for somebody who ends it.
	 *
	 * @param transaction the transaction
	 * @since 0.1.0
	 */
	record Prepared(PreparedTransaction transaction) implements Outcome {
	}

	/**
	 * It was not committed, and another deployment has gone on after it.
	 *
	 * @param server which server said so
	 * @param deployments the deployments
	 * @param steps what they have recorded, in words
	 * @since 0.1.0
	 */
	record Overtaken(Server server, Set<String> deployments, List<String> steps) implements Outcome {

		private static final int MANY = 10;

		public Overtaken {
			deployments = Set.copyOf(deployments);
			steps = List.copyOf(steps);
		}

		/** Returns the state of the database, as sentences. */
		public String state() {
			int size = this.steps.size();
			String told = String.join(", ", this.steps.subList(0, Math.min(size, MANY)))
					+ ((size > MANY) ? " and " + (size - MANY) + " more" : "");
			return "What was not committed was rolled back. Another instance, deployment "
					+ String.join(", ", this.deployments) + ", has gone on in its place, and recorded: " + told + ".";
		}

	}

	/**
	 * The server does not know the database any more that had it.
	 *
	 * @param replaced whether there is another one of its name
	 * @since 0.1.0
	 */
	record DatabaseGone(boolean replaced) implements Outcome {

		/** Returns the state of the database, as sentences. */
		public String state() {
			return this.replaced
					? "The server has another database of that name since. What this run had done, and told of"
							+ " before, is in none that is reached by that name any more: it is gone, if the former"
							+ " one was not only renamed."
					: "The server that answers has no database of that name any more. What this run had done, and"
							+ " told of before, is gone, if it was not only renamed.";
		}

	}

	/**
	 * It may still change, or nobody could be asked.
	 *
	 * @param backend the server process that works for the session, or did
	 * @param why why it is not known, as a clause
	 * @param look the queries with which a person looks
	 * @param server which server was asked, or {@code null} if none answered
	 * @since 0.1.0
	 */
	record NotKnownYet(Backend backend, String why, String look, @Nullable Server server) implements Outcome {
	}

}
