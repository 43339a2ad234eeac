package dev.tidemark.session.watch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

import dev.tidemark.sql.Operators;

/**
 * A lock that a statement waits for.
 *
 * @param kind what is locked, in PostgreSQL's words, such as {@code relation} or
 * {@code transactionid}
 * @param mode how, such as {@code AccessExclusiveLock}
 * @param relation the table, index or other relation with its schema, or {@code null} if
 * it is none of this database
 * @since 0.1.0
 */
public record AwaitedLock(String kind, String mode, @Nullable String relation) {

	/** The kind of a lock on a relation. */
	public static final String RELATION = "relation";

	private static final String QUERY = Operators.qualified("""
			SELECT l.locktype, l.mode,
			  pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
			FROM pg_catalog.pg_locks l
			LEFT JOIN pg_catalog.pg_database d ON d.oid = l.database
			LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)
			  ON c.oid = l.relation AND d.datname = pg_catalog.current_database()
			WHERE NOT l.granted AND l.pid =\s""");

	/** Returns the lock that a backend waits for; {@code null} if it waits for none. */
	static @Nullable AwaitedLock of(Connection connection, int pid) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery(QUERY + pid + " ORDER BY c.relname LIMIT 1")) {
			return results.next() ? new AwaitedLock(results.getString(1), results.getString(2), results.getString(3))
					: null;
		}
	}

	/** Returns the lock in words. */
	@Override
	public String toString() {
		return (this.relation != null) ? this.mode + " on " + this.relation : switch (this.kind) {
			case "transactionid", "virtualxid", "spectoken" -> "the end of another transaction";
			default -> this.mode + " (" + this.kind + ")";
		};
	}

}
