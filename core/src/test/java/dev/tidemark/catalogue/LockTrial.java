package dev.tidemark.catalogue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.tidemark.session.lock.RelationLock;
import dev.tidemark.sql.script.SqlScript;
import dev.tidemark.sql.script.SqlStatement;
import dev.tidemark.statement.LockMode;

/**
 * Runs statements, and compares the locks that are known beforehand with those that the
 * server says they took.
 *
 * @param known the locks that are known beforehand, by relation
 * @param taken the locks that were taken, by relation
 * @param complete whether they are said to be all
 * @param failure what the server said if it refused a statement, or empty text
 */
record LockTrial(Map<String, LockMode> known, Map<String, LockMode> taken, boolean complete, String failure) {

	private static final String RELATIONS = """
			SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), i.indrelid
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
			WHERE n.nspname <> ALL ('{pg_catalog,information_schema,pg_toast}') AND c.relpersistence <> 't'""";

	private static final String LOCKS = """
			SELECT l.relation, l.mode FROM pg_catalog.pg_locks l
			JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
			WHERE l.locktype = 'relation' AND l.pid =\s""";

	/** Runs statements in a transaction that is rolled back. */
	static LockTrial inTransaction(Connection connection, List<String> texts) throws SQLException {
		List<SqlStatement> statements = statements(texts);
		RelationLocks known = RelationLocks.of(connection, statements, (name) -> false);
		Taken taken = new Taken(connection);
		connection.setAutoCommit(false);
		try {
			String failure = run(connection, texts);
			if (failure.isEmpty()) {
				taken.look(connection, pid(connection));
			}
			return of(known, taken, failure);
		}
		finally {
			connection.rollback();
			connection.setAutoCommit(true);
		}
	}

	/**
	 * Runs statements each by itself, while another session looks again and again.
	 */
	static LockTrial alone(Connection connection, Connection other, List<String> texts) throws Exception {
		RelationLocks known = RelationLocks.of(connection, statements(texts), (name) -> false);
		Taken taken = new Taken(connection);
		int pid = pid(connection);
		AtomicBoolean done = new AtomicBoolean();
		CountDownLatch looking = new CountDownLatch(1);
		Thread watch = new Thread(() -> {
			while (!done.get()) {
				taken.look(other, pid);
				looking.countDown();
			}
		});
		watch.start();
		looking.await();
		// A vacuum that takes its time is seen.
		run(connection, List.of("SET vacuum_cost_delay = 2", "SET vacuum_cost_limit = 20"));
		String failure = run(connection, texts);
		done.set(true);
		watch.join();
		return of(known, taken, failure);
	}

	private static LockTrial of(RelationLocks known, Taken taken, String failure) {
		Map<String, LockMode> named = new TreeMap<>();
		for (RelationLock lock : known.locks()) {
			named.put(lock.name(), lock.mode());
		}
		return new LockTrial(named, taken.locks(), known.complete(), failure);
	}

	private static List<SqlStatement> statements(List<String> texts) {
		return SqlScript.parse(String.join(";\n", texts)).statements();
	}

	private static String run(Connection connection, List<String> texts) {
		for (String text : texts) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(text);
			}
			catch (SQLException ex) {
				return ex.getSQLState() + " " + ex.getMessage();
			}
		}
		return "";
	}

	private static int pid(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet results = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
			results.next();
			return results.getInt(1);
		}
	}

	/** Returns the relations that are locked more strongly than was known. */
	List<String> missed(LockMode atLeast) {
		return difference(this.taken, this.known, atLeast);
	}

	/** Returns the relations that are not locked as strongly as was said. */
	List<String> invented(LockMode atLeast) {
		return difference(this.known, this.taken, atLeast);
	}

	private static List<String> difference(Map<String, LockMode> from, Map<String, LockMode> without,
			LockMode atLeast) {
		return from.entrySet()
			.stream()
			.filter((lock) -> lock.getValue().compareTo(atLeast) >= 0)
			.filter((lock) -> without.getOrDefault(lock.getKey(), LockMode.ACCESS_SHARE).compareTo(lock.getValue()) < 0)
			.map((lock) -> lock.getValue().sql() + " on " + lock.getKey())
			.toList();
	}

	/** The locks of a session on relations that were there before. */
	private static final class Taken {

		private final Map<Long, String> names = new HashMap<>();

		private final Map<Long, Long> tables = new HashMap<>();

		private final Map<Long, LockMode> modes = new HashMap<>();

		Taken(Connection connection) throws SQLException {
			try (Statement statement = connection.createStatement();
					ResultSet results = statement.executeQuery(RELATIONS)) {
				while (results.next()) {
					this.names.put(results.getLong(1), results.getString(2));
					this.tables.put(results.getLong(1), results.getLong(3));
				}
			}
		}

		void look(Connection connection, int pid) {
			try (Statement statement = connection.createStatement();
					ResultSet results = statement.executeQuery(LOCKS + pid)) {
				while (results.next()) {
					this.modes.merge(results.getLong(1), LockMode.ofCatalogue(results.getString(2)),
							LockMode::strongest);
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/**
		 * As those that are known: an index counts if its table is not locked as
		 * strongly.
		 */
		Map<String, LockMode> locks() {
			Map<String, LockMode> locks = new TreeMap<>();
			this.modes.forEach((relation, mode) -> {
				LockMode ofTable = this.modes.get(this.tables.getOrDefault(relation, 0L));
				boolean covered = ofTable != null && ofTable.compareTo(mode) >= 0;
				if (this.names.containsKey(relation) && !covered
						&& mode.compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) >= 0) {
					locks.put(this.names.get(relation), mode);
				}
			});
			return locks;
		}

	}

}
