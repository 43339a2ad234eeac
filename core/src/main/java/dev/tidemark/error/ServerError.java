package dev.tidemark.error;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.tidemark.sql.Secrets;

/**
 * What the server said of an error, free of secrets. The fields are those of the
 * protocol's
 * <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">error
 * message</a>.
 *
 * @param sqlState the SQLSTATE, five characters
 * @param message the primary message
 * @param detail the secondary message, or {@code null}
 * @param hint the server's suggestion, or {@code null}
 * @param context the call stack inside functions, or {@code null}
 * @param position the position of the error in the statement, in characters from 1, or
 * {@code null} if the server named none
 * @param table the name of the table that a constraint or value belongs to, or
 * {@code null}
 * @param constraint the name of the violated constraint, or {@code null}
 */
public record ServerError(String sqlState, String message, @Nullable String detail, @Nullable String hint,
		@Nullable String context, @Nullable Integer position, @Nullable String table, @Nullable String constraint) {

	private static final String NO_STATE = "00000";

	/**
	 * Reads what the server, or the driver in its place, said.
	 * @param ex the driver's exception
	 * @return the error, with secrets masked
	 */
	public static ServerError of(SQLException ex) {
		String sqlState = (ex.getSQLState() != null) ? ex.getSQLState() : NO_STATE;
		ServerErrorMessage message = (ex instanceof PSQLException psql) ? psql.getServerErrorMessage() : null;
		if (message == null) {
			return new ServerError(sqlState, Secrets.mask(String.valueOf(ex.getMessage())), null, null, null, null,
					null, null);
		}
		return new ServerError(sqlState, Secrets.mask(String.valueOf(message.getMessage())),
				masked(message.getDetail()), masked(message.getHint()), masked(message.getWhere()),
				(message.getPosition() > 0) ? message.getPosition() : null, message.getTable(),
				message.getConstraint());
	}

	/**
	 * Returns an exception that may be a cause: the same stack trace and SQLSTATE, but no
	 * secret in the message and none in a chained exception.
	 * @param ex the driver's exception
	 * @return the exception to chain
	 */
	public static SQLException withoutSecrets(SQLException ex) {
		SQLException clean = new SQLException(of(ex).toString(), ex.getSQLState(), ex.getErrorCode());
		clean.setStackTrace(ex.getStackTrace());
		return clean;
	}

	private static @Nullable String masked(@Nullable String text) {
		return (text != null) ? Secrets.mask(text) : null;
	}

	/**
	 * Tells whether the error belongs to a class of errors.
	 * @param prefix the first characters of the SQLSTATE, or all five
	 * @return whether the SQLSTATE begins so
	 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error
	 * codes</a>
	 */
	public boolean is(String prefix) {
		return this.sqlState.startsWith(prefix);
	}

	/**
	 * Returns the parts that an operator reads, a line each.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.message).append(" (SQLSTATE ").append(this.sqlState).append(')');
		append(text, "Detail", this.detail);
		append(text, "Hint", this.hint);
		append(text, "Context", this.context);
		return text.toString();
	}

	private static void append(StringBuilder text, String label, @Nullable String value) {
		if (value != null) {
			text.append('\n').append(label).append(": ").append(value);
		}
	}

}
