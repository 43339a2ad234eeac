package dev.tidemark.session.outcome;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Place;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.Severity;
import dev.tidemark.error.Thrown;
import dev.tidemark.session.Session;
import dev.tidemark.sql.script.SqlStatement;

/**
 * An error after which nobody can tell from the session itself what became of its work:
 * one of the connection, the driver or the client. What the server answers to a statement
 * is none, as long as the session goes on after it.
 *
 * @since 0.1.0
 */
public final class Breakdown {

	private final Session session;

	private final Throwable thrown;

	private final @Nullable SqlStatement statement;

	private final Duration silence;

	private final @Nullable ServerError error;

	/** What is told besides, as a sentence after a blank; or nothing. */
	private final String aside;

	private Breakdown(Session session, Throwable thrown, @Nullable SqlStatement statement, String aside) {
		this.aside = aside;
		this.session = session;
		this.thrown = thrown;
		this.statement = statement;
		this.silence = session.silence();
		this.error = (thrown instanceof SQLException sql) ? error(session, sql, statement) : null;
	}

	/** The server may have said why it hangs up; the driver only knows that it did. */
	private static ServerError error(Session session, SQLException ex, @Nullable SqlStatement statement) {
		ServerError error = session.errorOf(ex, statement);
		SQLException farewell = session.farewell();
		return (farewell != null && error.is("08")) ? session.errorOf(farewell) : error;
	}

	/**
	 * Returns the breakdown that an error is.
	 * @param statement the statement that ran, or {@code null} if it is not known
	 * @return {@code null} if the server reported the error, and the session goes on
	 */
	public static @Nullable Breakdown of(Session session, SQLException ex, @Nullable SqlStatement statement) {
		return (SessionEnd.isAnswer(ex) && session.isAlive()) ? null : new Breakdown(session, ex, statement, "");
	}

	/** Returns the breakdown that an error of the engine or the driver is. */
	public static Breakdown unexpected(Session session, Throwable thrown, @Nullable SqlStatement statement) {
		return new Breakdown(session, thrown, statement, "");
	}

	/** Returns the same, of which code was told that went on as if it was nothing. */
	public Breakdown caught() {
		return new Breakdown(this.session, this.thrown, this.statement,
				" The code was told of it, caught that, and went on.");
	}

	/** Ends the session, and looks up over another one what became of its work. */
	public Outcome outcome(CommitEvidence evidence) {
		return OutcomeReader.outcome(this.session, evidence);
	}

	/** Returns the session that it ended. */
	public Session session() {
		return this.session;
	}

	/** Returns the statement that ran, or {@code null} if it is not known. */
	public @Nullable SqlStatement statement() {
		return this.statement;
	}

	/** Returns what was thrown, without secrets. */
	public Throwable cause() {
		if (this.thrown instanceof SQLException sql) {
			return this.session.withoutSecrets(sql, this.statement);
		}
		return new Thrown(this.thrown, this.session.settings().mask()).withoutSecrets();
	}

	/**
	 * Says what happened, and what became of the work.
	 * @param what what the session worked at
	 * @param place where, or {@code null} if no file is concerned
	 * @param outcome what became of it
	 * @param states how to say so
	 */
	public Problem problem(String what, @Nullable Place place, Outcome outcome, States states) {
		return problem(what, this::remedyOfTimeout, place, outcome, states);
	}

	/**
	 * Says what happened, and what became of the work.
	 * @param what what the session worked at
	 * @param timeouts tells what to do about a time-out of the session, by its name
	 * @param place where, or {@code null} if no file is concerned
	 * @param outcome what became of it
	 * @param states how to say so
	 */
	public Problem problem(String what, UnaryOperator<String> timeouts, @Nullable Place place, Outcome outcome,
			States states) {
		if (outcome instanceof Outcome.NotKnownYet unknown) {
			return notKnownYet(end(what, timeouts, unknown.server()), place, unknown);
		}
		if (outcome instanceof Outcome.Committed committed) {
			SessionEnd end = end(what, timeouts, committed.server());
			return problem(end, place, states.committed() + elsewhere(committed.server()),
					states.keep() + " " + end.remedy());
		}
		if (outcome instanceof Outcome.RolledBack back) {
			SessionEnd end = end(what, timeouts, back.server());
			return problem(end, place, states.rolledBack() + elsewhere(back.server()), end.remedy());
		}
		if (outcome instanceof Outcome.Overtaken overtaken) {
			SessionEnd end = end(what, timeouts, overtaken.server());
			return problem(end, place, overtaken.state() + elsewhere(overtaken.server()),
					"Nothing has to be done about it here: the history tells what is done. " + end.remedy());
		}
		if (outcome instanceof Outcome.Prepared prepared) {
			return prepared.transaction().problem(what, true, place, "");
		}
		if (outcome instanceof Outcome.DatabaseGone gone) {
			SessionEnd end = SessionEnd.dropped(what);
			return problem(end, place, gone.state(), end.remedy());
		}
		throw new IllegalStateException("Unknown outcome: " + outcome.getClass().getName());
	}

	private Problem notKnownYet(SessionEnd end, @Nullable Place place, Outcome.NotKnownYet unknown) {
		return problem(ErrorCode.OUTCOME_UNKNOWN, end.what() + " What became of it is not known yet.", place,
				"Not known yet, as " + unknown.why() + ". Server process " + unknown.backend().pid() + ", started "
						+ unknown.backend().start() + ", worked for it, and may still come to its end, or commit.",
				"Look whether it is still there: " + unknown.look()
						+ " Leave the file as it is until that is known. The next start waits for the lock of that"
						+ " session, and goes by what the history says then. " + end.remedy());
	}

	/**
	 * Says what happened where no work was going on that could have changed anything.
	 * @param what what the session worked at
	 */
	public Problem problem(String what) {
		SessionEnd end = end(what, this::remedyOfTimeout, null);
		return problem(end, null, Problem.UNCHANGED, end.remedy());
	}

	private SessionEnd end(String what, UnaryOperator<String> timeouts, Outcome.@Nullable Server server) {
		return SessionEnd.of(what, this.thrown, this.error, this.session.abortReason(), server, this.silence, timeouts);
	}

	private String remedyOfTimeout(String setting) {
		return new StrayTimeout(this.session, setting).remedy();
	}

	private Problem problem(SessionEnd end, @Nullable Place place, String state, String remedy) {
		return problem(end.code(), end.what(), place, state, remedy);
	}

	private Problem problem(ErrorCode code, String what, @Nullable Place place, String state, String remedy) {
		return new Problem(code, Severity.ERROR, what + this.aside, place, this.error, state, remedy);
	}

	private static String elsewhere(Outcome.Server server) {
		return switch (server) {
			case SAME -> "";
			case OTHER -> " So says the server that answers now, which was started since, came back from a crash, or"
					+ " is another one.";
		};
	}

	/**
	 * How to say in which state the database is.
	 *
	 * @param committed the state after a commit, as a sentence
	 * @param keep what not to do then, as a sentence
	 * @param rolledBack the state after a rollback, as a sentence
	 * @since 0.1.0
	 */
	public record States(String committed, String keep, String rolledBack) {
	}

}
