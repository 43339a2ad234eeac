package dev.tidemark.session.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.Look;
import dev.tidemark.session.watch.Activity;
import dev.tidemark.session.watch.SessionWords;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;
import dev.tidemark.sql.script.SqlStatement;

/**
 * The session that migrates: it holds the instance lock, or works on although a statement
 * of it has released that. What the login may not see of it is {@code null}.
 *
 * @param pid the process id of its backend
 * @param user its user
 * @param application its {@code application_name}
 * @param client the address it comes from; empty for a local socket
 * @param connected how long it has been connected
 * @param state what it is doing, such as {@code active}
 * @param statement the beginning of its last statement, without secrets
 * @param cut after how many characters the server has cut off that statement, or
 * {@code null} if it shows all of it
 * @param running how long that statement has been running, or how long ago it began
 * @param activity how far it is, and whom it waits for
 * @param grant the SQL that would let the login see the rest, or {@code null} if it sees
 * all
 * @param locked whether it holds the instance lock; if not, a statement of it has
 * released all advisory locks, and it takes this one again when that is through
 */
public record LockHolder(int pid, @Nullable String user, @Nullable String application, @Nullable String client,
		@Nullable Duration connected, @Nullable String state, @Nullable String statement, @Nullable Integer cut,
		@Nullable Duration running, Activity activity, @Nullable String grant, boolean locked) {

	/** The state of a session that runs a statement. */
	private static final String ACTIVE = "active";

	/** Characters are not cut in two. */
	private static final String CUT = """
			CASE WHEN pg_catalog.octet_length(a.query) > (pg_catalog.pg_size_bytes(
			    pg_catalog.current_setting('track_activity_query_size')) - 5)
			  THEN pg_catalog.char_length(a.query) END""";

	private static final String COLUMNS = """
			SELECT a.pid, a.usename, a.application_name,
			  CASE WHEN a.client_port = -1 THEN '' ELSE pg_catalog.host(a.client_addr) END,
			  extract(epoch FROM (pg_catalog.clock_timestamp() - a.backend_start)) * 1000, a.state,
			  %s, extract(epoch FROM pg_catalog.clock_timestamp() - a.query_start) * 1000, %s, %s
			""".formatted(SessionWords.visible("a.query"), SessionWords.grant("a.query"), CUT);

	private static final String WITH_LOCK = Operators.qualified(COLUMNS + """
			FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
			WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
			  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
			  AND ((l.classid::bigint << 32) | l.objid::bigint) =\s""");

	private static final String WITHOUT_LOCK = Operators
		.qualified(COLUMNS + "FROM pg_catalog.pg_stat_activity a WHERE a.pid = ");

	/** Makes the names and texts fit to be shown: anybody may choose them. */
	public LockHolder {
		user = PlainText.lineOrNull(user);
		application = PlainText.lineOrNull(application);
		client = PlainText.lineOrNull(client);
		state = PlainText.lineOrNull(state);
		statement = PlainText.lineOrNull(statement);
	}

	/**
	 * Looks for the session that holds a lock.
	 * @param connection an idle connection
	 * @param mask takes out of statements what must not be seen, besides the secrets that
	 * are recognised by themselves
	 * @return the session, empty if the lock is free
	 */
	public static Optional<LockHolder> find(Connection connection, LockKey key, UnaryOperator<String> mask)
			throws SQLException {
		// The driver would write a parameter with a type that the search path decides.
		return query(connection, WITH_LOCK + "'" + key.value() + "'", true, mask);
	}

	/**
	 * Looks at a session that is at work although it does not hold the lock.
	 * @param pid the process id of its backend
	 * @return the session, empty if it has ended
	 */
	public static Optional<LockHolder> withoutLock(Connection connection, int pid, UnaryOperator<String> mask)
			throws SQLException {
		return query(connection, WITHOUT_LOCK + pid, false, mask);
	}

	private static Optional<LockHolder> query(Connection connection, String query, boolean locked,
			UnaryOperator<String> mask) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet results = Look.query(statement, query)) {
			if (!results.next()) {
				return Optional.empty();
			}
			Activity activity = Activity.of(connection, results.getInt(1), mask);
			return Optional.of(new LockHolder(results.getInt(1), results.getString(2), results.getString(3),
					results.getString(4), SessionWords.millis(results, 5), results.getString(6),
					SessionWords.excerpt(results.getString(7), mask), results.getObject(10, Integer.class),
					SessionWords.millis(results, 8), activity, results.getString(9), locked));
		}
	}

	/**
	 * Tells whether the session is running a statement, by the beginning of its text,
	 * which is all that the server shows.
	 */
	public boolean isRunning(SqlStatement candidate, UnaryOperator<String> mask) {
		return isActive() && this.statement != null
				&& this.statement.equals(PlainText.lineOrNull(SessionWords.excerpt(cut(candidate.text()), mask)));
	}

	/** Tells whether the session is seen to run a statement. */
	public boolean isActive() {
		return ACTIVE.equals(this.state);
	}

	private String cut(String text) {
		return (this.cut != null && text.codePointCount(0, text.length()) > this.cut)
				? text.substring(0, text.offsetByCodePoints(0, this.cut)) : text;
	}

	/** Returns the session in words. */
	@Override
	public String toString() {
		String from = "".equals(this.client) ? "a local socket" : this.client;
		return new SessionWords(this.pid).add(this.application)
			.add("user ", this.user, "")
			.add("from ", from, "")
			.add("connected for ", (this.connected != null) ? this.connected.toSeconds() : null, " s")
			.add("", this.locked ? null : "without the instance lock, which a statement of it has released", "")
			.add(this.state)
			.add("statement: ", this.statement, "")
			.add(this.activity.inWords())
				+ SessionWords.toSeeMore(Stream.concat(Stream.ofNullable(this.grant), this.activity.grants()));
	}

}
