package dev.tidemark.error;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.tidemark.sql.Secrets;

/**
 * What the server said of an error, free of secrets and of the data of rows. The fields
 * are those of the protocol's
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

	private static final String MASK = "***";

	/** Data that does not fit a type or an operation, and what constraints refuse. */
	private static final Set<String> ABOUT_ROWS = Set.of("22", "23", "44");

	/** {@code Key (a, b)=(1, x) already exists.}, whatever the language. */
	private static final Pattern KEY = Pattern.compile("(\\)\\s*=\\s*\\().*(\\))", Pattern.DOTALL);

	/** {@code Failing row contains (1, x).}, whatever the language. */
	private static final Pattern ROW = Pattern.compile("(\\().*(\\))", Pattern.DOTALL);

	/** {@code invalid input syntax for type integer: "x"}, whatever the language. */
	private static final Pattern QUOTED_LAST = Pattern.compile("([:\uFF1A]\\s*[\"\u00AB\u00BB\u201E\u201C]).*",
			Pattern.DOTALL);

	private static final Pattern QUOTED = Pattern
		.compile("([\"\u00AB\u00BB\u201E\u201C]).*([\"\u00AB\u00BB\u201C\u201D])", Pattern.DOTALL);

	/** {@code COPY t, line 3, column a: "x"}, and the same of JSON. */
	private static final Pattern INPUT = Pattern.compile("^((?:COPY|JSON)\\b[^:\\n]*:).*", Pattern.DOTALL);

	/**
	 * Reads what the server, or the driver in its place, said.
	 * @param ex the driver's exception
	 * @return the error, with secrets masked
	 */
	public static ServerError of(SQLException ex) {
		return of(ex, UnaryOperator.identity());
	}

	/**
	 * Reads what the server, or the driver in its place, said.
	 * @param ex the driver's exception
	 * @param mask takes out of its texts what must not be seen, besides the secrets that
	 * are recognised by themselves
	 * @return the error, with secrets masked
	 */
	public static ServerError of(SQLException ex, UnaryOperator<String> mask) {
		String sqlState = (ex.getSQLState() != null) ? ex.getSQLState() : NO_STATE;
		ServerErrorMessage message = (ex instanceof PSQLException psql) ? psql.getServerErrorMessage() : null;
		if (message == null) {
			return new ServerError(sqlState, masked(String.valueOf(ex.getMessage()), mask), null, null, null, null,
					null, null);
		}
		String what = String.valueOf(message.getMessage());
		String detail = message.getDetail();
		String context = message.getWhere();
		if (ABOUT_ROWS.contains(sqlState.substring(0, 2))) {
			what = QUOTED_LAST.matcher(what).replaceFirst("$1" + MASK + "\"");
			detail = (detail != null) ? withoutData(sqlState, detail) : null;
		}
		if (context != null) {
			context = Secrets.maskStatements(INPUT.matcher(context).replaceFirst("$1 " + MASK));
		}
		return new ServerError(sqlState, masked(what, mask), maskedOrNull(detail, mask),
				maskedOrNull(message.getHint(), mask), maskedOrNull(context, mask),
				(message.getPosition() > 0) ? message.getPosition() : null, message.getTable(),
				message.getConstraint());
	}

	/** What rows hold is nobody's business in a log. */
	private static String withoutData(String sqlState, String detail) {
		Matcher key = KEY.matcher(detail);
		if (key.find()) {
			return key.replaceFirst("$1" + MASK + "$2");
		}
		return sqlState.startsWith("22") ? QUOTED.matcher(detail).replaceFirst("$1" + MASK + "$2")
				: ROW.matcher(detail).replaceFirst("$1" + MASK + "$2");
	}

	/**
	 * Returns an exception that may be a cause: the same stack trace and SQLSTATE, but no
	 * secret in the message and none in a chained exception.
	 * @param ex the driver's exception
	 * @return the exception to chain
	 */
	public static SQLException withoutSecrets(SQLException ex) {
		return withoutSecrets(ex, UnaryOperator.identity());
	}

	/**
	 * Returns an exception that may be a cause: the same stack trace and SQLSTATE, but no
	 * secret in the message and none in a chained exception.
	 * @param ex the driver's exception
	 * @param mask takes out of its texts what must not be seen, besides the secrets that
	 * are recognised by themselves
	 * @return the exception to chain
	 */
	public static SQLException withoutSecrets(SQLException ex, UnaryOperator<String> mask) {
		SQLException clean = new SQLException(of(ex, mask).toString(), ex.getSQLState(), ex.getErrorCode());
		clean.setStackTrace(ex.getStackTrace());
		return clean;
	}

	private static String masked(String text, UnaryOperator<String> mask) {
		return Secrets.mask(mask.apply(text));
	}

	private static @Nullable String maskedOrNull(@Nullable String text, UnaryOperator<String> mask) {
		return (text != null) ? masked(text, mask) : null;
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
