package dev.tidemark.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.connect.ConnectionSource;
import dev.tidemark.session.connect.KeptConnection;
import dev.tidemark.session.connect.NotConnected;
import dev.tidemark.session.settings.Backend;
import dev.tidemark.session.settings.RefusedSetting;
import dev.tidemark.session.settings.SessionFacts;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.session.settings.SessionState;
import dev.tidemark.session.watch.StatementWatch;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.sql.script.SqlStatement;

/**
 * The one connection of a run, always in auto-commit mode: transactions begin and end by
 * SQL, so that they cost no round trip of their own. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class Session implements AutoCloseable {

	public static final String BEGIN = OwnSql.BEGIN;

	/** WAL of its own, whose commit waits for all that was written before it. */
	private static final String SETTLE = "SELECT pg_catalog.pg_logical_emit_message(true, 'tidemark', '')";

	private static final String CANCELLED = "57014";

	private static final Logger logger = PlainLogger.of(Session.class);

	private final ConnectionSource source;

	private final SessionSettings settings;

	private final ServerConnection connection;

	private final Conversation conversation;

	private final SessionErrors errors;

	private final DriverTransaction driverTransaction;

	private @Nullable SessionState before;

	private @Nullable SessionFacts facts;

	private List<RefusedSetting> refused = List.of();

	private @Nullable StatementWatch watch;

	private String clean = "";

	private String subject = "Tidemark's own work";

	private boolean cutAtClose;

	private Session(ConnectionSource source, SessionSettings settings, ServerConnection connection) {
		this.source = source;
		this.settings = settings;
		this.connection = connection;
		this.errors = new SessionErrors(settings.mask());
		this.conversation = new Conversation(connection,
				new SimpleProtocol(connection.driver(), settings.mask(), () -> this.subject));
		this.driverTransaction = new DriverTransaction(connection, source.isBorrowed());
	}

	/**
	 * Opens a session. Where every session begins with a role or SQL of its own, it is
	 * prepared; otherwise nothing was sent yet, so that a run with nothing to do costs no
	 * round trip for it.
	 */
	public static Session open(ConnectionSource source, SessionSettings settings, Duration loginTimeout) {
		try {
			Session session = new Session(source, settings,
					ServerConnection.open(source, settings.applicationName(), loginTimeout));
			if (settings.initSql() != null || settings.role() != null) {
				session.prepareOrClose();
			}
			return session;
		}
		catch (SQLException ex) {
			throw NotConnected.exception(source, ex);
		}
	}

	/** What was set in a session before it failed must not go back to a pool. */
	private void prepareOrClose() throws SQLException {
		try {
			prepare();
		}
		catch (SQLException | RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/** Returns what the server said, without secrets and values of placeholders. */
	public ServerError errorOf(SQLException ex) {
		return errorOf(ex, null);
	}

	/** Returns what the server said of a statement, without its secrets either. */
	public ServerError errorOf(SQLException ex, @Nullable SqlStatement statement) {
		return this.errors.of(ex, statement);
	}

	/** Returns an exception that may be a cause. */
	public SQLException withoutSecrets(SQLException ex) {
		return withoutSecrets(ex, null);
	}

	/** Returns an exception that may be a cause. */
	public SQLException withoutSecrets(SQLException ex, @Nullable SqlStatement statement) {
		return this.errors.withoutSecrets(ex, statement);
	}

	public SessionSettings settings() {
		return this.settings;
	}

	public Connection connection() {
		return this.connection.jdbc();
	}

	/** Returns the server process that works for a prepared session. */
	public Backend backend() {
		return facts().backend();
	}

	/** Tells whether the server of a prepared session is a standby. */
	public boolean isStandby() {
		return facts().standby();
	}

	/**
	 * Returns who looks after the statements of a prepared session, as long as it is
	 * open.
	 */
	public StatementWatch watch() {
		if (this.watch == null) {
			this.watch = (this.source instanceof KeptConnection kept)
					? kept.watch(this.settings, backend(), this::abort)
					: new StatementWatch(this.source::openBeside, this.settings, backend(), this::abort);
			this.conversation.beWatchedBy(this.watch);
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
	public void workFor(String migration) {
		this.subject = migration;
	}

	/**
	 * Requires of a prepared session that its server accepts writes.
	 * @param what what would write, as the subject of a sentence
	 * @throws TidemarkException if the server is a standby, or transactions are read-only
	 */
	public void requirePrimary(String what) throws SQLException {
		facts().requirePrimary(connection(), what);
	}

	/** Tells whether the server did not take a setting of a prepared session. */
	public boolean isRefused(String setting) {
		return this.refused.stream().anyMatch((one) -> one.setting().name().equals(setting));
	}

	/** Returns what the server of a prepared session does not do for it. */
	public List<Problem> warnings() {
		return this.refused.stream().map(RefusedSetting::problem).toList();
	}

	/**
	 * Tells whether the login takes backslashes in string constants for what they are, as
	 * migrations do.
	 */
	public boolean hasStandardStrings() {
		return this.connection.hasStandardStrings();
	}

	/**
	 * Sets the session up for migrations, once. What a pooler in transaction mode would
	 * hand to the next client is not set at all.
	 */
	public void prepare() throws SQLException {
		if (this.before != null) {
			return;
		}
		SessionFacts known = (this.source instanceof KeptConnection kept) ? kept.facts() : null;
		if (known == null) {
			PoolerProbe.requireServerSession(this.source, this.settings.applicationName(), connection());
		}
		try (Statement statement = connection().createStatement()) {
			statement.setEscapeProcessing(false);
			this.before = (known != null) ? known.before() : before(statement);
			SessionSetup setup = new SessionSetup(connection(), this.settings, this.errors,
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

	/** Returns the SQL around our own writes in a prepared session. */
	public OwnSql own() {
		return new OwnSql(facts().own(), this.clean, this.settings.initSql());
	}

	/** Runs the SQL of init-sql, if there is any. */
	public void init() throws SQLException {
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
	public void execute(String sql) throws SQLException {
		execute(sql, () -> {
		});
	}

	/**
	 * Runs one or more statements, as they are.
	 * @param completed is called whenever the server has completed one
	 */
	public void execute(String sql, Runnable completed) throws SQLException {
		execute(List.of(sql), completed);
	}

	/**
	 * Runs a statement, and a query right behind it.
	 * @param sql the statement, which leaves no transaction open
	 * @param check the query
	 * @return how many rows the query had; none if it failed
	 * @throws SQLException if the statement failed
	 */
	public long execute(String sql, String check) throws SQLException {
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
	public boolean hasRow(String query) throws SQLException {
		return execute(List.of(query), () -> {
		}) == 1;
	}

	/**
	 * Runs messages one behind the other, without waiting in between.
	 * @param messages as {@link SimpleProtocol#send} takes them
	 * @param completed is called whenever the server has completed a command
	 * @return how many rows the last command returned or changed
	 */
	public long execute(List<String> messages, Runnable completed) throws SQLException {
		try {
			return this.conversation.send(messages, completed);
		}
		finally {
			this.driverTransaction.endWithTransaction();
		}
	}

	/**
	 * Runs messages one behind the other, without waiting in between, and hears what each
	 * command answered.
	 * @param messages as {@link SimpleProtocol#send} takes them
	 * @param answered is called whenever the server has completed a command, up to the
	 * first error
	 */
	public void ask(List<String> messages, Consumer<CommandAnswer> answered) throws SQLException {
		try {
			this.conversation.ask(messages, answered);
		}
		finally {
			this.driverTransaction.endWithTransaction();
		}
	}

	/**
	 * Reads as our own writes do, whatever role and search path a script has set, in a
	 * transaction of its own and one round trip.
	 * @param settings what holds for this query alone, such as
	 * {@code SET LOCAL statement_timeout = 100}; possibly empty
	 * @param query the query
	 * @return the rows, their values as texts
	 */
	public List<List<@Nullable String>> ownRows(String settings, String query) throws SQLException {
		List<CommandAnswer> answers = new ArrayList<>();
		ask(List.of(own().beginRead() + (settings.isEmpty() ? "" : "; " + settings), query, "ROLLBACK"), answers::add);
		return answers.get(answers.size() - 2).rows();
	}

	/** Runs a query in the transaction that is open, and returns its rows as texts. */
	public List<List<@Nullable String>> rowsWithin(String query) throws SQLException {
		List<CommandAnswer> answers = new ArrayList<>();
		ask(List.of(query), answers::add);
		return answers.get(answers.size() - 1).rows();
	}

	/**
	 * Lets code work in the transaction that is open. To the driver it looks like one of
	 * its own until it ends: only then does it fetch large results in pieces, and knows
	 * savepoints and large objects.
	 * @return the transaction
	 */
	public OpenTransaction lend() throws SQLException {
		OpenTransaction transaction = OpenTransaction.of(connection());
		this.driverTransaction.begin();
		return transaction;
	}

	/** Sets the lock timeout of the session and returns the one that it had. */
	public String swapLockTimeout(String timeout) throws SQLException {
		try (Statement statement = connection().createStatement();
				ResultSet results = statement.executeQuery(
						"WITH before AS MATERIALIZED" + " (SELECT pg_catalog.current_setting('lock_timeout') AS value)"
								+ " SELECT value, pg_catalog.set_config('lock_timeout', " + StringLiteral.quote(timeout)
								+ ", false) FROM before")) {
			results.next();
			return results.getString(1);
		}
	}

	/** Sends the rows piece by piece, so that a large dump is never held twice. */
	public void copyIn(String sql, CharSequence rows) throws SQLException {
		this.conversation.copy(sql, rows);
	}

	/** Runs writes of our own in a transaction of their own. */
	public void write(String sql) throws SQLException {
		write(sql, true);
	}

	/**
	 * Runs writes of our own in a transaction of their own.
	 * @param durable whether the commit waits as those of the session do
	 */
	public void write(String sql, boolean durable) throws SQLException {
		execute(own().transaction(sql, durable));
	}

	/**
	 * Makes all that the session has committed as durable as its commits are. A
	 * transaction that writes nothing would not wait.
	 */
	public void settle() throws SQLException {
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
	 * Runs a write of our own with which a migration ends, and makes the session fresh
	 * for the next one.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	public long writeLast(String sql, String check) throws SQLException {
		long rows = execute(List.of(own().lastTransaction(sql, check)), () -> {
		});
		init();
		return rows;
	}

	/**
	 * Commits what several scripts have done, and makes the session fresh. After it, what
	 * init-sql says has to run again, by {@link #init()}.
	 * @param check a query that is made last
	 * @return how many rows the query returned
	 */
	public long commit(String check) throws SQLException {
		return execute(List.of(own().lastCommit(check)), () -> {
		});
	}

	public void rollBack() throws SQLException {
		if (isInTransaction()) {
			execute("ROLLBACK");
		}
		this.driverTransaction.endWithTransaction();
	}

	/** Rolls back what is open, and makes the session fresh for the next migration. */
	public void renew() throws SQLException {
		rollBack();
		execute(this.clean);
		init();
	}

	public boolean isInTransaction() throws SQLException {
		return transactionState() != TransactionState.IDLE;
	}

	public TransactionState transactionState() throws SQLException {
		return this.connection.transactionState();
	}

	/** Tells whether the session answers, and not another one in its place. */
	public boolean isAlive() {
		return this.connection.isAlive();
	}

	/**
	 * Tells whether a prepared session lets go of its advisory locks when it is closed,
	 * before anybody else has its connection.
	 */
	public boolean unlocksAtClose() {
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
			else if (this.source.outlivesSession() && !connection().isClosed()) {
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
			this.connection.release();
		}
	}

	/** Lets nobody have the connection after this session: its server process ends. */
	public void cutAtClose() {
		this.cutAtClose = true;
	}

	/**
	 * Begins a transaction that reads as our own writes do, whatever role and search path
	 * a script has set. With its {@link #rollBack() end} the session is again what the
	 * script has made of it.
	 */
	public void beginOwnRead() throws SQLException {
		execute(own().beginRead());
	}

	private void giveBack() throws SQLException {
		rollBack();
		if (this.before != null) {
			execute(this.before.giveBack() + "; SELECT pg_catalog.pg_advisory_unlock_all()");
		}
		this.connection.restore();
	}

	/**
	 * Asks the server to cancel what runs in the session. May be called from any thread
	 * while the session is open.
	 */
	void cancel() {
		this.connection.cancel();
	}

	/** Tells whether this instance has asked the server to do so. */
	public boolean isCancelled() {
		return this.connection.isCancelled();
	}

	/** Returns why the connection was cut from here, if it was. */
	public @Nullable String abortReason() {
		return (this.watch != null) ? this.watch.ended() : null;
	}

	/** Returns what the server said before it hung up, if it said anything. */
	public @Nullable SQLException farewell() {
		return this.conversation.farewell();
	}

	/** Hears what the server answered to a query of the connection's own. */
	public void overhear(SQLException error) {
		this.conversation.overhear(error);
	}

	/** Returns for how long the session has waited for the server since it last spoke. */
	public Duration silence() {
		return this.conversation.silence();
	}

	/**
	 * Cuts the connection and lets go of it, so that a pool of one can give another one.
	 * The session cannot be used any more.
	 */
	public void giveUp() {
		abort();
		this.connection.release();
	}

	/** Opens another session of the same kind. */
	public Session another(Duration loginTimeout) {
		return open(this.source, this.settings, loginTimeout);
	}

	/** Opens and prepares another session of the same kind. */
	public Session again(Duration loginTimeout) throws SQLException {
		Session session = another(loginTimeout);
		session.prepareOrClose();
		return session;
	}

	/** Tells whether the session has ended, so that nothing can run in it any more. */
	public boolean isGivenUp() {
		return this.connection.isClosed();
	}

	/** Cuts the connection without waiting for the server. */
	public void abort() {
		this.connection.abort();
	}

}
