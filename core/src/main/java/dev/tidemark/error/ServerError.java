package dev.tidemark.error;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
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

	/** Values that do not fit a type or an operation. */
	private static final String ABOUT_VALUES = "22";

	/** What constraints refuse, and views with a check option. */
	private static final Set<String> ABOUT_ROWS = Set.of("23", "44");

	/** What libxml has to say of a value quotes lines of it. */
	private static final Set<String> ABOUT_XML = Set.of("2200M", "2200N", "2200S", "2200T");

	/** Where a label that names what is meant comes first, as in the last of these. */
	private static final Set<String> LABELLED = Set.of("22021", "22023");

	/** Values of text search types that cannot be read. */
	private static final Set<String> ABOUT_TEXT_SEARCH = Set.of("42601", "54000");

	/** {@code Key (a, b)=(1, x) already exists.}, whatever the language. */
	private static final Pattern KEY = Pattern.compile("(\\)\\s*=\\s*\\().*(\\))", Pattern.DOTALL);

	/** {@code Failing row contains (1, x).}, whatever the language. */
	private static final Pattern ROW = Pattern.compile("(\\().*(\\))", Pattern.DOTALL);

	/** The quotes of all languages that the server speaks. */
	private static final String QUOTES = "\"\u00AB\u00BB\u201C\u201D\u201E\u300C\u300D";

	/** {@code syntax error in tsquery: "x"}, whatever the language. */
	private static final Pattern QUOTED_LAST = Pattern.compile("([:\uFF1A]\\s*[" + QUOTES + "]).*", Pattern.DOTALL);

	/** A value may hold quotes too, so what lies between the first and the last goes. */
	private static final Pattern QUOTED = Pattern.compile("([" + QUOTES + "]).*([" + QUOTES + "])|([" + QUOTES + "]).*",
			Pattern.DOTALL);

	/** {@code invalid value for parameter "lock_timeout": "x"}. */
	private static final Pattern LABEL = Pattern
		.compile("^[^:\uFF1A" + QUOTES + "]*[" + QUOTES + "]\\h*[\\w.]+\\h*[" + QUOTES + "]\\h*[:\uFF1A]");

	/** A number, but neither part of a word nor the length of a type. */
	private static final Pattern NUMBER = Pattern
		.compile("(?<![\\w(.,])[-+]?(?:0x[0-9a-fA-F]+|\\d+(?:[.:,-]\\d+)*(?:[eE][-+]?\\d+)?)");

	/**
	 * {@code COPY t, line 3, column a: "x"}, and the same of JSON, whatever the language.
	 */
	private static final Pattern INPUT = Pattern.compile("^([^:\uFF1A\n" + QUOTES + "]*[:\uFF1A]).*",
			Pattern.DOTALL | Pattern.MULTILINE);

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
		ServerErrorMessage message = message(ex);
		if (message == null) {
			String what = String.valueOf(ex.getMessage());
			what = sqlState.startsWith(ABOUT_VALUES) ? INPUT.matcher(what).replaceFirst("$1 " + MASK) : what;
			return new ServerError(sqlState, masked(what, mask), null, null, null, null, null, null);
		}
		String detail = message.getDetail();
		String context = message.getWhere();
		if (context != null) {
			context = Secrets.maskStatements(INPUT.matcher(context).replaceFirst("$1 " + MASK));
		}
		return new ServerError(sqlState, masked(messageWithoutData(sqlState, message), mask),
				(detail != null) ? masked(detailWithoutData(sqlState, detail), mask) : null,
				maskedOrNull(message.getHint(), mask), maskedOrNull(context, mask),
				(message.getPosition() > 0) ? message.getPosition() : null, message.getTable(),
				message.getConstraint());
	}

	/**
	 * The message of a batch that failed holds its parameters, so the next one counts.
	 */
	private static @Nullable ServerErrorMessage message(SQLException ex) {
		SQLException told = (ex instanceof BatchUpdateException && ex.getNextException() != null)
				? ex.getNextException() : ex;
		if (told instanceof PSQLWarning warning) {
			return warning.getServerErrorMessage();
		}
		return (told instanceof PSQLException psql) ? psql.getServerErrorMessage() : null;
	}

	/** What rows hold is nobody's business in a log. */
	private static String messageWithoutData(String sqlState, ServerErrorMessage message) {
		String what = String.valueOf(message.getMessage());
		if (sqlState.startsWith(ABOUT_VALUES)) {
			Matcher label = LABEL.matcher(what);
			int end = (LABELLED.contains(sqlState) && label.find()) ? label.end() : 0;
			return what.substring(0, end) + NUMBER.matcher(withoutQuoted(what.substring(end))).replaceAll(MASK);
		}
		boolean ofTextSearch = ABOUT_TEXT_SEARCH.contains(sqlState) && message.getPosition() <= 0
				&& message.getInternalPosition() <= 0;
		return ofTextSearch ? QUOTED_LAST.matcher(what).replaceFirst("$1" + MASK + "\"") : what;
	}

	private static String detailWithoutData(String sqlState, String detail) {
		if (ABOUT_XML.contains(sqlState)) {
			return MASK;
		}
		boolean aboutValues = sqlState.startsWith(ABOUT_VALUES);
		if (!aboutValues && !ABOUT_ROWS.contains(sqlState.substring(0, 2))) {
			return detail;
		}
		Matcher key = KEY.matcher(detail);
		if (key.find()) {
			return key.replaceFirst("$1" + MASK + "$2");
		}
		return aboutValues ? withoutQuoted(detail) : ROW.matcher(detail).replaceFirst("$1" + MASK + "$2");
	}

	private static String withoutQuoted(String text) {
		return QUOTED.matcher(text)
			.replaceFirst((found) -> (found.group(1) != null) ? found.group(1) + MASK + found.group(2)
					: found.group(3) + MASK);
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
