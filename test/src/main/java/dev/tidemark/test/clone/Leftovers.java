package dev.tidemark.test.clone;

import java.sql.SQLException;

import org.slf4j.Logger;

import dev.tidemark.error.PlainLogger;
import dev.tidemark.error.ServerError;

/**
 * Databases that nobody needs any more: clones and half-made templates whose maker has
 * died, which their lock tells, and templates that have not been used for some time.
 * Anything else on the server is none of our business, and neither is what belongs to
 * another role.
 */
final class Leftovers {

	private static final String FIND = """
			SELECT datname FROM pg_catalog.pg_database d
			 WHERE pg_catalog.pg_has_role(d.datdba, 'USAGE')
			   AND CASE
			     WHEN d.datname ~ '^tidemark_(clone|building)_[0-9a-f]{16}$' THEN NOT EXISTS (
			       SELECT FROM pg_catalog.pg_locks l
			        WHERE l.locktype = 'advisory' AND l.objsubid = 1
			          AND pg_catalog.right(d.datname, 16) = pg_catalog.lpad(pg_catalog.to_hex(l.classid::bigint), 8, '0')
			            || pg_catalog.lpad(pg_catalog.to_hex(l.objid::bigint), 8, '0'))
			     WHEN d.datname ~ ? THEN
			       pg_catalog.substring(pg_catalog.shobj_description(d.oid, 'pg_database'),
			           '^Template database of tests, last used ([-0-9]+ [:0-9]+ UTC)$')::timestamptz
			         < pg_catalog.now() - ?::interval
			   END""";

	private static final Logger logger = PlainLogger.of(Leftovers.class);

	private Leftovers() {
	}

	static void drop(ServerSession session) throws SQLException {
		for (String database : session.column(FIND, Template.namePattern(), Template.KEPT_FOR)) {
			try {
				session.execute("ALTER DATABASE " + database + " WITH IS_TEMPLATE false");
				// Not by force: a session in it would be a reason to keep it.
				session.execute("DROP DATABASE IF EXISTS " + database);
				logger.info("Dropped database {}, which a former test run has left behind", database);
			}
			catch (SQLException ex) {
				logger.debug("Database {} stays: {}", database, ServerError.of(ex));
			}
		}
	}

}
