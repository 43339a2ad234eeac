package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.tidemark.session.watch.SessionWords;
import dev.tidemark.sql.Operators;
import dev.tidemark.sql.PlainText;

/**
 * Another session. One that is building, rebuilding or dropping an index, or detaching a
 * partition, right now: what looks like a leftover is then its work in progress. Or any
 * one, where nobody else may be connected.
 *
 * @param pid the process id of its backend
 * @param user its user, if known
 * @param application its application name, if known
 * @param grant the SQL that would let the login see more of it, or {@code null}
 * @since 0.1.0
 */
public record OtherSession(int pid, @Nullable String user, @Nullable String application, @Nullable String grant) {

	/**
	 * The concurrent commands keep their lock through all of their transactions: on the
	 * table while they build, on the index while they rebuild or drop it. Vacuum takes
	 * the same lock on a table. Whose progress may not be looked at counts as building.
	 */
	private static final String ON_INDEX = """
			SELECT a.pid, a.usename, a.application_name, %s
			FROM pg_catalog.pg_stat_activity a
			WHERE a.pid <> pg_catalog.pg_backend_pid() AND a.pid IN (
			  SELECT l.pid FROM pg_catalog.pg_locks l
			  JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
			  LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.pid = l.pid
			  WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
			    AND (l.relation = ? OR l.relation = ? AND p.pid IS NOT NULL AND coalesce(p.index_relid, 0) IN (0, ?)))
			ORDER BY a.pid""".formatted(SessionWords.grant("a.query"));

	/** While it waits, the first half of a detachment holds no lock at all. */
	private static final String DETACHMENT = """
			SELECT a.pid, a.usename, a.application_name, %s
			FROM pg_catalog.pg_stat_activity a
			WHERE a.pid <> pg_catalog.pg_backend_pid() AND a.datname = pg_catalog.current_database()
			  AND a.state = 'active' AND a.query ~* 'detach.*concurrently'
			ORDER BY a.pid""".formatted(SessionWords.grant("a.query"));

	/**
	 * Of what may not be looked at, nothing but the user tells that it is a client. Who
	 * copies the changes of this database, or brings those of another one, is somebody
	 * too.
	 */
	private static final String ELSE = """
			FROM pg_catalog.pg_stat_activity a
			WHERE (a.pid <> pg_catalog.pg_backend_pid()) AND (a.datname = pg_catalog.current_database())
			  AND a.usesysid IS NOT NULL
			  AND (coalesce(a.backend_type, 'walsender') ~ '^(client backend|walsender|logical replication .*worker)$')""";

	private static final String CONNECTED = """
			SELECT a.pid, a.usename, CASE WHEN (a.application_name <> '') OR (a.backend_type = 'client backend')
			  THEN a.application_name ELSE a.backend_type END, %s
			%s ORDER BY a.pid""".formatted(SessionWords.grant("a.query"), ELSE);

	/** What divides by zero if anybody else is connected at that moment. */
	public static final String NOBODY_ELSE = Operators
		.qualified("SELECT 1 / CASE WHEN EXISTS (SELECT 1 " + ELSE + ") THEN 0 ELSE 1 END");

	/** The error of that. */
	public static final String SOMEBODY = "22012";

	/** A session that is closed is seen until its process has ended. */
	private static final int LOOKS = 30;

	private static final long PAUSE_MILLIS = 100;

	/** Makes the names and texts fit to be shown: anybody may choose them. */
	public OtherSession {
		user = PlainText.lineOrNull(user);
		application = PlainText.lineOrNull(application);
	}

	/** Finds the session that works on an index; {@code null} if there is none. */
	public static @Nullable OtherSession on(Catalogue catalogue, Index index) throws SQLException {
		return first(catalogue.rows(ON_INDEX, index.oid(), index.table(), index.oid()));
	}

	/** Finds a session that detaches a partition; {@code null} if none is seen. */
	public static @Nullable OtherSession ofDetachment(Catalogue catalogue) throws SQLException {
		return first(catalogue.rows(DETACHMENT));
	}

	/**
	 * Finds all sessions of clients in the database that stay, whatever they do.
	 * @param connection an idle connection in auto-commit mode
	 */
	public static List<OtherSession> stillConnected(Connection connection) throws SQLException {
		List<OtherSession> others = connected(connection);
		for (int looks = 1; looks < LOOKS && !others.isEmpty(); looks++) {
			LockSupport.parkNanos(Duration.ofMillis(PAUSE_MILLIS).toNanos());
			others = connected(connection);
		}
		return others;
	}

	private static List<OtherSession> connected(Connection connection) throws SQLException {
		try (Catalogue catalogue = Catalogue.open(connection)) {
			return catalogue.rows(CONNECTED).stream().map(OtherSession::of).toList();
		}
	}

	private static @Nullable OtherSession first(List<Catalogue.Row> rows) {
		return rows.isEmpty() ? null : of(rows.get(0));
	}

	private static OtherSession of(Catalogue.Row row) {
		return new OtherSession((int) row.number(0), row.nullable(1), row.nullable(2), row.nullable(3));
	}

	@Override
	public String toString() {
		return new SessionWords(this.pid).add(this.application).add("user ", this.user, "")
				+ SessionWords.toSeeMore(Stream.ofNullable(this.grant));
	}

}
