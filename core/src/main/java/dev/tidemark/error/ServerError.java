package dev.tidemark.error;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.QuotedSql;
import dev.tidemark.sql.secret.Secrets;

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
 * @param raised whether the server only passes on what a script, or another server, has
 * said: code and texts are theirs then, and mean what they want them to mean
 * @since 0.1.0
 */
public record ServerError(String sqlState, String message, @Nullable String detail, @Nullable String hint,
		@Nullable String context, @Nullable Integer position, @Nullable String table, @Nullable String constraint,
		boolean raised) {

	private static final String NO_STATE = "00000";

	private static final String ABOUT_VALUES = "22";

	private static final String ABOUT_CONNECTIONS = "08";

	/** With these the server ends a session. */
	private static final Set<String> LOST = Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04");

	/**
	 * The functions of the server that report what others have said: {@code RAISE} of
	 * PL/pgSQL, {@code plpy.error}, and what comes from another server by dblink or
	 * postgres_fdw.
	 */
	private static final Set<String> PASSING_ON = Set.of("exec_stmt_raise", "PLy_output", "dblink_res_error",
			"dblink_res_internalerror", "pgfdw_report_error");

	/** How many exceptions are looked at; more of them are a circle. */
	private static final int MOST_CAUSES = 100;

	/** Makes the texts fit to be shown; those of several lines keep them. */
	public ServerError {
		message = PlainText.lines(message);
		detail = plain(detail);
		hint = plain(hint);
		context = plain(context);
		table = PlainText.lineOrNull(table);
		constraint = PlainText.lineOrNull(constraint);
	}

	/**
	 * Makes the error of a server that speaks for itself.
	 * @param sqlState the SQLSTATE, five characters
	 * @param message the primary message
	 * @param detail the secondary message, or {@code null}
	 * @param hint the server's suggestion, or {@code null}
	 * @param context the call stack inside functions, or {@code null}
	 * @param position the position of the error in the statement, or {@code null}
	 * @param table the name of the table that a constraint or value belongs to, or
	 * {@code null}
	 * @param constraint the name of the violated constraint, or {@code null}
	 */
	public ServerError(String sqlState, String message, @Nullable String detail, @Nullable String hint,
			@Nullable String context, @Nullable Integer position, @Nullable String table, @Nullable String constraint) {
		this(sqlState, message, detail, hint, context, position, table, constraint, false);
	}

	private static @Nullable String plain(@Nullable String text) {
		return (text != null) ? PlainText.lines(text) : null;
	}

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
		SQLException told = told(ex);
		String sqlState = (told.getSQLState() != null) ? told.getSQLState() : NO_STATE;
		ServerErrorMessage message = message(told);
		if (message == null) {
			String what = String.valueOf(told.getMessage());
			what = (told instanceof BatchUpdateException) ? QuotedSql.withoutConstants(what) : what;
			what = sqlState.startsWith(ABOUT_VALUES) ? RowData.takenOutOfInput(what) : what;
			return new ServerError(sqlState, masked(what, mask), null, null, null, null, null, null);
		}
		String detail = message.getDetail();
		String context = message.getWhere();
		if (context != null) {
			// What is a constant can be told of the whole of it only.
			context = RowData.takenOutOfInput(QuotedSql.withoutConstants(context));
		}
		return new ServerError(sqlState, masked(messageWithoutData(sqlState, message), mask),
				(detail != null) ? masked(RowData.takenOutOfDetail(sqlState, detail), mask) : null,
				maskedOrNull(message.getHint(), mask), maskedOrNull(context, mask),
				(message.getPosition() > 0) ? message.getPosition() : null, message.getTable(), message.getConstraint(),
				isRaised(message));
	}

	/**
	 * Finds the exception that the server has to do with. Wrappers and pools repeat all
	 * of its words in their own messages, and a batch that failed its parameters.
	 * @return the first one with a message of the server; else the driver's, unless it is
	 * about a connection, of which a pool knows more; else the given one
	 */
	private static SQLException told(SQLException ex) {
		SQLException driver = null;
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> left = new ArrayDeque<>(List.of(ex));
		while (!left.isEmpty() && seen.size() < MOST_CAUSES) {
			Throwable cause = left.remove();
			if (!seen.add(cause)) {
				continue;
			}
			if (cause instanceof SQLException sql) {
				if (message(sql) != null) {
					return sql;
				}
				driver = (driver == null && isOfDriver(sql)) ? sql : driver;
				addTo(left, sql.getNextException());
			}
			addTo(left, cause.getCause());
		}
		return (driver != null) ? driver : ex;
	}

	private static void addTo(Deque<Throwable> left, @Nullable Throwable cause) {
		if (cause != null) {
			left.add(cause);
		}
	}

	private static boolean isOfDriver(SQLException ex) {
		return ex instanceof PSQLException && !String.valueOf(ex.getSQLState()).startsWith(ABOUT_CONNECTIONS);
	}

	private static @Nullable ServerErrorMessage message(SQLException ex) {
		if (ex instanceof PSQLWarning warning) {
			return warning.getServerErrorMessage();
		}
		return (ex instanceof PSQLException psql) ? psql.getServerErrorMessage() : null;
	}

	private static boolean isRaised(ServerErrorMessage message) {
		String routine = message.getRoutine();
		return routine != null && PASSING_ON.contains(routine);
	}

	private static String messageWithoutData(String sqlState, ServerErrorMessage message) {
		return RowData.takenOutOfMessage(sqlState, String.valueOf(message.getMessage()),
				message.getPosition() > 0 || message.getInternalPosition() > 0);
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
		SQLException clean = new SQLException(of(ex, mask).toString(), told(ex).getSQLState(), ex.getErrorCode());
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
	 * Tells whether an exception is the server's own of a class of errors, without
	 * reading its texts.
	 * @param ex the driver's exception
	 * @param prefix the first characters of the SQLSTATE, or all five
	 * @return as {@link #is(String)} of the error
	 */
	public static boolean is(SQLException ex, String prefix) {
		SQLException told = told(ex);
		ServerErrorMessage message = message(told);
		return String.valueOf(told.getSQLState()).startsWith(prefix) && (message == null || !isRaised(message));
	}

	/**
	 * Tells whether the error is the server's own, and belongs to a class of errors. What
	 * a script raises belongs to none: whatever code it takes, no lock was refused and no
	 * session has ended.
	 * @param prefix the first characters of the SQLSTATE, or all five
	 * @return whether the SQLSTATE begins so, and the server has reported it of itself
	 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error
	 * codes</a>
	 */
	public boolean is(String prefix) {
		return !this.raised && this.sqlState.startsWith(prefix);
	}

	/**
	 * Return whether the session has ended with the error, or no longer reaches its
	 * server.
	 * @return {@code true} for an error after which nothing can run in the session
	 */
	public boolean isConnectionLost() {
		return is(ABOUT_CONNECTIONS) || LOST.stream().anyMatch(this::is);
	}

	/**
	 * Returns the parts that an operator reads, a line each; further lines of a part are
	 * indented, so that none of them looks like another part.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(indented(this.message)).append(" (SQLSTATE ")
			.append(this.sqlState)
			.append(')');
		append(text, "Detail", this.detail);
		append(text, "Hint", this.hint);
		append(text, "Context", this.context);
		return text.toString();
	}

	private static void append(StringBuilder text, String label, @Nullable String value) {
		if (value != null) {
			text.append('\n').append(label).append(": ").append(indented(value));
		}
	}

	private static String indented(String text) {
		return text.replace("\n", "\n  ");
	}

}
