package dev.tidemark.session.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.settings.Backend;
import dev.tidemark.session.settings.LoginSql;
import dev.tidemark.session.settings.SessionFacts;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.session.watch.StatementWatch;

/**
 * One connection that is kept for many sessions, one after the other. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class KeptConnection implements ConnectionSource, AutoCloseable {

	private final ConnectionSource source;

	private @Nullable Connection kept;

	private @Nullable SessionFacts facts;

	private @Nullable StatementWatch watch;

	/**
	 * Makes a source that opens nothing before it is asked.
	 * @param source where the connection comes from
	 */
	public KeptConnection(ConnectionSource source) {
		this.source = source;
	}

	@Override
	public Optional<String> address() {
		return this.source.address();
	}

	@Override
	public Optional<String> database() {
		return this.source.database();
	}

	@Override
	public Optional<ConnectionSource> on(String database) {
		return this.source.on(database);
	}

	@Override
	public Connection open(String applicationName, Duration timeout) throws SQLException {
		Connection connection = this.kept;
		this.kept = null;
		if (connection != null && !connection.isClosed()) {
			return connection;
		}
		forget();
		return this.source.open(applicationName, timeout);
	}

	private void forget() {
		this.facts = null;
		if (this.watch != null) {
			this.watch.close();
			this.watch = null;
		}
	}

	/** Returns what an earlier session has found out about the connection. */
	public @Nullable SessionFacts facts() {
		return this.facts;
	}

	/** Keeps what a session has found out for those that have the connection next. */
	public void keep(SessionFacts found) {
		this.facts = found;
	}

	/** Returns who looks after all sessions on the connection. */
	public StatementWatch watch(SessionSettings settings, Backend backend, Runnable cut) {
		if (this.watch == null) {
			this.watch = new StatementWatch(this.source::openBeside, settings, backend, cut);
		}
		return this.watch;
	}

	@Override
	public Connection openBeside(String applicationName, Duration timeout) throws SQLException {
		return this.source.openBeside(applicationName, timeout);
	}

	@Override
	public boolean isBorrowed() {
		return this.source.isBorrowed();
	}

	@Override
	public Optional<LoginSql> loginSql() {
		return this.source.loginSql();
	}

	@Override
	public boolean outlivesSession() {
		return true;
	}

	@Override
	public void release(Connection connection) throws SQLException {
		giveBack();
		if (connection.isClosed()) {
			// A pool still has to hear of it.
			this.source.release(connection);
		}
		else {
			this.kept = connection;
		}
	}

	/**
	 * Gives the connection back to where it came from.
	 * @throws SQLException if it cannot be closed
	 */
	@Override
	public void close() throws SQLException {
		forget();
		giveBack();
	}

	private void giveBack() throws SQLException {
		Connection connection = this.kept;
		this.kept = null;
		if (connection != null) {
			this.source.release(connection);
		}
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}
