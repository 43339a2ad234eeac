package dev.tidemark.run;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

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
import dev.tidemark.history.Write;
import dev.tidemark.sql.Identifiers;

/**
 * The one connection of a run, always in auto-commit mode: transactions begin and end by
 * SQL, so that they cost no round trip of their own. Not thread-safe.
 */
final class Session implements AutoCloseable {

	/** The oldest major version of PostgreSQL that is supported. */
	static final int OLDEST_SERVER = 14;

	private static final int COPY_PIECE = 32 * 1024;

	private static final String BEGIN = "BEGIN; ";

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(Session.class);

	private final ConnectionSource source;

	private final SessionSettings settings;

	private final Connection connection;

	private final boolean autoCommit;

	private final boolean readOnly;

	private final boolean simpleProtocol;

	private @Nullable SessionState before;

	private @Nullable SessionState prepared;

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
		this.simpleProtocol = connection.unwrap(PGConnection.class).getPreferQueryMode() == PreferQueryMode.SIMPLE;
	}

	static Session open(ConnectionSource source, SessionSettings settings) {
		Connection connection;
		try {
			connection = source.open(settings.applicationName(), LOGIN_TIMEOUT);
		}
		catch (SQLException ex) {
			throw DatabaseProblems.notConnected(source, ex);
		}
		try {
			return new Session(source, settings, connection);
		}
		catch (SQLException ex) {
			close(connection);
			throw DatabaseProblems.notConnected(source, ex);
		}
		catch (RuntimeException ex) {
			close(connection);
			throw ex;
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

	Connection connection() {
		return this.connection;
	}

	/**
	 * Sets the session up for migrations and remembers how it is then, so that each
	 * migration begins with the same session.
	 */
	void prepare() throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			if (this.source.isBorrowed()) {
				this.before = SessionState.of(statement);
			}
			statement.execute(setup());
			init(statement);
			this.prepared = SessionState.of(statement);
		}
	}

	private String setup() {
		StringBuilder sql = new StringBuilder("SELECT pg_catalog.set_config('lock_timeout', '")
			.append(this.settings.lockTimeout().toMillis())
			.append("', false), pg_catalog.set_config('statement_timeout', '")
			.append(this.settings.statementTimeout().toMillis())
			.append("', false), pg_catalog.set_config('application_name', ")
			.append(SessionState.literal(this.settings.applicationName()))
			.append(", false), pg_catalog.set_config('standard_conforming_strings', 'on', false)");
		if (this.settings.schema() != null) {
			sql.append(", pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', ")
				.append(SessionState.literal(Identifiers.quote(this.settings.schema())))
				.append(", nullif(pg_catalog.current_setting('search_path'), '')), false)");
		}
		return sql.toString();
	}

	private void init(Statement statement) throws SQLException {
		if (this.settings.initSql() == null) {
			return;
		}
		try {
			statement.execute(this.settings.initSql());
		}
		catch (SQLException ex) {
			throw new TidemarkException(Problem
				.error(ErrorCode.INIT_SQL, null, "The SQL of tidemark.init-sql failed.", "Correct tidemark.init-sql.")
				.withServer(ServerError.of(ex)), ServerError.withoutSecrets(ex));
		}
	}

	/**
	 * Sends SQL as it is.
	 * @param begin whether a transaction begins with it
	 */
	void execute(String sql, boolean begin) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.setEscapeProcessing(false);
			if (begin && !this.simpleProtocol) {
				statement.execute("BEGIN");
			}
			statement.execute((begin && this.simpleProtocol) ? BEGIN + sql : sql);
			if (statement.getWarnings() != null) {
				logger.debug("Server notice: {}", statement.getWarnings().getMessage());
			}
		}
	}

	/** The number of characters that stand before the SQL that begins a transaction. */
	int beginLength() {
		return this.simpleProtocol ? BEGIN.length() : 0;
	}

	void execute(String sql) throws SQLException {
		execute(sql, false);
	}

	/** Sends the rows piece by piece, so that a large dump is never held twice. */
	void copyIn(String sql, CharSequence rows) throws SQLException {
		CopyIn copy = this.connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
		try {
			for (int start = 0; start < rows.length();) {
				int end = Math.min(rows.length(), start + COPY_PIECE);
				if (end < rows.length() && Character.isHighSurrogate(rows.charAt(end - 1))) {
					end++;
				}
				byte[] bytes = rows.subSequence(start, end).toString().getBytes(StandardCharsets.UTF_8);
				copy.writeToCopy(bytes, 0, bytes.length);
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

	/** Runs a write of our own in a transaction of its own, as the session's own user. */
	void write(Write write) throws SQLException {
		execute("BEGIN; " + prepared().restoreRole() + "; ", write, "; COMMIT; " + prepared().restoreAll());
	}

	/**
	 * Ends the transaction of a migration with our own write, and cleans up behind it.
	 * @param durable whether to wait until the commit is on disk. WAL keeps the order of
	 * commits, so a later durable one makes this one durable too; a crash of the server
	 * in between loses whole migrations with their history rows, and nothing else.
	 */
	void commitWith(Write write, boolean durable) throws SQLException {
		execute(prepared().restoreRole() + (durable ? "; " : "; SET LOCAL synchronous_commit = off; "), write,
				"; COMMIT; " + prepared().restoreAll());
	}

	private void execute(String before, Write write, String after) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(before + write.sql() + after)) {
			int index = 1;
			for (Object parameter : write.parameters()) {
				statement.setObject(index++, parameter);
			}
			statement.execute();
		}
	}

	/**
	 * Rolls back what a failed migration left open, and undoes what it did to the
	 * session.
	 */
	void recover() throws SQLException {
		if (isInTransaction()) {
			execute("ROLLBACK");
		}
		restore();
	}

	void restore() throws SQLException {
		execute(prepared().restoreAll());
	}

	boolean isInTransaction() throws SQLException {
		return this.connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
	}

	boolean isAlive() {
		try {
			return !this.connection.isClosed() && this.connection.isValid(5);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private SessionState prepared() {
		if (this.prepared == null) {
			throw new IllegalStateException("Session not prepared");
		}
		return this.prepared;
	}

	/** Closes the connection, or gives it back as it came. */
	@Override
	public void close() {
		try {
			if (this.source.isBorrowed() && !this.connection.isClosed()) {
				giveBack();
			}
		}
		catch (SQLException ex) {
			logger.warn("The borrowed connection could not be restored: {}", ServerError.of(ex));
		}
		finally {
			close(this.connection);
		}
	}

	private void giveBack() throws SQLException {
		if (isInTransaction()) {
			execute("ROLLBACK");
		}
		if (this.before != null) {
			execute(this.before.restoreAll());
		}
		if (this.readOnly) {
			this.connection.setReadOnly(true);
		}
		if (!this.autoCommit) {
			this.connection.setAutoCommit(false);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("The connection could not be closed", ex);
		}
	}

}
