package dev.tidemark.run;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.Secrets;
import dev.tidemark.sql.SqlStatement;
import dev.tidemark.sql.StringLiteral;

/**
 * The one connection of a run, always in auto-commit mode: transactions begin and end by
 * SQL, so that they cost no round trip of their own. Not thread-safe.
 */
final class Session implements AutoCloseable {

	/** The oldest major version of PostgreSQL that is supported. */
	static final int OLDEST_SERVER = 14;

	static final String BEGIN = "BEGIN";

	private static final String NO_RIGHT = "42501";

	private static final String NO_SUCH_ROLE = "22023";

	private static final int COPY_PIECE = 32 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(Session.class);

	private final ConnectionSource source;

	private final SessionSettings settings;

	private final Connection connection;

	private final boolean autoCommit;

	private final boolean readOnly;

	private final SimpleProtocol protocol;

	private @Nullable SessionState before;

	private @Nullable SessionFacts facts;

	private @Nullable Watch watch;

	private String clean = "";

	private boolean lent;

	private volatile @Nullable String abortReason;

	private volatile long spoke = System.nanoTime();

	private Session(ConnectionSource source, SessionSettings settings, Connection connection) throws SQLException {
		this.source = source;
		this.settings = settings;
		this.connection = connection;
		this.autoCommit = connection.getAutoCommit();
		this.readOnly = connection.isReadOnly();
		if (!this.autoCommit) {
			connection.setAutoCommit(true);
		}
		if (this.readOnly) {
			connection.setReadOnly(false);
		}
		requireSupportedServer();
		this.protocol = new SimpleProtocol(connection, settings.mask());
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
			throw DatabaseProblems.notConnected(source, ex);
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
			throw DatabaseProblems.notConnected(source, ex);
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

	private void requireSupportedServer() throws SQLException {
		String product = this.connection.getMetaData().getDatabaseProductName();
		if (!product.equals("PostgreSQL") || !this.connection.isWrapperFor(PGConnection.class)) {
			throw new TidemarkException(Problem.error(ErrorCode.NOT_POSTGRESQL, null,
					"The database is " + product + ", or its connections are not those of the PostgreSQL driver.",
					"Tidemark migrates PostgreSQL only: point it at one, or set tidemark.enabled=false."));
		}
		int major = this.connection.getMetaData().getDatabaseMajorVersion();
		if (major < OLDEST_SERVER) {
			throw new TidemarkException(Problem.error(ErrorCode.SERVER_TOO_OLD, null,
					"The server is PostgreSQL " + major + "; the oldest supported version is " + OLDEST_SERVER + ".",
					"Upgrade the server; versions before " + OLDEST_SERVER + " get no fixes any more."));
		}
	}

	/** Returns what the server said, without secrets and values of placeholders. */
	ServerError errorOf(SQLException ex) {
		return errorOf(ex, null);
	}

	/** Returns what the server said of a statement, without its secrets either. */
	ServerError errorOf(SQLException ex, @Nullable SqlStatement statement) {
		try {
			return ServerError.of(ex, mask(statement));
		}
		catch (RuntimeException | Error thrown) {
			// The failure is told all the same, without what may hold a secret.
			logger.debug("What the server said could not be read: {}", thrown.getClass().getName());
			return new ServerError(String.valueOf(ex.getSQLState()),
					"What the server said is left out, since its secrets could not be masked ("
							+ thrown.getClass().getName() + ").",
					null, null, null, null, null, null);
		}
	}

	/** Returns an exception that may be a cause. */
	SQLException withoutSecrets(SQLException ex) {
		return withoutSecrets(ex, null);
	}

	/** Returns an exception that may be a cause. */
	SQLException withoutSecrets(SQLException ex, @Nullable SqlStatement statement) {
		SQLException clean = new SQLException(errorOf(ex, statement).toString(), ex.getSQLState(), ex.getErrorCode());
		clean.setStackTrace(ex.getStackTrace());
		return clean;
	}

	private UnaryOperator<String> mask(@Nullable SqlStatement statement) {
		UnaryOperator<String> mask = this.settings.mask();
		return (statement != null) ? (text) -> statement.mask(mask.apply(text)) : mask;
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
			this.watch = (this.source instanceof ConnectionSource.Reused reused)
					? reused.watch(this.settings, backend()) : new Watch(this.source, this.settings, backend());
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
	 * Requires of a prepared session that its server accepts writes.
	 * @param what what would write, as the subject of a sentence
	 * @throws TidemarkException if the server is a standby
	 */
	void requirePrimary(String what) {
		if (isStandby()) {
			throw new TidemarkException(Problem
				.error(ErrorCode.STANDBY, null, what + " writes, and the server is a standby, which accepts no writes.",
						"Point tidemark.url at the primary; replication brings here what is done there.")
				.withState("Nothing was changed."));
		}
	}

	/**
	 * Sets the session up for migrations, once. What a pooler in transaction mode would
	 * hand to the next client is not set at all.
	 */
	void prepare() throws SQLException {
		if (this.before != null) {
			return;
		}
		SessionFacts known = (this.source instanceof ConnectionSource.Reused reused) ? reused.facts() : null;
		if (known != null) {
			prepare(known.before());
			this.facts = known;
			return;
		}
		PoolerProbe.requireServerSession(this.source, this.settings.applicationName(), this.connection);
		try (Statement statement = this.connection.createStatement()) {
			SessionState found = this.source.isBorrowed() ? SessionState.of(statement) : SessionState.fresh();
			prepare(found);
			try (ResultSet results = statement.executeQuery("SELECT a.pid, a.backend_start::pg_catalog.text,"
					+ " pg_catalog.current_setting('session_authorization'), pg_catalog.current_setting('role'),"
					+ " pg_catalog.pg_is_in_recovery(), pg_catalog.pg_postmaster_start_time()::pg_catalog.text"
					+ " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a")) {
				results.next();
				this.facts = new SessionFacts(found, new Backend(results.getInt(1), results.getString(2)),
						own(results.getString(3), results.getString(4)), results.getBoolean(5), results.getString(6));
			}
		}
		if (this.source instanceof ConnectionSource.Reused reused) {
			reused.keep(this.facts);
		}
	}

	private void prepare(SessionState found) throws SQLException {
		this.before = found;
		this.clean = found.sql() + "; " + setup();
		setUp();
		init();
	}

	/**
	 * What our own writes need within a transaction of a script: the session's own role,
	 * no object of a script in front of the server's, and no timeout. All of it ends with
	 * the transaction, so that the script's session stays as the script made it.
	 */
	private static String own(String user, String role) {
		return "pg_catalog.set_config('session_authorization', " + StringLiteral.quote(user)
				+ ", true), pg_catalog.set_config('role', " + StringLiteral.quote(role)
				+ ", true), pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),"
				+ " pg_catalog.set_config('statement_timeout', '0', true)";
	}

	/**
	 * Returns the SQL that comes before our own writes.
	 * @param durable whether to wait until the commit is on disk. WAL keeps the order of
	 * commits, so a later durable one makes this one durable too; a crash of the server
	 * in between loses whole migrations with their history rows, and nothing else.
	 */
	private String own(boolean durable) {
		return "SELECT " + facts().own()
				+ (durable ? "; " : ", pg_catalog.set_config('synchronous_commit', 'off', true); ");
	}

	private void setUp() throws SQLException {
		try {
			execute(setup());
		}
		catch (SQLException ex) {
			ServerError error = errorOf(ex);
			if (this.settings.role() != null && (error.is(NO_RIGHT) || error.is(NO_SUCH_ROLE))) {
				throw new TidemarkException(roleRefused(this.settings.role()).withServer(error), withoutSecrets(ex));
			}
			throw ex;
		}
	}

	private Problem roleRefused(String role) throws SQLException {
		String login = Identifiers.quote(String.valueOf(this.connection.getMetaData().getUserName()));
		String owner = Identifiers.quote(role);
		return Problem.error(ErrorCode.ROLE_REFUSED, null,
				"The login " + login + " may not become the role " + owner
						+ ", which tidemark.role names, or there is no such role.",
				"Create the role if it is missing, and grant it: GRANT " + owner + " TO " + login
						+ "; From PostgreSQL 16 on the grant must not say SET FALSE. An instance that never migrates needs"
						+ " no tidemark.role.");
	}

	private String setup() {
		StringBuilder sql = new StringBuilder("SELECT pg_catalog.set_config('lock_timeout', '")
			.append(SessionSettings.millis(this.settings.lockTimeout()))
			.append("', false), pg_catalog.set_config('statement_timeout', '")
			.append(SessionSettings.millis(this.settings.statementTimeout()))
			.append("', false), pg_catalog.set_config('application_name', ")
			.append(StringLiteral.quote(this.settings.applicationName()))
			.append(", false), pg_catalog.set_config('standard_conforming_strings', 'on', false)");
		if (this.settings.schema() != null) {
			sql.append(", pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', ")
				.append(StringLiteral.quote(Identifiers.quote(this.settings.schema())))
				.append(Operators.qualified(", CASE WHEN pg_catalog.current_setting('search_path') = '' THEN NULL"
						+ " ELSE pg_catalog.current_setting('search_path') END), false)"));
		}
		if (this.settings.role() != null) {
			sql.append(", pg_catalog.set_config('role', ")
				.append(StringLiteral.quote(this.settings.role()))
				.append(", false)");
		}
		return sql.toString();
	}

	/** Runs the SQL of init-sql, if there is any. */
	void init() throws SQLException {
		String sql = this.settings.initSql();
		if (sql == null) {
			return;
		}
		Problem problem = Problem.error(ErrorCode.INIT_SQL, null, "The SQL of tidemark.init-sql failed.",
				"Correct tidemark.init-sql.");
		try {
			execute(sql);
		}
		catch (SQLException ex) {
			UnaryOperator<String> mask = (text) -> Secrets.of(sql).apply(this.settings.mask().apply(text));
			throw new TidemarkException(problem.withServer(ServerError.of(ex, mask)),
					ServerError.withoutSecrets(ex, mask));
		}
		if (isInTransaction()) {
			throw new TidemarkException(Problem.error(ErrorCode.INIT_SQL, null,
					"The SQL of tidemark.init-sql leaves a transaction open.", "Remove the BEGIN, or add the COMMIT."));
		}
	}

	/** Runs one or more statements, as they are; rows that they return are dropped. */
	void execute(String sql) throws SQLException {
		execute(List.of(sql), () -> {
		});
	}

	/**
	 * Runs messages one behind the other, without waiting in between.
	 * @param messages as {@link SimpleProtocol#send} takes them
	 * @param completed is called whenever the server has completed a command
	 * @return how many rows the last command returned or changed
	 */
	long execute(List<String> messages, Runnable completed) throws SQLException {
		this.spoke = System.nanoTime();
		try {
			return this.protocol.send(messages, () -> {
				this.spoke = System.nanoTime();
				completed.run();
			});
		}
		finally {
			takeBack();
		}
	}

	/**
	 * Lets code work in the transaction that is open. To the driver it looks like one of
	 * its own until it ends: only then does it fetch large results in pieces, and knows
	 * savepoints and large objects.
	 * @return the id of the transaction
	 */
	String lend() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.pg_current_xact_id()")) {
			results.next();
			String transaction = results.getString(1);
			setQueryMode(PreferQueryMode.EXTENDED);
			this.connection.setAutoCommit(false);
			this.lent = true;
			return transaction;
		}
	}

	/**
	 * A connection of our own speaks the simple protocol, which knows no parameters and
	 * no results in pieces. What a pool has chosen is its business.
	 */
	private void setQueryMode(PreferQueryMode mode) throws SQLException {
		if (!this.source.isBorrowed()) {
			this.connection.unwrap(BaseConnection.class).getQueryExecutor().setPreferQueryMode(mode);
		}
	}

	/** In the middle of a transaction the driver would commit it for that. */
	private void takeBack() throws SQLException {
		if (this.lent && !this.connection.isClosed() && !isInTransaction()) {
			this.lent = false;
			setQueryMode(PreferQueryMode.SIMPLE);
			this.connection.setAutoCommit(true);
		}
	}

	/**
	 * Returns the id of the transaction that is open.
	 * @return the id, or {@code null} if the transaction has changed nothing
	 */
	@Nullable String transactionId() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.pg_current_xact_id_if_assigned()")) {
			results.next();
			return results.getString(1);
		}
	}

	/** Tells whether a transaction is still the one that is open, and not broken. */
	boolean isIn(String transaction) throws SQLException {
		return transactionState() == TransactionState.OPEN && status(transaction).equals("in progress");
	}

	/** Tells what became of a transaction, when none is open. */
	boolean hasCommitted(String transaction) throws SQLException {
		return status(transaction).equals("committed");
	}

	private String status(String transaction) throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement
					.executeQuery("SELECT pg_catalog.pg_xact_status('" + transaction + "'::pg_catalog.xid8)")) {
			results.next();
			return String.valueOf(results.getString(1));
		}
	}

	/** Sets the lock timeout of the session and returns the one that it had. */
	String swapLockTimeout(String timeout) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			String old;
			try (ResultSet results = statement.executeQuery("SELECT pg_catalog.current_setting('lock_timeout')")) {
				results.next();
				old = results.getString(1);
			}
			statement
				.execute("SELECT pg_catalog.set_config('lock_timeout', " + StringLiteral.quote(timeout) + ", false)");
			return old;
		}
	}

	/** Sends the rows piece by piece, so that a large dump is never held twice. */
	void copyIn(String sql, CharSequence rows) throws SQLException {
		this.spoke = System.nanoTime();
		CopyIn copy = this.connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
		try {
			for (int start = 0; start < rows.length();) {
				int end = Math.min(rows.length(), start + COPY_PIECE);
				if (end < rows.length() && Character.isHighSurrogate(rows.charAt(end - 1))) {
					end++;
				}
				byte[] bytes = rows.subSequence(start, end).toString().getBytes(StandardCharsets.UTF_8);
				copy.writeToCopy(bytes, 0, bytes.length);
				this.spoke = System.nanoTime();
				start = end;
			}
			copy.endCopy();
		}
		finally {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
	}

	/** Runs writes of our own in a transaction of their own. */
	void write(String sql) throws SQLException {
		write(sql, true);
	}

	/**
	 * Runs writes of our own in a transaction of their own.
	 * @param durable whether to wait until the commit is on disk
	 */
	void write(String sql, boolean durable) throws SQLException {
		execute(BEGIN + "; " + own(durable) + sql + "; COMMIT");
	}

	/**
	 * Runs a write of our own with which a migration ends, and makes the session fresh
	 * for the next one.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	long writeLast(String sql, String check) throws SQLException {
		long rows = execute(List.of(BEGIN + "; " + own(true) + sql + "; COMMIT; " + this.clean + "; " + check), () -> {
		});
		init();
		return rows;
	}

	/**
	 * Returns the SQL that ends the transaction of a migration with our own write. What
	 * the migration deferred to its end comes before that, in the session as the
	 * migration made it.
	 * @param write our own write
	 * @param durable whether to wait until the commit is on disk
	 */
	String commit(String write, boolean durable) {
		return "SET CONSTRAINTS ALL IMMEDIATE; " + own(durable) + write + "; COMMIT";
	}

	/**
	 * Returns the SQL of our own write at the end of one script of several that share a
	 * transaction, and makes the session fresh for the next one.
	 */
	String record(String write) {
		StringJoiner sql = new StringJoiner("; ");
		sql.add("SET CONSTRAINTS ALL IMMEDIATE").add(own(true) + write).add(this.clean);
		if (this.settings.initSql() != null) {
			sql.add(this.settings.initSql());
		}
		return sql.toString();
	}

	/**
	 * Commits what several scripts have done, and makes the session fresh.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	long commit(String check) throws SQLException {
		long rows = execute(List.of("COMMIT; " + this.clean + "; " + check), () -> {
		});
		init();
		return rows;
	}

	/**
	 * Returns the SQL that ends the last transaction of a migration, and makes the
	 * session fresh for the next one. After it, what init-sql says has to run again, by
	 * {@link #init()}.
	 * @param check a query that is made last
	 */
	String lastCommit(String write, boolean durable, String check) {
		return commit(write, durable) + "; " + this.clean + "; " + check;
	}

	void rollBack() throws SQLException {
		if (isInTransaction()) {
			execute("ROLLBACK");
		}
		takeBack();
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
		return this.connection.unwrap(BaseConnection.class).getTransactionState();
	}

	boolean isAlive() {
		try {
			return !this.connection.isClosed() && this.connection.isValid(5);
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
		if (this.watch != null && !(this.source instanceof ConnectionSource.Reused)) {
			this.watch.close();
		}
		try {
			if (this.source.outlivesSession() && !this.connection.isClosed()) {
				giveBack();
			}
		}
		catch (SQLException ex) {
			logger.warn("The connection could not be restored and is cut: {}", ServerError.of(ex));
			abort();
		}
		finally {
			release(this.source, this.connection);
		}
	}

	private void giveBack() throws SQLException {
		rollBack();
		if (this.before != null) {
			execute(this.before.sql() + "; SELECT pg_catalog.pg_advisory_unlock_all()");
		}
		if (this.readOnly) {
			this.connection.setReadOnly(true);
		}
		if (!this.autoCommit) {
			this.connection.setAutoCommit(false);
		}
	}

	/**
	 * Asks the server to cancel what runs in the session. May be called from any thread
	 * while the session is open.
	 */
	void cancel() {
		try {
			this.connection.unwrap(PGConnection.class).cancelQuery();
		}
		catch (SQLException ex) {
			logger.debug("A statement could not be cancelled: {}", ServerError.of(ex));
		}
	}

	/**
	 * Cuts the connection without waiting for the server. May be called from any thread.
	 * @param reason why, as a clause, for the message about what this interrupts
	 */
	void abort(String reason) {
		this.abortReason = reason;
		abort();
	}

	/** Returns why the connection was cut from here, if it was. */
	@Nullable String abortReason() {
		return this.abortReason;
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

	/**
	 * Finds out what became of the work of a session that has ended without the server's
	 * answer, or whose end nobody can trust; if it has not ended, it does now.
	 */
	Outcome outcome(Evidence evidence) {
		giveUp();
		return new OutcomeReader(this.source, this.settings, facts()).read(evidence);
	}

	/** Opens and prepares another session of the same kind. */
	Session again(Duration loginTimeout) throws SQLException {
		Session session = open(this.source, this.settings, loginTimeout);
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
