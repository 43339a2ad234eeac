package dev.tidemark.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.StringLiteral;

/**
 * The one connection of a run, always in auto-commit mode: transactions begin and end by
 * SQL, so that they cost no round trip of their own. Not thread-safe.
 */
final class Session implements AutoCloseable {

	static final String BEGIN = OwnSql.BEGIN;

	/** WAL of its own, whose commit waits for all that was written before it. */
	private static final String SETTLE = "SELECT pg_catalog.pg_logical_emit_message(true, 'tidemark', '')";

	private static final String CANCELLED = "57014";

	private static final int SECONDS_TO_ANSWER = 5;

	private static final Logger logger = PlainLogger.of(Session.class);

	private final ConnectionSource source;

	private final SessionSettings settings;

	private final Connection connection;

	/** The driver's own: what wraps it may go on with another session than ours. */
	private final BaseConnection driverConnection;

	private final ConnectionModes modes;

	/** Whether backslashes in string constants are just that, before the set-up. */
	private final boolean standardStrings;

	private final SimpleProtocol protocol;

	private final SessionErrors errors;

	private final DriverTransaction driverTransaction;

	private final @Nullable DriverState driver;

	private @Nullable SessionState before;

	private @Nullable SessionFacts facts;

	private List<RefusedSetting> refused = List.of();

	private @Nullable Watch watch;

	private String clean = "";

	private String subject = "Tidemark's own work";

	private boolean cutAtClose;

	private volatile boolean cancelled;

	private volatile long spoke = System.nanoTime();

	private Session(ConnectionSource source, SessionSettings settings, Connection connection) throws SQLException {
		this.source = source;
		this.settings = settings;
		this.connection = connection;
		this.errors = new SessionErrors(settings.mask());
		this.modes = ConnectionModes.suspend(connection);
		try {
			SupportedServer.require(connection, source);
			this.driverConnection = connection.unwrap(BaseConnection.class);
			this.standardStrings = this.driverConnection.getStandardConformingStrings();
			this.protocol = new SimpleProtocol(this.driverConnection, settings.mask(), () -> this.subject);
			this.driverTransaction = new DriverTransaction(connection, this.driverConnection, source.isBorrowed());
			this.driver = source.isBorrowed() ? DriverState.suspend(this.driverConnection) : null;
		}
		catch (SQLException | RuntimeException ex) {
			// A connection of which no session is made goes back as it came, too.
			this.modes.restore(connection, ex);
			throw ex;
		}
	}

	/**
	 * Opens a session. Where every session begins with a role or SQL of its own, it is
	 * prepared; otherwise nothing was sent yet, so that a run with nothing to do costs no
	 * round trip for it.
	 */
	static Session open(ConnectionSource source, SessionSettings settings, Duration loginTimeout) {
		Connection connection;
		try {
			connection = source.open(settings.applicationName(), loginTimeout);
		}
		catch (SQLException ex) {
			throw NotConnected.exception(source, ex);
		}
		Session session = null;
		try {
			session = new Session(source, settings, connection);
			if (settings.initSql() != null || settings.role() != null) {
				session.prepare();
			}
			return session;
		}
		catch (SQLException ex) {
			close(session, source, connection);
			throw NotConnected.exception(source, ex);
		}
		catch (RuntimeException ex) {
			close(session, source, connection);
			throw ex;
		}
	}

	/** What was set in the session before it failed must not go back to a pool. */
	private static void close(@Nullable Session session, ConnectionSource source, Connection connection) {
		if (session != null) {
			session.close();
		}
		else {
			release(source, connection);
		}
	}

	/** Returns what the server said, without secrets and values of placeholders. */
	ServerError errorOf(SQLException ex) {
		return errorOf(ex, null);
	}

	/** Returns what the server said of a statement, without its secrets either. */
	ServerError errorOf(SQLException ex, @Nullable SqlStatement statement) {
		return this.errors.of(ex, statement);
	}

	/** Returns an exception that may be a cause. */
	SQLException withoutSecrets(SQLException ex) {
		return withoutSecrets(ex, null);
	}

	/** Returns an exception that may be a cause. */
	SQLException withoutSecrets(SQLException ex, @Nullable SqlStatement statement) {
		return this.errors.withoutSecrets(ex, statement);
	}

	SessionSettings settings() {
		return this.settings;
	}

	Connection connection() {
		return this.connection;
	}

	/** Returns the server process that works for a prepared session. */
	Backend backend() {
		return facts().backend();
	}

	/** Tells whether the server of a prepared session is a standby. */
	boolean isStandby() {
		return facts().standby();
	}

	/**
	 * Returns who looks after the statements of a prepared session, as long as it is
	 * open.
	 */
	Watch watch() {
		if (this.watch == null) {
			this.watch = (this.source instanceof KeptConnection reused)
					? reused.watch(this.settings, backend(), this::abort)
					: new Watch(this.source::openBeside, this.settings, backend(), this::abort);
		}
		return this.watch;
	}

	private SessionFacts facts() {
		if (this.facts == null) {
			throw new IllegalStateException("The session is not prepared");
		}
		return this.facts;
	}

	/**
	 * Says for what the session works from now on.
	 * @param migration the migration in words
	 */
	void workFor(String migration) {
		this.subject = migration;
	}

	/**
	 * Requires of a prepared session that its server accepts writes.
	 * @param what what would write, as the subject of a sentence
	 * @throws TidemarkException if the server is a standby, or transactions are read-only
	 */
	void requirePrimary(String what) throws SQLException {
		if (isStandby()) {
			throw new TidemarkException(Problem
				.error(ErrorCode.STANDBY, null, what + " writes, and the server is a standby, which accepts no writes.",
						"Point " + SettingNames.name("url")
								+ " at the primary; replication brings here what is done there.")
				.withState("Nothing was changed."));
		}
		if (facts().readOnly()) {
			throw new TidemarkException(ReadOnlyDefault.read(this.connection).problem(what));
		}
	}

	/** Tells whether the server did not take a setting of a prepared session. */
	boolean isRefused(String setting) {
		return this.refused.stream().anyMatch((one) -> one.setting().name().equals(setting));
	}

	/** Returns what the server of a prepared session does not do for it. */
	List<Problem> warnings() {
		return this.refused.stream().map(RefusedSetting::problem).toList();
	}

	/**
	 * Tells whether the login takes backslashes in string constants for what they are, as
	 * migrations do.
	 */
	boolean hasStandardStrings() {
		return this.standardStrings;
	}

	/**
	 * Sets the session up for migrations, once. What a pooler in transaction mode would
	 * hand to the next client is not set at all.
	 */
	void prepare() throws SQLException {
		if (this.before != null) {
			return;
		}
		SessionFacts known = (this.source instanceof KeptConnection kept) ? kept.facts() : null;
		if (known == null) {
			PoolerProbe.requireServerSession(this.source, this.settings.applicationName(), this.connection);
		}
		try (Statement statement = this.connection.createStatement()) {
			statement.setEscapeProcessing(false);
			this.before = (known != null) ? known.before() : before(statement);
			SessionSetup setup = new SessionSetup(this.connection, this.settings, this.errors,
					(known != null) ? known.refused() : List.of());
			String searchPath = setup.apply(statement);
			this.refused = setup.refused();
			this.clean = this.before.sql() + "; " + setup.sql();
			init();
			this.facts = (known != null && this.settings.initSql() == null) ? known.with(searchPath)
					: setup.facts(statement, this.before);
		}
		if (this.source instanceof KeptConnection kept) {
			kept.keep(this.facts);
		}
	}

	private SessionState before(Statement statement) throws SQLException {
		return this.source.isBorrowed() ? SessionState.of(statement) : SessionState.fresh(this.source.loginSql());
	}

	private OwnSql own() {
		return new OwnSql(facts().own(), this.clean, this.settings.initSql());
	}

	/** Runs the SQL of init-sql, if there is any. */
	void init() throws SQLException {
		String sql = this.settings.initSql();
		if (sql == null) {
			return;
		}
		try {
			execute(sql);
		}
		catch (SQLException ex) {
			throw new InitSql(sql, this.settings.mask()).failed(ex);
		}
		if (isInTransaction()) {
			throw InitSql.leavesTransaction();
		}
	}

	/** Runs one or more statements, as they are; rows that they return are dropped. */
	void execute(String sql) throws SQLException {
		execute(sql, () -> {
		});
	}

	/**
	 * Runs one or more statements, as they are.
	 * @param completed is called whenever the server has completed one
	 */
	void execute(String sql, Runnable completed) throws SQLException {
		execute(List.of(sql), completed);
	}

	/**
	 * Runs a statement, and a query right behind it.
	 * @param sql the statement, which leaves no transaction open
	 * @param check the query
	 * @return how many rows the query had; none if it failed
	 * @throws SQLException if the statement failed
	 */
	long execute(String sql, String check) throws SQLException {
		AtomicInteger completed = new AtomicInteger();
		try {
			return execute(List.of(sql, check), completed::incrementAndGet);
		}
		catch (SQLException ex) {
			if (completed.get() == 0 || !isAlive()) {
				throw ex;
			}
			logger.debug("What a statement made of its session could not be seen: {}", errorOf(ex));
			return 0;
		}
	}

	/** Tells whether a query has one row. */
	boolean hasRow(String query) throws SQLException {
		return execute(List.of(query), () -> {
		}) == 1;
	}

	/**
	 * Runs messages one behind the other, without waiting in between.
	 * @param messages as {@link SimpleProtocol#send} takes them
	 * @param completed is called whenever the server has completed a command
	 * @return how many rows the last command returned or changed
	 */
	long execute(List<String> messages, Runnable completed) throws SQLException {
		this.spoke = System.nanoTime();
		Watch listener = this.watch;
		if (listener != null) {
			listener.sent(messages.stream().mapToLong(String::length).sum());
		}
		try {
			return this.protocol.send(messages, () -> {
				this.spoke = System.nanoTime();
				completed.run();
			});
		}
		finally {
			if (listener != null) {
				listener.answered();
			}
			this.driverTransaction.endWithTransaction();
		}
	}

	/**
	 * Lets code work in the transaction that is open. To the driver it looks like one of
	 * its own until it ends: only then does it fetch large results in pieces, and knows
	 * savepoints and large objects.
	 * @return the transaction
	 */
	LentTransaction lend() throws SQLException {
		LentTransaction transaction = LentTransaction.of(this.connection);
		this.driverTransaction.begin();
		return transaction;
	}

	/**
	 * Returns the id of the transaction that is open.
	 * @return the id, or {@code null} if the transaction has changed nothing
	 */
	@Nullable String transactionId() throws SQLException {
		return LentTransaction.currentId(this.connection);
	}

	/**
	 * Tells whether a transaction is still the one that is open, and not broken. One that
	 * is prepared is in progress, too, but it is that of no session any more.
	 */
	boolean isIn(String transaction) throws SQLException {
		return transactionState() == TransactionState.OPEN && transaction.equals(transactionId());
	}

	/** Tells what became of a transaction, when none is open. */
	boolean hasCommitted(String transaction) throws SQLException {
		return LentTransaction.hasCommitted(this.connection, transaction);
	}

	/** Sets the lock timeout of the session and returns the one that it had. */
	String swapLockTimeout(String timeout) throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery(
						"WITH before AS MATERIALIZED" + " (SELECT pg_catalog.current_setting('lock_timeout') AS value)"
								+ " SELECT value, pg_catalog.set_config('lock_timeout', " + StringLiteral.quote(timeout)
								+ ", false) FROM before")) {
			results.next();
			return results.getString(1);
		}
	}

	/** Sends the rows piece by piece, so that a large dump is never held twice. */
	void copyIn(String sql, CharSequence rows) throws SQLException {
		this.spoke = System.nanoTime();
		Watch listener = this.watch;
		if (listener != null) {
			listener.sent(rows.length());
		}
		try {
			CopyStream.send(this.connection, sql, rows, () -> this.spoke = System.nanoTime());
		}
		finally {
			if (listener != null) {
				listener.answered();
			}
		}
	}

	/** Runs writes of our own in a transaction of their own. */
	void write(String sql) throws SQLException {
		write(sql, true);
	}

	/**
	 * Runs writes of our own in a transaction of their own.
	 * @param durable whether the commit waits as those of the session do
	 */
	void write(String sql, boolean durable) throws SQLException {
		execute(own().transaction(sql, durable));
	}

	/**
	 * Makes all that the session has committed as durable as its commits are. A
	 * transaction that writes nothing would not wait.
	 */
	void settle() throws SQLException {
		if (!facts().own().asynchronous()) {
			return;
		}
		try {
			write(SETTLE);
		}
		catch (SQLException ex) {
			if (!errorOf(ex).is(CANCELLED)) {
				throw ex;
			}
			// It was meant for the run, which has come to its end since.
			rollBack();
			write(SETTLE);
		}
	}

	/**
	 * Returns the SQL that ends a transaction which is not a migration's, so that a
	 * setting of its own does not weaken its commit.
	 */
	String commitDurably() {
		return own().commitDurably();
	}

	/**
	 * Runs a write of our own with which a migration ends, and makes the session fresh
	 * for the next one.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	long writeLast(String sql, String check) throws SQLException {
		long rows = execute(List.of(own().lastTransaction(sql, check)), () -> {
		});
		init();
		return rows;
	}

	/**
	 * Returns the SQL that ends the transaction of a migration with our own write. What
	 * the migration deferred to its end comes before that, in the session as the
	 * migration made it.
	 * @param write our own write
	 * @param durable whether the commit waits as those of the session do
	 */
	String commit(String write, boolean durable) {
		return own().commit(write, durable);
	}

	/**
	 * Returns the SQL of our own write at the end of one script of several that share a
	 * transaction, and makes the session fresh for the next one.
	 */
	String record(String write) {
		return own().record(write);
	}

	/**
	 * Commits what several scripts have done, and makes the session fresh. After it, what
	 * init-sql says has to run again, by {@link #init()}.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	long commit(String check) throws SQLException {
		return execute(List.of(own().lastCommit(check)), () -> {
		});
	}

	/**
	 * Returns the SQL that ends the last transaction of a migration, and makes the
	 * session fresh for the next one. After it, what init-sql says has to run again, by
	 * {@link #init()}.
	 * @param check a query that is made last
	 */
	String lastCommit(String write, boolean durable, String check) {
		return own().lastCommit(write, durable, check);
	}

	void rollBack() throws SQLException {
		if (isInTransaction()) {
			execute("ROLLBACK");
		}
		this.driverTransaction.endWithTransaction();
	}

	/** Rolls back what is open, and makes the session fresh for the next migration. */
	void renew() throws SQLException {
		rollBack();
		execute(this.clean);
		init();
	}

	boolean isInTransaction() throws SQLException {
		return transactionState() != TransactionState.IDLE;
	}

	TransactionState transactionState() throws SQLException {
		return this.driverConnection.getTransactionState();
	}

	/** Tells whether the session answers, and not another one in its place. */
	boolean isAlive() {
		try {
			return !this.connection.isClosed() && !this.driverConnection.getQueryExecutor().isClosed()
					&& this.driverConnection.isValid(SECONDS_TO_ANSWER);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Tells whether a prepared session lets go of its advisory locks when it is closed,
	 * before anybody else has its connection.
	 */
	boolean unlocksAtClose() {
		return this.source.outlivesSession() && this.before != null;
	}

	/**
	 * Closes the connection, or gives it back as it came. One that cannot be made what it
	 * was is cut instead, so that nobody gets it any more.
	 */
	@Override
	public void close() {
		if (this.watch != null && !(this.source instanceof KeptConnection)) {
			this.watch.close();
		}
		try {
			if (this.cutAtClose) {
				abort();
			}
			else if (this.source.outlivesSession() && !this.connection.isClosed()) {
				giveBack();
			}
		}
		catch (SQLException ex) {
			logger.warn("The connection could not be restored and is cut: {}", ServerError.of(ex));
			abort();
		}
		catch (RuntimeException | Error ex) {
			abort();
			throw ex;
		}
		finally {
			release(this.source, this.connection);
		}
	}

	/** Lets nobody have the connection after this session: its server process ends. */
	void cutAtClose() {
		this.cutAtClose = true;
	}

	/**
	 * Begins a transaction that reads as our own writes do, whatever role and search path
	 * a script has set. With its {@link #rollBack() end} the session is again what the
	 * script has made of it.
	 */
	void beginOwnRead() throws SQLException {
		execute(own().beginRead());
	}

	private void giveBack() throws SQLException {
		rollBack();
		if (this.before != null) {
			execute(this.before.giveBack() + "; SELECT pg_catalog.pg_advisory_unlock_all()");
		}
		this.modes.restore(this.connection);
		if (this.driver != null) {
			this.driver.restore(this.driverConnection);
		}
	}

	/**
	 * Asks the server to cancel what runs in the session. May be called from any thread
	 * while the session is open.
	 */
	void cancel() {
		this.cancelled = true;
		try {
			this.connection.unwrap(PGConnection.class).cancelQuery();
		}
		catch (SQLException ex) {
			logger.debug("A statement could not be cancelled: {}", ServerError.of(ex));
		}
	}

	/** Tells whether this instance has asked the server to do so. */
	boolean isCancelled() {
		return this.cancelled;
	}

	/** Returns why the connection was cut from here, if it was. */
	@Nullable String abortReason() {
		return (this.watch != null) ? this.watch.ended() : null;
	}

	/** Returns what the server said before it hung up, if it said anything. */
	@Nullable SQLException farewell() {
		return this.protocol.farewell();
	}

	/** Returns for how long the session has waited for the server since it last spoke. */
	Duration silence() {
		return Duration.ofNanos(System.nanoTime() - this.spoke);
	}

	/**
	 * Cuts the connection and lets go of it, so that a pool of one can give another one.
	 * The session cannot be used any more.
	 */
	void giveUp() {
		abort();
		release(this.source, this.connection);
	}

	/** Opens another session of the same kind. */
	Session another(Duration loginTimeout) {
		return open(this.source, this.settings, loginTimeout);
	}

	/** Opens and prepares another session of the same kind. */
	Session again(Duration loginTimeout) throws SQLException {
		Session session = another(loginTimeout);
		try {
			session.prepare();
			return session;
		}
		catch (SQLException | RuntimeException ex) {
			session.close();
			throw ex;
		}
	}

	/** Tells whether the session has ended, so that nothing can run in it any more. */
	boolean isGivenUp() {
		try {
			return this.connection.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/** Cuts the connection without waiting for the server. */
	void abort() {
		try {
			this.connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("The connection could not be cut: {}", errorOf(ex));
		}
	}

	private static void release(ConnectionSource source, Connection connection) {
		try {
			source.release(connection);
		}
		catch (SQLException ex) {
			logger.debug("The connection could not be closed: {}", ServerError.of(ex));
		}
	}

}
