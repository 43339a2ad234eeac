package dev.tidemark.session.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.AwaitedLock;
import dev.tidemark.session.watch.Blocker;
import dev.tidemark.session.watch.SessionWords;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.StringLiteral;
import dev.tidemark.statement.LockMode;

/**
 * Looks who is in the way of locks on relations. How long somebody has been there is told
 * by the start of the transaction; where that may not be seen, by the last look that did
 * not show it. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class RelationHolders {

	/** What may not be seen and belongs to no user is no client. */
	private static final String KIND = """
			CASE WHEN a.backend_type = 'autovacuum worker' AND pg_catalog.strpos(a.query, '(to prevent wraparound)') > 0
			    THEN 'WRAPAROUND_VACUUM'
			  WHEN a.backend_type = 'autovacuum worker' OR (a.pid IS NOT NULL AND a.backend_type IS NULL
			    AND a.usesysid IS NULL) THEN 'AUTOVACUUM'
			  ELSE 'CLIENT' END""";

	/** Others see its beginning as what the session does. */
	private static final String QUERY = Operators.qualified("""
			WITH who_is_in_the_way AS (
			  SELECT l.pid, l.virtualtransaction, l.relation, l.mode FROM pg_catalog.pg_locks l
			  WHERE l.locktype = 'relation' AND l.mode <> 'SIReadLock'
			    AND (l.pid IS NULL OR l.pid <> pg_catalog.pg_backend_pid())
			    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
			      WHERE d.datname = pg_catalog.current_database())
			    AND l.relation = ANY ('{relations}'::pg_catalog.oid[]))
			SELECT COALESCE(a.leader_pid, l.pid, 0), a.usename, %s, a.state,
			  extract(epoch FROM (pg_catalog.clock_timestamp() - a.xact_start)) * 1000, %s, %s,
			  %s, l.virtualtransaction, l.relation, l.mode
			FROM who_is_in_the_way l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
			ORDER BY a.xact_start, l.pid""".formatted(SessionWords.application("a"), SessionWords.visible("a.query"),
			SessionWords.grant("a.query"), KIND));

	private final Connection connection;

	private final UnaryOperator<String> mask;

	/** When each of those was not there yet who were there with the last look. */
	private Map<String, @Nullable Long> absent = Map.of();

	/** When the last look was, and at what. */
	private @Nullable Long looked;

	private String relations = "";

	/**
	 * Begins to look.
	 * @param connection the session that wants the locks, in no transaction
	 * @param mask takes out of statements what must not be seen, besides the secrets that
	 * are recognised by themselves
	 */
	public RelationHolders(Connection connection, UnaryOperator<String> mask) {
		this.connection = connection;
		this.mask = mask;
	}

	/**
	 * Looks who is in the way: who holds a lock that keeps one of the wanted ones out, or
	 * queues for such a lock already.
	 * @param wanted the locks, on different relations
	 * @return those in the way, the oldest first as far as that can be seen; several of
	 * one session if it is in the way of several locks
	 * @throws SQLException if the server does not let anybody look
	 */
	public List<RelationHolder> look(List<RelationLock> wanted) throws SQLException {
		Map<Long, RelationLock> locks = wanted.stream()
			.collect(Collectors.toMap(RelationLock::relation, (lock) -> lock));
		String now = wanted.stream().map((lock) -> Long.toString(lock.relation())).collect(Collectors.joining(","));
		if (!now.equals(this.relations)) {
			// Nobody knows who was at the others before.
			this.looked = null;
			this.relations = now;
		}
		long nanos = System.nanoTime();
		Map<String, @Nullable Long> seen = new HashMap<>();
		Map<String, RelationHolder> holders = new LinkedHashMap<>();
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery(QUERY.replace("relations", now))) {
			while (results.next()) {
				RelationLock lock = locks.get(results.getLong(10));
				if (lock != null && lock.mode().conflictsWith(LockMode.ofCatalogue(results.getString(11)))) {
					RelationHolder holder = holder(results, lock, seen, nanos);
					holders.putIfAbsent(holder.session().pid() + " " + holder.transaction() + " " + lock.relation(),
							holder);
				}
			}
		}
		this.absent = seen;
		this.looked = nanos;
		return new ArrayList<>(holders.values());
	}

	/**
	 * Finds the relation that somebody has waited for.
	 * @param lock the lock that was waited for
	 * @return the lock as it will be wanted again, or {@code null} if it is not on a
	 * relation that is still there
	 * @throws SQLException if the catalogue cannot be read
	 */
	public @Nullable RelationLock find(AwaitedLock lock) throws SQLException {
		if (!lock.kind().equals(AwaitedLock.RELATION) || lock.relation() == null) {
			return null;
		}
		try (Statement statement = this.connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.to_regclass("
						+ StringLiteral.quote(lock.relation()) + ")::pg_catalog.oid")) {
			results.next();
			long oid = results.getLong(1);
			return results.wasNull() ? null : new RelationLock(oid, lock.relation(), LockMode.ofCatalogue(lock.mode()));
		}
	}

	private RelationHolder holder(ResultSet results, RelationLock lock, Map<String, @Nullable Long> seen, long nanos)
			throws SQLException {
		Duration transaction = SessionWords.millis(results, 5);
		String id = results.getString(9);
		Blocker session = new Blocker(results.getInt(1), results.getString(2), results.getString(3),
				results.getString(4), transaction, SessionWords.excerpt(results.getString(6), this.mask),
				results.getString(7));
		Long since = this.absent.containsKey(id) ? this.absent.get(id) : this.looked;
		seen.put(id, since);
		Duration known = (since != null) ? Duration.ofNanos(nanos - since) : null;
		return new RelationHolder(session, id, lock, RelationHolder.Kind.valueOf(results.getString(8)),
				(transaction != null) ? transaction : known);
	}

}
