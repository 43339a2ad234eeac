package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;

/**
 * What the server says a backend is doing now.
 *
 * @param seen whether the login may see it; if not, there is nothing but locks
 * @param waitsFor the event that it waits for, by PostgreSQL's name, such as
 * {@code SyncRep}; {@code Lock} for any lock, and {@code null} if it works
 * @param lock the lock that it waits for, or {@code null} if it waits for none
 * @param progress how far its command has come, or {@code null} if PostgreSQL does not
 * report it
 * @param blockers the sessions whose locks it waits for
 * @since 0.1.0
 */
public record Activity(boolean seen, @Nullable String waitsFor, @Nullable AwaitedLock lock,
		@Nullable StatementProgress progress, List<Blocker> blockers) {

	private static final String STATE = Operators.qualified(
			"""
					SELECT CASE WHEN a.wait_event_type = 'Lock' THEN 'Lock' ELSE a.wait_event END, p.phase,
					  CASE WHEN p.total > 0 THEN least(100, (100 * p.done) / p.total)::int END,
					  a.state IS NOT NULL
					FROM pg_catalog.pg_stat_activity a LEFT JOIN (
					  SELECT pid, command || ': ' || phase AS phase,
					    CASE WHEN tuples_total > 0 THEN tuples_done WHEN blocks_total > 0 THEN blocks_done ELSE lockers_done END AS done,
					    CASE WHEN tuples_total > 0 THEN tuples_total WHEN blocks_total > 0 THEN blocks_total ELSE lockers_total END AS total
					  FROM pg_catalog.pg_stat_progress_create_index
					  UNION ALL SELECT pid, 'VACUUM: ' || phase, heap_blks_scanned, heap_blks_total
					  FROM pg_catalog.pg_stat_progress_vacuum
					  UNION ALL SELECT pid, command || ': ' || phase, heap_blks_scanned, heap_blks_total
					  FROM pg_catalog.pg_stat_progress_cluster
					  UNION ALL SELECT pid, command || ': ' || tuples_processed || ' rows', bytes_processed, bytes_total
					  FROM pg_catalog.pg_stat_progress_copy
					) p ON p.pid = a.pid
					WHERE a.pid =\s""");

	/** Copies the list. */
	public Activity {
		blockers = List.copyOf(blockers);
	}

	/**
	 * Asks the server about a backend.
	 * @param connection a connection of another session
	 * @param pid the process id of the backend
	 * @param mask takes out of statements what must not be seen, besides the secrets that
	 * are recognised by themselves
	 * @return what it does; of one that is gone nothing can be seen
	 * @throws SQLException if the query fails
	 */
	public static Activity of(Connection connection, int pid, UnaryOperator<String> mask) throws SQLException {
		AwaitedLock lock = AwaitedLock.of(connection, pid);
		// Who does not wait for a lock is blocked by nobody.
		List<Blocker> blockers = (lock != null) ? Blocker.of(connection, pid, mask) : List.of();
		// The driver would write a parameter with a type that the search path decides.
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(STATE + pid)) {
			if (!results.next()) {
				return new Activity(false, null, lock, null, blockers);
			}
			String phase = results.getString(2);
			StatementProgress progress = (phase != null)
					? new StatementProgress(phase, results.getObject(3, Integer.class)) : null;
			return new Activity(results.getBoolean(4), results.getString(1), lock, progress, blockers);
		}
	}

	Obstruction obstruction() {
		return new Obstruction(this.lock, this.blockers);
	}

	/** Returns what it does in words, and what would show more. */
	@Override
	public String toString() {
		return inWords() + SessionWords.toSeeMore(grants());
	}

	/** Returns the grants that would show more of the sessions in its way. */
	public Stream<@Nullable String> grants() {
		return this.blockers.stream().map(Blocker::grant);
	}

	public String inWords() {
		StringJoiner text = new StringJoiner(", ");
		if (this.progress != null) {
			text.add(this.progress.toString());
		}
		if (this.lock != null) {
			text.add("waits for " + this.lock
					+ (this.blockers.isEmpty() ? "" : "; in the way: " + Obstruction.inWords(this.blockers)));
		}
		else if (this.waitsFor != null) {
			text.add("waits for " + this.waitsFor);
		}
		return text.setEmptyValue(this.seen ? "working" : "what it does cannot be seen").toString();
	}

}
