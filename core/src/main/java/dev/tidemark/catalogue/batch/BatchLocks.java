package dev.tidemark.catalogue.batch;

import java.sql.SQLException;
import java.util.List;

import dev.tidemark.session.Session;
import dev.tidemark.sql.Operators;

/**
 * The locks that a transaction has taken.
 *
 * @since 0.1.0
 */
public final class BatchLocks {

	private static final String HELD = Operators.qualified(
			"""
					SELECT DISTINCT l.mode || ' on ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
					FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
					JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
					WHERE (l.pid = pg_catalog.pg_backend_pid()) AND (l.locktype = 'relation')
					  AND (n.nspname <> 'pg_catalog') ORDER BY 1""");

	private BatchLocks() {
	}

	/**
	 * Returns the locks on relations that the transaction of a session holds, such as
	 * {@code RowExclusiveLock on public.users}.
	 */
	public static List<String> held(Session session) throws SQLException {
		return session.rowsWithin(HELD).stream().map((row) -> String.valueOf(row.get(0))).toList();
	}

}
