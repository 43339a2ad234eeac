package dev.tidemark.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;

/**
 * Finds out whether a connection keeps its server session between transactions, before
 * anything is changed or set. Behind a pooler in transaction or statement mode it does
 * not: the instance lock would stay with a session that the next client is given, and the
 * settings of a migration with it.
 * <p>
 * The server tells a client at login which process serves it. A pooler answers logins
 * itself, with a number that it makes up. So where the two numbers agree, the connection
 * is direct, and one query has shown it. Where they differ there is some pooler, in
 * whichever mode.
 * <p>
 * Only then a second connection is opened, and both ask by turns, each time in a
 * transaction of its own, which process serves them. The mode is proven by either of
 * these, and by nothing else:
 * <ul>
 * <li>The first connection is served by another process than before, and still lives. In
 * session mode a client loses its connection with its server session.</li>
 * <li>The second connection is served by the process of the first, which answers
 * afterwards, so that it was connected all the time. In session mode a server session has
 * one client until that one leaves.</li>
 * </ul>
 * So nobody is accused wrongly: neither a direct connection nor a pooler in session mode
 * ever does one of the two. A process is told by its number together with the start of
 * its server, since two servers behind one address may well use a number twice.
 * <p>
 * Nor does transaction mode pass by luck, as it would if only one connection were
 * watched: alone it is given the same server session each time. PgBouncer gives a session
 * that becomes idle to the next client that asks (the second connection is served by the
 * process of the first), or with {@code server_round_robin} the one that has been idle
 * for longest (both wander through the pool; in a pool of one they meet). With
 * {@code server_reset_query_always} a session is not free at once, so the second one asks
 * twice in a row: while its own session is being reset, that of the first is free again.
 * Clients of others shuffle the sessions: with two sessions and more clients than that,
 * one round in six proves nothing, and all rounds together fail once in many millions.
 * <p>
 * In session mode a small pool may have no server session left for the second connection,
 * and a data source that does not tell its URL may have no second connection. Then only
 * the first one is watched, and the log says so. One connection alone proves nothing: the
 * pooler gives it the same server session each time as long as no other client comes in
 * between, and what would force it to another one (a session that ends while it is idle)
 * cuts off a client of others in transaction mode, and the connection itself in session
 * mode.
 */
final class PoolerProbe {

	private static final int ROUNDS = 10;

	private static final int ASKED_IN_A_ROW = 2;

	/** How long the second connection, and each of its answers, may take. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Logger logger = PlainLogger.of(PoolerProbe.class);

	private final ConnectionSource source;

	private final String applicationName;

	private final Connection connection;

	private PoolerProbe(ConnectionSource source, String applicationName, Connection connection) {
		this.source = source;
		this.applicationName = applicationName;
		this.connection = connection;
	}

	/**
	 * Refuses a connection that is given another server session for each transaction.
	 * @param source where a second connection comes from, should one be needed
	 * @param applicationName the name of that connection
	 * @param connection an idle connection in auto-commit mode
	 * @throws TidemarkException if the connection is proven to be such a one
	 * @throws SQLException if the connection fails
	 */
	static void requireServerSession(ConnectionSource source, String applicationName, Connection connection)
			throws SQLException {
		Backend backend = Backend.of(connection);
		if (backend.pid() != connection.unwrap(PGConnection.class).getBackendPID()
				&& new PoolerProbe(source, applicationName, connection).isShared(backend)) {
			throw new TidemarkException(Problem.error(ErrorCode.POOLER, null,
					"The connection to " + source + " goes through a pooler in transaction or statement mode: "
							+ "transactions of one connection run in different server sessions, so the lock between "
							+ "instances and the settings of a migration would not hold.",
					"Set " + SettingNames.name("connection.url") + " (with " + SettingNames.name("connection.user")
							+ " and " + SettingNames.name("connection.password")
							+ ") to a URL that leads directly to the "
							+ "server, or to a pool in session mode. The application may keep its URL."));
		}
	}

	private boolean isShared(Backend backend) throws SQLException {
		Connection second = openSecond();
		if (second == null) {
			return isShared(backend, null);
		}
		try {
			return isSharedBy(second, backend);
		}
		finally {
			close(second);
		}
	}

	private boolean isSharedBy(Connection second, Backend backend) throws SQLException {
		boolean autoCommit;
		int timeout;
		try {
			autoCommit = second.getAutoCommit();
			timeout = second.getNetworkTimeout();
			second.setAutoCommit(true);
			second.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
		}
		catch (SQLException ex) {
			logUndecided(ServerError.of(ex));
			return isShared(backend, null);
		}
		boolean shared = isShared(backend, second);
		giveBack(second, autoCommit, timeout);
		return shared;
	}

	private boolean isShared(Backend backend, @Nullable Connection second) throws SQLException {
		Connection other = second;
		for (int round = 0; round < ROUNDS; round++) {
			boolean taken = false;
			if (other != null) {
				try {
					taken = meets(backend, other);
				}
				catch (SQLException ex) {
					logUndecided(ServerError.of(ex));
					other = null;
				}
			}
			// Asked in any case: an answer proves that this connection is still there.
			boolean moved = !backend.equals(Backend.of(this.connection));
			if (taken || moved) {
				return true;
			}
		}
		return false;
	}

	private static boolean meets(Backend backend, Connection second) throws SQLException {
		for (int i = 0; i < ASKED_IN_A_ROW; i++) {
			if (backend.equals(Backend.of(second))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Opens the second connection in a thread of its own: a data source may let its
	 * callers wait for longer than is worth it.
	 */
	private @Nullable Connection openSecond() {
		CompletableFuture<Connection> opening = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				opening.complete(this.source.openBeside(this.applicationName, PATIENCE));
			}
			catch (SQLException | RuntimeException ex) {
				opening.completeExceptionally(ex);
			}
		}, "tidemark-pooler-probe");
		thread.setDaemon(true);
		thread.start();
		try {
			return opening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			logUndecided((ex.getCause() instanceof SQLException cause) ? ServerError.of(cause) : ex.getCause());
		}
		catch (TimeoutException ex) {
			logUndecided("no answer within " + PATIENCE.toSeconds() + " s");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		thread.interrupt();
		opening.thenAccept(PoolerProbe::close);
		return null;
	}

	private static void logUndecided(@Nullable Object reason) {
		logger.warn(
				"The connection goes through a pooler, and its mode could not be examined with a second connection "
						+ "({}); in transaction mode the lock between instances does not hold: set "
						+ SettingNames.name("connection.url") + " to a URL that " + "leads directly to the server",
				reason);
	}

	private static void giveBack(Connection second, boolean autoCommit, int timeout) {
		try {
			if (!second.isClosed()) {
				second.setNetworkTimeout(Runnable::run, timeout);
				second.setAutoCommit(autoCommit);
			}
		}
		catch (SQLException ex) {
			logger.debug("The second connection could not be restored: {}", ServerError.of(ex));
		}
	}

	private static void close(Connection second) {
		try {
			second.close();
		}
		catch (SQLException ex) {
			logger.debug("The second connection could not be closed: {}", ServerError.of(ex));
		}
	}

	/**
	 * The server process that runs a transaction.
	 *
	 * @param pid its number
	 * @param serverStart when its server started, exact to the microsecond
	 */
	private record Backend(int pid, String serverStart) {

		private static final String QUERY = "SELECT pg_catalog.pg_backend_pid(),"
				+ " extract(epoch FROM pg_catalog.pg_postmaster_start_time())";

		static Backend of(Connection connection) throws SQLException {
			try (Statement statement = connection.createStatement(); ResultSet results = Look.query(statement, QUERY)) {
				results.next();
				return new Backend(results.getInt(1), results.getString(2));
			}
		}

	}

}
