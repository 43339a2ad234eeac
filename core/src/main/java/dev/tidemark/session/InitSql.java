package dev.tidemark.session;

import java.sql.SQLException;
import java.util.function.UnaryOperator;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.error.ServerError;
import dev.tidemark.error.SettingNames;
import dev.tidemark.error.TidemarkException;
import dev.tidemark.sql.secret.Secrets;

/**
 * The SQL of the user's own that every session begins with.
 *
 * @param sql one or more statements
 * @param mask takes out of what the server shows what must not be seen, besides the
 * secrets of the SQL
 */
record InitSql(String sql, UnaryOperator<String> mask) {

	/** Says that it failed. */
	TidemarkException failed(SQLException ex) {
		UnaryOperator<String> masks = (text) -> Secrets.of(this.sql).apply(this.mask.apply(text));
		return new TidemarkException(Problem
			.error(ErrorCode.INIT_SQL, null, "The SQL of " + SettingNames.name("connection.init-sql") + " failed.",
					"Correct " + SettingNames.name("connection.init-sql") + ", and start again.")
			.withServer(ServerError.of(ex, masks)), ServerError.withoutSecrets(ex, masks));
	}

	/** Says that it began a transaction. */
	static TidemarkException leavesTransaction() {
		return new TidemarkException(Problem.error(ErrorCode.INIT_SQL, null,
				"The SQL of " + SettingNames.name("connection.init-sql") + " leaves a transaction open.",
				"Remove the BEGIN, or add the COMMIT, and start again."));
	}

	/** Returns nothing of the SQL, which may hold a secret. */
	@Override
	public String toString() {
		return SettingNames.name("connection.init-sql");
	}

}
