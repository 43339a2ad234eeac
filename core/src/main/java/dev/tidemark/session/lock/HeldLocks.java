package dev.tidemark.session.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

import dev.tidemark.session.Look;
import dev.tidemark.sql.Operators;

/**
 * The advisory locks that sessions of a database hold at one moment.
 *
 * @since 0.1.0
 */
public final class HeldLocks {

	private static final String HELD = Operators.qualified("""
			SELECT (classid::bigint << 32) | objid::bigint FROM pg_catalog.pg_locks
			WHERE locktype = 'advisory' AND granted AND objsubid = 1
			  AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())""");

	private final Set<Long> keys;

	private HeldLocks(Set<Long> keys) {
		this.keys = keys;
	}

	/**
	 * Asks the server.
	 * @param connection an idle connection in auto-commit mode
	 */
	public static HeldLocks read(Connection connection) throws SQLException {
		Set<Long> keys = new HashSet<>();
		try (Statement statement = connection.createStatement(); ResultSet results = Look.query(statement, HELD)) {
			while (results.next()) {
				keys.add(results.getLong(1));
			}
		}
		return new HeldLocks(keys);
	}

	/** Tells whether a session holds a lock. */
	public boolean contains(LockKey key) {
		return this.keys.contains(key.value());
	}

}
