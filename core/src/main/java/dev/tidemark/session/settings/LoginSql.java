package dev.tidemark.session.settings;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.secret.Secrets;

/**
 * SQL that the sessions of an application begin with, so that those of migrations begin
 * with it as well: it may set the role or the search path, and with them who owns what a
 * migration makes, and where it lies.
 *
 * @param sql one or more statements
 * @param origin what says so, such as the name of a property
 * @since 0.1.0
 */
public record LoginSql(String sql, String origin) {

	/**
	 * Runs in a new session.
	 * @param connection the connection, which is closed if that fails
	 * @throws TidemarkException if the SQL fails
	 * @throws SQLException if the connection cannot be closed
	 */
	public void begin(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(this.sql);
		}
		catch (SQLException ex) {
			connection.close();
			ServerError error = ServerError.of(ex, Secrets.of(this.sql));
			throw new TidemarkException(
					Problem.error(ErrorCode.INIT_SQL, null,
							"The SQL failed that the sessions of the application begin with, and those of migrations as"
									+ " well: " + this.origin + ".",
							"Correct " + this.origin + ", or set " + SettingNames.name("connection.user")
									+ " to a login for which it does not run.")
						.withServer(error),
					ServerError.withoutSecrets(ex, Secrets.of(this.sql)));
		}
	}

	/** Returns the origin only: the SQL may hold a secret. */
	@Override
	public String toString() {
		return this.origin;
	}

}
