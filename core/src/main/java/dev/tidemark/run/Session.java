package dev.tidemark.run;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;
import org.slf4j.Logger;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.history.Look;
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

	private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 17;

	/** WAL of its own, whose commit waits for all that was written before it. */
	private static final String SETTLE = "SELECT pg_catalog.pg_logical_emit_message(true, 'tidemark', '')";

	private static final Setting TRANSACTION_TIMEOUT = new Setting("transaction_timeout", 0);

	private static final String NO_RIGHT = "42501";

	private static final String NO_SUCH_ROLE = "22023";

	private static final String CANCELLED = "57014";

	private static final int COPY_PIECE = 32 * 1024;

	private static final int SECONDS_TO_ANSWER = 5;

	private static final Logger logger = PlainLogger.of(Session.class);

	private final ConnectionSource source;

	private final SessionSettings settings;

	private final Connection connection;

	/** The driver's own: what wraps it may go on with another session than ours. */
	private final BaseConnection driverConnection;

	private final boolean autoCommit;

	private final boolean readOnly;

	/** Whether backslashes in string constants are just that, before the set-up. */
	private final boolean standardStrings;

	private final SimpleProtocol protocol;

	private final @Nullable DriverState driver;

	private @Nullable SessionState before;

	private @Nullable SessionFacts facts;

	private List<RefusedSetting> refused = List.of();

	private @Nullable Watch watch;

	private String clean = "";

	private String subject = "Tidemark's own work";

	private boolean lent;

	private boolean cutAtClose;

	private volatile boolean cancelled;

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
		try {
			if (this.readOnly) {
				connection.setReadOnly(false);
			}
			requireSupportedServer();
			this.driverConnection = connection.unwrap(BaseConnection.class);
			this.standardStrings = this.driverConnection.getStandardConformingStrings();
			this.protocol = new SimpleProtocol(this.driverConnection, settings.mask(), () -> this.subject);
			this.driver = source.isBorrowed() ? DriverState.suspend(this.driverConnection) : null;
		}
		catch (SQLException | RuntimeException ex) {
			giveBackModes(ex);
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
		if (!product.equals("PostgreSQL")) {
			throw new TidemarkException(
					Problem.error(ErrorCode.NOT_POSTGRESQL, null, "The database is " + product + ", not PostgreSQL.",
							"Tidemark migrates PostgreSQL only: point it at one, or set " + SettingNames.name("enabled")
									+ "=false."));
		}
		if (!this.connection.isWrapperFor(BaseConnection.class)) {
			throw new TidemarkException(Problem.error(ErrorCode.NOT_POSTGRESQL, null,
					"The connections of " + this.source + " are of type " + this.connection.getClass().getName()
							+ ", which does not lead to a connection of the PostgreSQL driver.",
					"Set " + SettingNames.name("connection.url") + " to a URL that begins with jdbc:postgresql:, or "
							+ SettingNames.name("connection.data-source") + " to a DataSource"
							+ " whose connections unwrap to org.postgresql.PGConnection."));
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
		ServerError error = errorOf(ex, statement);
		SQLException clean = new SQLException(error.toString(), error.sqlState(), ex.getErrorCode());
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
					? reused.watch(this.settings, backend(), this::abort)
					: new Watch(this.source, this.settings, backend(), this::abort);
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
						"Point " + SettingNames.name("connection.url")
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
		SessionFacts known = (this.source instanceof ConnectionSource.Reused reused) ? reused.facts() : null;
		if (known == null) {
			PoolerProbe.requireServerSession(this.source, this.settings.applicationName(), this.connection);
		}
		try (Statement statement = this.connection.createStatement()) {
			statement.setEscapeProcessing(false);
			if (known != null) {
				this.before = known.before();
				this.refused = known.refused();
			}
			else {
				this.before = this.source.isBorrowed() ? SessionState.of(statement)
						: SessionState.fresh(this.source.loginSql());
			}
			String searchPath = setUp(statement);
			this.clean = this.before.sql() + "; " + setup();
			init();
			this.facts = (known != null && this.settings.initSql() == null) ? known.with(searchPath)
					: readFacts(statement, this.before);
		}
		if (this.source instanceof ConnectionSource.Reused reused) {
			reused.keep(this.facts);
		}
	}

	private SessionFacts readFacts(Statement statement, SessionState found) throws SQLException {
		try (ResultSet results = statement.executeQuery("SELECT a.pid, a.backend_start::pg_catalog.text,"
				+ " pg_catalog.pg_postmaster_start_time()::pg_catalog.text,"
				+ " pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('session_authorization'),"
				+ " pg_catalog.current_setting('role'), pg_catalog.current_setting('search_path'),"
				+ " pg_catalog.current_setting('synchronous_commit'),"
				+ " pg_catalog.current_setting('synchronous_standby_names'),"
				+ " pg_catalog.current_setting('transaction_read_only'), a.datid::pg_catalog.text"
				+ " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a")) {
			results.next();
			String commit = results.getString(8);
			boolean asynchronous = this.settings.asynchronousCommit() == AsynchronousCommit.AUTO && commit.equals("on")
					&& results.getString(9).isBlank();
			OwnSettings own = new OwnSettings(results.getString(5), results.getString(6), results.getString(7), commit,
					asynchronous, timeoutsOfWrites());
			return new SessionFacts(found,
					new Backend(results.getInt(1), results.getString(2), results.getString(3), results.getString(11)),
					own, results.getBoolean(4), results.getString(10).equals("on"), this.refused);
		}
	}

	/** Returns the SQL that comes before our own writes. */
	private String own(boolean durable) {
		return facts().own().sql(durable) + "; ";
	}

	/** Returns the search path that the session has now. */
	private String setUp(Statement statement) throws SQLException {
		try {
			return apply(statement);
		}
		catch (SQLException ex) {
			if (this.refused.isEmpty()) {
				this.refused = refused(statement, ex);
				if (!this.refused.isEmpty()) {
					return setUp(statement);
				}
			}
			ServerError error = errorOf(ex);
			if (this.settings.role() != null && (error.is(NO_RIGHT) || error.is(NO_SUCH_ROLE))) {
				throw new TidemarkException(roleRefused(this.settings.role()).withServer(error), withoutSecrets(ex));
			}
			throw ex;
		}
	}

	private String apply(Statement statement) throws SQLException {
		try (ResultSet results = Look.query(statement,
				setup() + ", pg_catalog.current_setting('search_path') AS found")) {
			results.next();
			return results.getString("found");
		}
	}

	/** The server refuses all at once and names the first; each is tried by itself. */
	private List<RefusedSetting> refused(Statement statement, SQLException failure) throws SQLException {
		if (DatabaseProblems.isConnectionLost(errorOf(failure))) {
			return List.of();
		}
		List<RefusedSetting> found = new ArrayList<>();
		for (Setting setting : protections()) {
			try {
				statement.execute("SELECT " + setting.sql());
			}
			catch (SQLException ex) {
				ServerError error = errorOf(ex);
				if (DatabaseProblems.isConnectionLost(error)) {
					throw ex;
				}
				found.add(new RefusedSetting(setting, error));
			}
		}
		return found;
	}

	/**
	 * What no script asks for, and a run may go on without: the server notices that the
	 * client is gone, and no time-out of a role or database cuts a migration off.
	 */
	private List<Setting> protections() throws SQLException {
		List<Setting> settings = new ArrayList<>(this.settings.liveness().settings());
		settings.add(new Setting("idle_in_transaction_session_timeout", 0));
		settings.add(new Setting("idle_session_timeout", 0));
		if (hasTransactionTimeout()) {
			settings.add(TRANSACTION_TIMEOUT);
		}
		return settings;
	}

	private boolean hasTransactionTimeout() throws SQLException {
		return this.connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_TRANSACTION_TIMEOUT;
	}

	private List<String> timeoutsOfWrites() throws SQLException {
		boolean transaction = hasTransactionTimeout()
				&& this.refused.stream().noneMatch((one) -> one.setting().equals(TRANSACTION_TIMEOUT));
		return transaction ? List.of("statement_timeout", TRANSACTION_TIMEOUT.name()) : List.of("statement_timeout");
	}

	private Problem roleRefused(String role) throws SQLException {
		String login = Identifiers.quote(String.valueOf(this.connection.getMetaData().getUserName()));
		String owner = Identifiers.quote(role);
		return Problem.error(ErrorCode.ROLE_REFUSED, null,
				"The login " + login + " may not become the role " + owner + ", which "
						+ SettingNames.name("connection.role") + " names, or there is no such role.",
				"Create the role if it is missing, and grant it, from PostgreSQL 16 on without SET FALSE: GRANT "
						+ owner + " TO " + login + "; Then start again. An instance that never migrates needs no "
						+ SettingNames.name("connection.role") + ".");
	}

	private String setup() throws SQLException {
		StringJoiner sql = new StringJoiner(", ", "SELECT ", "");
		sql.add(new Setting("lock_timeout", SessionSettings.millis(this.settings.lockTimeout())).sql())
			.add(new Setting("statement_timeout", SessionSettings.millis(this.settings.statementTimeout())).sql())
			.add(new Setting("application_name", this.settings.applicationName()).sql())
			.add(new Setting("standard_conforming_strings", "on").sql());
		for (Setting setting : protections()) {
			if (this.refused.stream().noneMatch((one) -> one.setting().equals(setting))) {
				sql.add(setting.sql());
			}
		}
		if (this.settings.schema() != null) {
			sql.add("pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', "
					+ StringLiteral.quote(Identifiers.quote(this.settings.schema()))
					+ Operators.qualified(", CASE WHEN pg_catalog.current_setting('search_path') = '' THEN NULL"
							+ " ELSE pg_catalog.current_setting('search_path') END), false)"));
		}
		if (this.settings.role() != null) {
			sql.add(new Setting("role", this.settings.role()).sql());
		}
		return sql.toString();
	}

	/** Runs the SQL of init-sql, if there is any. */
	void init() throws SQLException {
		String sql = this.settings.initSql();
		if (sql == null) {
			return;
		}
		Problem problem = Problem.error(ErrorCode.INIT_SQL, null,
				"The SQL of " + SettingNames.name("connection.init-sql") + " failed.",
				"Correct " + SettingNames.name("connection.init-sql") + ", and start again.");
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
					"The SQL of " + SettingNames.name("connection.init-sql") + " leaves a transaction open.",
					"Remove the BEGIN, or add the COMMIT, and start again."));
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
			takeBack();
		}
	}

	/**
	 * Lets code work in the transaction that is open. To the driver it looks like one of
	 * its own until it ends: only then does it fetch large results in pieces, and knows
	 * savepoints and large objects.
	 * @return the transaction
	 */
	LentTransaction lend() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement
					.executeQuery("SELECT pg_catalog.pg_current_xact_id(), pg_catalog.now()::pg_catalog.text")) {
			results.next();
			LentTransaction transaction = new LentTransaction(results.getString(1), results.getString(2));
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
			this.driverConnection.getQueryExecutor().setPreferQueryMode(mode);
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

	/**
	 * Tells whether a transaction is still the one that is open, and not broken. One that
	 * is prepared is in progress, too, but it is that of no session any more.
	 */
	boolean isIn(String transaction) throws SQLException {
		return transactionState() == TransactionState.OPEN && transaction.equals(transactionId());
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
			copyRows(sql, rows);
		}
		finally {
			if (listener != null) {
				listener.answered();
			}
		}
	}

	private void copyRows(String sql, CharSequence rows) throws SQLException {
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
	 * @param durable whether the commit waits as those of the session do
	 */
	void write(String sql, boolean durable) throws SQLException {
		execute(BEGIN + "; " + own(durable) + sql + "; COMMIT");
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
		return "SELECT " + facts().own().commit(true).sqlWithinTransaction() + "; COMMIT";
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
	 * @param durable whether the commit waits as those of the session do
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
	 * Commits what several scripts have done, and makes the session fresh. After it, what
	 * init-sql says has to run again, by {@link #init()}.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	long commit(String check) throws SQLException {
		return execute(List.of("COMMIT; " + this.clean + "; " + check), () -> {
		});
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
		if (this.watch != null && !(this.source instanceof ConnectionSource.Reused)) {
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
		execute(BEGIN + "; " + own(true) + "SELECT");
	}

	private void giveBack() throws SQLException {
		rollBack();
		if (this.before != null) {
			execute(this.before.giveBack() + "; SELECT pg_catalog.pg_advisory_unlock_all()");
		}
		giveBackModes();
		if (this.driver != null) {
			this.driver.restore(this.driverConnection);
		}
	}

	private void giveBackModes() throws SQLException {
		if (this.readOnly) {
			this.connection.setReadOnly(true);
		}
		if (!this.autoCommit) {
			this.connection.setAutoCommit(false);
		}
	}

	/** A connection of which no session is made goes back as it came, too. */
	private void giveBackModes(Exception failure) {
		try {
			giveBackModes();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ServerError.withoutSecrets(ex));
			abort();
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

	/**
	 * Finds out what became of the work of a session that has ended without the server's
	 * answer, or whose end nobody can trust; if it has not ended, it does now.
	 */
	Outcome outcome(Evidence evidence) {
		giveUp();
		return new OutcomeReader(this.source, this.settings, backend()).read(evidence);
	}

	/**
	 * Finds out what became of a commit whose message came to an error that the server
	 * reported, since the renewal of the session shares a round trip with it: in this
	 * session, or if that does not tell, over another one.
	 */
	Outcome outcomeOfCommit(Evidence evidence) {
		try {
			Outcome outcome = isInTransaction() ? new Outcome.RolledBack(Outcome.Server.SAME, false, 0)
					: evidence.read(this.connection, Outcome.Server.SAME);
			if (outcome != null) {
				return outcome;
			}
		}
		catch (SQLException ex) {
			logger.debug("What became of a commit could not be read in its session: {}", errorOf(ex));
		}
		return outcome(evidence);
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
