package dev.tidemark.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.session.settings.AsynchronousCommit;
import dev.tidemark.session.settings.Backend;
import dev.tidemark.session.settings.OwnSettings;
import dev.tidemark.session.settings.RefusedSetting;
import dev.tidemark.session.settings.SessionFacts;
import dev.tidemark.session.settings.SessionSettings;
import dev.tidemark.session.settings.SessionState;
import dev.tidemark.session.settings.Setting;
import dev.tidemark.sql.Identifiers;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;

/**
 * Gives a session the settings that migrations need, as far as its server takes them.
 */
final class SessionSetup {

	private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 17;

	private static final Setting TRANSACTION_TIMEOUT = new Setting("transaction_timeout", 0);

	private static final String NO_RIGHT = "42501";

	private static final String NO_SUCH_ROLE = "22023";

	private static final String FACTS = "SELECT a.pid, a.backend_start::pg_catalog.text,"
			+ " pg_catalog.pg_postmaster_start_time()::pg_catalog.text,"
			+ " pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('session_authorization'),"
			+ " pg_catalog.current_setting('role'), pg_catalog.current_setting('search_path'),"
			+ " pg_catalog.current_setting('synchronous_commit'),"
			+ " pg_catalog.current_setting('synchronous_standby_names'),"
			+ " pg_catalog.current_setting('transaction_read_only'), a.datid::pg_catalog.text"
			+ " FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a";

	private final Connection connection;

	private final SessionSettings settings;

	private final SessionErrors errors;

	private List<RefusedSetting> refused;

	/**
	 * Begins with what is known.
	 * @param errors reads what the server says
	 * @param refused the settings that the server is known to refuse
	 */
	SessionSetup(Connection connection, SessionSettings settings, SessionErrors errors, List<RefusedSetting> refused) {
		this.connection = connection;
		this.settings = settings;
		this.errors = errors;
		this.refused = refused;
	}

	/**
	 * Sets the session up.
	 * @return the search path that the session has then
	 * @throws TidemarkException if it may not become the role that it should be
	 */
	String apply(Statement statement) throws SQLException {
		try {
			return set(statement);
		}
		catch (SQLException ex) {
			if (this.refused.isEmpty()) {
				this.refused = findRefused(statement, ex);
				if (!this.refused.isEmpty()) {
					return apply(statement);
				}
			}
			ServerError error = this.errors.of(ex, null);
			if (this.settings.role() != null && (error.is(NO_RIGHT) || error.is(NO_SUCH_ROLE))) {
				throw new TidemarkException(roleRefused(this.settings.role()).withServer(error),
						this.errors.withoutSecrets(ex, null));
			}
			throw ex;
		}
	}

	private String set(Statement statement) throws SQLException {
		try (ResultSet results = Look.query(statement,
				sql() + ", pg_catalog.current_setting('search_path') AS found")) {
			results.next();
			return results.getString("found");
		}
	}

	/** The server refuses all at once and names the first; each is tried by itself. */
	private List<RefusedSetting> findRefused(Statement statement, SQLException failure) throws SQLException {
		if (this.errors.of(failure, null).isConnectionLost()) {
			return List.of();
		}
		List<RefusedSetting> found = new ArrayList<>();
		for (Setting setting : protections()) {
			try {
				statement.execute("SELECT " + setting.sql());
			}
			catch (SQLException ex) {
				ServerError error = this.errors.of(ex, null);
				if (error.isConnectionLost()) {
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
		List<Setting> protections = new ArrayList<>(this.settings.liveness().settings());
		protections.add(new Setting("idle_in_transaction_session_timeout", 0));
		protections.add(new Setting("idle_session_timeout", 0));
		if (hasTransactionTimeout()) {
			protections.add(TRANSACTION_TIMEOUT);
		}
		return protections;
	}

	private boolean hasTransactionTimeout() throws SQLException {
		return this.connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_TRANSACTION_TIMEOUT;
	}

	private boolean isTaken(Setting setting) {
		return this.refused.stream().noneMatch((one) -> one.setting().equals(setting));
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

	/** Returns the query that sets all of it, without what the server refuses. */
	String sql() throws SQLException {
		StringJoiner sql = new StringJoiner(", ", "SELECT ", "");
		sql.add(new Setting("lock_timeout", this.settings.lockTimeout()).sql())
			.add(new Setting("statement_timeout", this.settings.statementTimeout()).sql())
			.add(new Setting("application_name", this.settings.applicationName()).sql())
			.add(new Setting("standard_conforming_strings", "on").sql());
		for (Setting setting : protections()) {
			if (isTaken(setting)) {
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

	/**
	 * Asks the server for the facts of a session that is set up.
	 * @param before how to make the session what it was
	 */
	SessionFacts facts(Statement statement, SessionState before) throws SQLException {
		try (ResultSet results = statement.executeQuery(FACTS)) {
			results.next();
			String commit = results.getString(8);
			boolean asynchronous = this.settings.asynchronousCommit() == AsynchronousCommit.AUTO && commit.equals("on")
					&& results.getString(9).isBlank();
			OwnSettings own = new OwnSettings(results.getString(5), results.getString(6), results.getString(7), commit,
					asynchronous, timeoutsOfWrites());
			return new SessionFacts(before,
					new Backend(results.getInt(1), results.getString(2), results.getString(3), results.getString(11)),
					own, results.getBoolean(4), results.getString(10).equals("on"), this.refused);
		}
	}

	private List<String> timeoutsOfWrites() throws SQLException {
		return (hasTransactionTimeout() && isTaken(TRANSACTION_TIMEOUT))
				? List.of("statement_timeout", TRANSACTION_TIMEOUT.name()) : List.of("statement_timeout");
	}

	/** Returns the settings that the server refuses. */
	List<RefusedSetting> refused() {
		return this.refused;
	}

}
