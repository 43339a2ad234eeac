package dev.tidemark.session.outcome;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.Thrown;

/**
 * How a session came to its end, and what to do about that.
 *
 * @param code the code, if nothing more important is to be told
 * @param what what happened, as a sentence
 * @param remedy what to do, besides what follows from the state of the database
 * @since 0.1.0
 */
public record SessionEnd(ErrorCode code, String what, String remedy) {

	/** How pgjdbc begins to say that it closes the connection because of a setting. */
	private static final String DRIVER_REFUSES = "The server's";

	/** A pause that no flow is cut for is not worth a word. */
	private static final Duration WORTH_A_WORD = Duration.ofSeconds(1);

	/**
	 * Finds out how a session has ended.
	 * @param what what was interrupted, such as {@code version 7}
	 * @param thrown what the session ended with
	 * @param error the same as it is told, or {@code null} if it is no error of the
	 * connection
	 * @param reason why this instance has cut the connection itself, as a sentence
	 * without its full stop, or {@code null}
	 * @param server which server answers now, or {@code null} if none does
	 * @param silence how long nothing went over the connection
	 * @param timeouts tells what to do about a time-out of a session, by its name
	 */
	static SessionEnd of(String what, Throwable thrown, @Nullable ServerError error, @Nullable String reason,
			Outcome.@Nullable Server server, Duration silence, UnaryOperator<String> timeouts) {
		if (reason != null) {
			return lost("This instance cut its connection in the middle of " + what + ". " + reason + ".", between());
		}
		if (error == null) {
			return new SessionEnd(ErrorCode.UNEXPECTED, "An error that nobody expected, " + thrown.getClass().getName()
					+ ", ended " + what + ", and its connection was cut.", remedy(thrown));
		}
		if (isRefusedByDriver(error)) {
			return new SessionEnd(ErrorCode.STATEMENT,
					"The driver closed the connection, since a statement of " + what
							+ " set DateStyle or client_encoding to what it cannot read.",
					"Take it out where it is set, which may be a function or trigger that a statement calls; the driver"
							+ " needs DateStyle ISO and client_encoding UTF8. Then start again.");
		}
		if (error.isConnectionLost()) {
			return lost(what, thrown, error, server, silence, timeouts);
		}
		if (isAnswer(thrown)) {
			return new SessionEnd(ErrorCode.STATEMENT,
					"The server reported an error in the middle of " + what
							+ ", and its session could not be used any more after it.",
					"Solve what the server says, and start again.");
		}
		return new SessionEnd(ErrorCode.STATEMENT, "The driver could not go on with a statement of " + what + ".",
				"Take out what the driver refuses, and start again.");
	}

	/** The driver closes a connection whose settings it cannot read. */
	public static boolean isRefusedByDriver(ServerError error) {
		return error.message().startsWith(DRIVER_REFUSES);
	}

	/** Tells whether it is what the server has answered to a statement. */
	static boolean isAnswer(Throwable thrown) {
		PSQLException driver = Thrown.find(thrown, PSQLException.class);
		return driver != null && driver.getServerErrorMessage() != null;
	}

	private static String remedy(Throwable thrown) {
		if (thrown instanceof OutOfMemoryError) {
			return "Give the process more memory, and start again.";
		}
		return (thrown instanceof StackOverflowError)
				? "See in its stack trace what calls itself again and again, and let it go less deep (a loop instead of a"
						+ " recursion) or give its thread a larger stack (-Xss); then start again."
				: "Start again. If it comes again, report it with its stack trace.";
	}

	private static SessionEnd lost(String what, Throwable thrown, ServerError error, Outcome.@Nullable Server server,
			Duration silence, UnaryOperator<String> timeouts) {
		return switch (error.sqlState()) {
			case "57P01" -> lost(
					"Somebody ended the session in the middle of " + what
							+ " (pg_terminate_backend), or the server was shut down.",
					"Find out who did so and why, and start again when the server is up.");
			case "57P02" -> lost(
					"The server ended all sessions in the middle of " + what
							+ ", since one of its processes had crashed.",
					"Look into the log of the server for the crash, and start again when it is up.");
			case "57P03" -> lost("The server is starting or shutting down, in the middle of " + what + ".",
					"Start again when it is up.");
			case "57P04" -> dropped(what);
			case "57P05" -> lost(
					"The server ended the session in the middle of " + what
							+ ", since it was idle for longer than idle_session_timeout.",
					timeouts.apply("idle_session_timeout"));
			case "25P03" -> lost(
					"The server ended the session in the middle of " + what
							+ ", since its transaction was idle for longer than idle_in_transaction_session_timeout.",
					timeouts.apply("idle_in_transaction_session_timeout"));
			case "25P04" -> lost(
					"The server ended the session in the middle of " + what
							+ ", since its transaction took longer than transaction_timeout.",
					timeouts.apply("transaction_timeout"));
			default -> cut(what, thrown, server, silence);
		};
	}

	/** The database of the session is not there any more. */
	static SessionEnd dropped(String what) {
		return lost("The database was dropped, or got another name, in the middle of " + what + ".",
				"Find out who did so. If it was dropped, create it unless that is done already, and start again.");
	}

	/** Nobody has said why: what is there now tells it as far as it can be told. */
	private static SessionEnd cut(String what, Throwable thrown, Outcome.@Nullable Server server, Duration silence) {
		if (isTimeout(thrown)) {
			return lost(
					"The driver waited no longer for the server in the middle of " + what
							+ ": the URL or the DataSource has a socketTimeout.",
					"Take socketTimeout out of the URL or the DataSource that migrates, or raise it above the longest"
							+ " statement; " + SettingNames.name("connection.url")
							+ " may be a URL without it. Then start again.");
		}
		if (server == null) {
			return lost("The connection was lost in the middle of " + what + ".",
					"Start again when the server is back.");
		}
		if (server == Outcome.Server.OTHER) {
			return lost(
					"The connection was lost in the middle of " + what
							+ ": the server was started again or came back from a crash, or another one answers now.",
					"Look into the log of the server for the reason, and start again.");
		}
		return lost("The connection was cut in the middle of " + what + ", "
				+ ((silence.compareTo(WORTH_A_WORD) >= 0)
						? "after " + silence.toSeconds() + " s in which nothing went over it, " : "")
				+ "although the server is up.", between());
	}

	private static String between() {
		return "See what lies between (a proxy, load balancer, NAT or firewall that cuts flows"
				+ " which are idle for too long): let it wait longer, or send keepalives more often than it cuts"
				+ " (net.ipv4.tcp_keepalive_time here, tcp_keepalives_idle on the server), or set "
				+ SettingNames.name("connection.url") + " to a URL that"
				+ " leads directly to the server; then start again.";
	}

	private static boolean isTimeout(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof SocketTimeoutException) {
				return true;
			}
		}
		return false;
	}

	private static SessionEnd lost(String what, String remedy) {
		return new SessionEnd(ErrorCode.CONNECTION_LOST, what, remedy);
	}

}
