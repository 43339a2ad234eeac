package dev.tidemark.session.outcome;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.Session;
import dev.tidemark.session.Undisturbed;
import dev.tidemark.session.settings.Backend;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Finds out over a new session what became of the work of one that has ended without the
 * server's answer. The server process of the old one may still be at work, and commit: it
 * is ended, and only when it is gone the database is asked. Used once.
 *
 * @since 0.1.0
 */
public final class OutcomeReader {

	/** For how long to look until it is said that the outcome is not known yet. */
	static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(5);

	private static final long FIRST_PAUSE_MILLIS = 20;

	private static final long LONGEST_PAUSE_MILLIS = 500;

	private static final String NO_RIGHT = "42501";

	private static final String CANNOT_CONNECT_NOW = "57P03";

	/** Our own rights, not those of a role that owns tables only. */
	private static final String AS_LOGIN = "SELECT pg_catalog.set_config('role', 'none', true); ";

	private static final Logger logger = PlainLogger.of(OutcomeReader.class);

	private final Session ended;

	private final Backend backend;

	private final UnaryOperator<String> mask;

	private final long deadline = System.nanoTime() + PATIENCE.toNanos();

	private String why = "nobody could be asked";

	private boolean wasDown;

	private boolean databaseMissing;

	private Outcome.@Nullable Server answered;

	private long pause = FIRST_PAUSE_MILLIS;

	private OutcomeReader(Session ended) {
		this.ended = ended;
		this.backend = ended.backend();
		this.mask = ended.settings().mask();
	}

	/**
	 * Finds out what became of the work of a session that has ended without the server's
	 * answer, or whose end nobody can trust; if it has not ended, it does now.
	 */
	public static Outcome outcome(Session session, CommitEvidence evidence) {
		session.giveUp();
		return new OutcomeReader(session).read(evidence);
	}

	/**
	 * Finds out what became of a commit whose message came to an error that the server
	 * reported, since the renewal of the session shares a round trip with it: in this
	 * session, or if that does not tell, over another one.
	 */
	public static Outcome outcomeOfCommit(Session session, CommitEvidence evidence) {
		try {
			Outcome outcome = session.isInTransaction() ? new Outcome.RolledBack(Outcome.Server.SAME, false, 0)
					: evidence.read(session.connection(), Outcome.Server.SAME);
			if (outcome != null) {
				return outcome;
			}
		}
		catch (SQLException ex) {
			logger.debug("What became of a commit could not be read in its session: {}", session.errorOf(ex));
		}
		return outcome(session, evidence);
	}

	/** Looks, and again while there is hope and time. */
	private Outcome read(CommitEvidence evidence) {
		try (Undisturbed undisturbed = new Undisturbed()) {
			boolean hope = true;
			while (hope) {
				try (Session session = this.ended.another(LOGIN_TIMEOUT)) {
					this.databaseMissing = false;
					session.prepare();
					Outcome outcome = read(session.connection(), evidence, undisturbed);
					if (outcome != null) {
						return outcome;
					}
				}
				catch (SQLException ex) {
					this.why = "the look at it failed: " + clause(ServerError.of(ex, this.mask).message());
				}
				catch (TidemarkException ex) {
					this.databaseMissing = ex.code() == ErrorCode.DATABASE_MISSING;
					ServerError server = ex.problems().get(0).server();
					this.wasDown |= server != null && server.is(CANNOT_CONNECT_NOW);
					this.why = "no new connection could be made for a look: "
							+ clause((server != null) ? server.message() : ex.problems().get(0).what());
					// It may be made again at once, as a restore does.
					hope = ex.code().isNotConnected() && ex.code() != ErrorCode.AUTHENTICATION;
				}
				hope = hope && pause(undisturbed);
			}
			if (this.databaseMissing) {
				return new Outcome.DatabaseGone(false);
			}
			logger.debug("What became of the work of server process {} is not known: {}", this.backend.pid(), this.why);
			return new Outcome.NotKnownYet(this.backend, this.why, look(evidence), this.answered);
		}
	}

	/**
	 * Returns {@code null} where the look has to begin anew, or there is no more time.
	 */
	private @Nullable Outcome read(Connection connection, CommitEvidence evidence, Undisturbed undisturbed)
			throws SQLException {
		do {
			Sight sight = look(connection);
			if (sight.standby()) {
				this.why = "the server that answers is a standby, which may lack what the primary has";
				return null;
			}
			this.answered = (sight.same() && !this.wasDown) ? Outcome.Server.SAME : Outcome.Server.OTHER;
			if (sight.same() && !sight.sameDatabase()) {
				return new Outcome.DatabaseGone(true);
			}
			if (!sight.there()) {
				this.why = "the server that answers cannot tell what became of its transaction";
				return evidence.read(connection, this.answered);
			}
			if (sight.replicating()) {
				// To end it would make the commit seen without the standby's having it.
				this.why = "the commit of its server process waits for a synchronous standby";
			}
			else {
				this.why = end(connection) ? "its server process is told to end, and is still there"
						: "its server process is still there, and this login may not end it";
			}
		}
		while (pause(undisturbed));
		return null;
	}

	private Sight look(Connection connection) throws SQLException {
		String start = StringLiteral.quote(this.backend.start()) + "::pg_catalog.timestamptz";
		try (Statement statement = connection.createStatement()) {
			// What this login may not see of another's process may be ours.
			statement.execute(AS_LOGIN + Operators.qualified("SELECT pg_catalog.pg_is_in_recovery(),"
					+ " pg_catalog.pg_postmaster_start_time() = " + StringLiteral.quote(this.backend.serverStart())
					+ "::pg_catalog.timestamptz, pg_catalog.count(a.pid) > 0, pg_catalog.count(a.pid) FILTER (WHERE"
					+ " a.wait_event = 'SyncRep') > 0, (SELECT d.oid::pg_catalog.text FROM pg_catalog.pg_database d"
					+ " WHERE d.datname = pg_catalog.current_database()) = "
					+ StringLiteral.quote(this.backend.database()) + " FROM pg_catalog.pg_stat_get_activity("
					+ this.backend.pid() + ") AS a WHERE a.backend_start IS NULL OR a.backend_start = " + start));
			statement.getMoreResults();
			try (ResultSet results = statement.getResultSet()) {
				results.next();
				return new Sight(results.getBoolean(1), results.getBoolean(2), results.getBoolean(3),
						results.getBoolean(4), results.getBoolean(5));
			}
		}
	}

	/** Returns whether this login may do so; another process of that number is safe. */
	private boolean end(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(AS_LOGIN + Operators.qualified("SELECT pg_catalog.pg_terminate_backend(a.pid)"
					+ " FROM pg_catalog.pg_stat_get_activity(" + this.backend.pid() + ") AS a WHERE a.backend_start = "
					+ StringLiteral.quote(this.backend.start()) + "::pg_catalog.timestamptz"));
			return true;
		}
		catch (SQLException ex) {
			if (ServerError.of(ex).is(NO_RIGHT)) {
				return false;
			}
			throw ex;
		}
	}

	/** The driver ends some of its messages as sentences. */
	private static String clause(String message) {
		return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
	}

	/** Returns whether there is time for another look. */
	private boolean pause(Undisturbed undisturbed) {
		if (System.nanoTime() - this.deadline > 0) {
			return false;
		}
		undisturbed.pause(this.pause);
		this.pause = Math.min(LONGEST_PAUSE_MILLIS, this.pause * 2);
		return true;
	}

	private String look(CommitEvidence evidence) {
		String process = "SELECT pid, backend_start, state, query FROM pg_catalog.pg_stat_activity WHERE pid = "
				+ this.backend.pid() + " AND backend_start = " + StringLiteral.quote(this.backend.start()) + ";";
		String look = (evidence.query() != null)
				? process + " then, when it is gone, " + evidence.query() + ";" + evidence.meaning() : process;
		return (this.answered == Outcome.Server.SAME) ? look : look + evidence.lookForLost();
	}

	/**
	 * What a look has shown.
	 *
	 * @param standby whether the server that answers is a standby
	 * @param same whether it is the one of the old session, as long as it was not down
	 * @param there whether the process of the old session is there
	 * @param replicating whether that waits for a standby to have its commit
	 * @param sameDatabase whether the database is that of the old session
	 */
	private record Sight(boolean standby, boolean same, boolean there, boolean replicating, boolean sameDatabase) {
	}

}
