package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;

/**
 * A session that a statement waits for. What the login may not see of it is {@code null}.
 *
 * @param pid the process id of its backend; 0 for a prepared transaction, which has none
 * any more
 * @param user its user
 * @param application its {@code application_name}, or what it is if it is no client
 * @param state what it is doing, such as {@code idle in transaction}
 * @param transaction how long its transaction has been open, or {@code null} if it has
 * none, or that may not be seen
 * @param statement the beginning of its last statement, without secrets
 * @param grant the SQL that would let the login see the rest, or {@code null} if it sees
 * all
 * @since 0.1.0
 */
public record Blocker(int pid, @Nullable String user, @Nullable String application, @Nullable String state,
		@Nullable Duration transaction, @Nullable String statement, @Nullable String grant) {

	private static final String QUERY = Operators.qualified("""
			SELECT DISTINCT b.pid, a.usename, %s, a.state,
			  extract(epoch FROM (pg_catalog.clock_timestamp() - a.xact_start)) * 1000, %s, %s, a.xact_start
			FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(""".formatted(SessionWords.application("a"),
			SessionWords.visible("a.query"), SessionWords.grant("a.query")));

	private static final String SESSIONS = Operators.qualified("""
			)) AS b (pid) LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
			WHERE a.pid IS NOT NULL OR b.pid = 0 ORDER BY a.xact_start, b.pid""");

	/** Finds the sessions whose locks a backend waits for. */
	static List<Blocker> of(Connection connection, int pid, UnaryOperator<String> mask) throws SQLException {
		List<Blocker> blockers = new ArrayList<>();
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(QUERY + pid + SESSIONS)) {
			while (results.next()) {
				blockers.add(new Blocker(results.getInt(1), results.getString(2), results.getString(3),
						results.getString(4), SessionWords.millis(results, 5),
						SessionWords.excerpt(results.getString(6), mask), results.getString(7)));
			}
		}
		return blockers;
	}

	/** Makes the names and texts fit to be shown: anybody may choose them. */
	public Blocker {
		user = PlainText.lineOrNull(user);
		application = PlainText.lineOrNull(application);
		state = PlainText.lineOrNull(state);
		statement = PlainText.lineOrNull(statement);
	}

	/** Returns the session in words. */
	@Override
	public String toString() {
		if (this.pid == 0) {
			return "a prepared transaction (see pg_prepared_xacts)";
		}
		return new SessionWords(this.pid).add(this.application)
			.add("user ", this.user, "")
			.add(this.state)
			.add("transaction open for ", (this.transaction != null) ? this.transaction.toMillis() : null, " ms")
			.add("statement: ", this.statement, "")
			.toString();
	}

}
