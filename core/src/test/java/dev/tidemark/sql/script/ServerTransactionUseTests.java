package dev.tidemark.sql.script;

import java.sql.SQLException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.parse.Statements;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server is the judge of what a transaction block takes.
 */
@ExtendWith(PostgresExtension.class)
class ServerTransactionUseTests {

	private static final String REFUSED = "25001";

	/** What an older server says that does not know the syntax or the option yet. */
	private static final String UNKNOWN = "42601";

	private static TestDatabase database;

	@BeforeAll
	static void createSchema(TestDatabase database) throws SQLException {
		ServerTransactionUseTests.database = database;
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.run("""
					CREATE SCHEMA s;
					CREATE TABLE t (id int PRIMARY KEY, name text);
					CREATE TABLE if (id int);
					CREATE INDEX i ON t (name);
					CREATE TABLE parent (id int) PARTITION BY RANGE (id);
					CREATE TABLE child PARTITION OF parent FOR VALUES FROM (0) TO (10);
					CREATE TYPE mood AS ENUM ('a');
					CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
					CREATE UNIQUE INDEX m_i ON m (id);
					CREATE PROCEDURE p() LANGUAGE sql AS '';
					CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION pub
					  WITH (connect = false, slot_name = 'x');
					CREATE SUBSCRIPTION enabled CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION pub, pub2
					  WITH (connect = false, slot_name = 'x');
					ALTER SUBSCRIPTION enabled ENABLE;
					""");
		}
	}

	@AfterAll
	static void dropSubscriptions() throws SQLException {
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.run("ALTER SUBSCRIPTION enabled DISABLE");
			judge.run("ALTER SUBSCRIPTION enabled SET (slot_name = NONE)");
			judge.run("ALTER SUBSCRIPTION sub SET (slot_name = NONE)");
			judge.run("DROP SUBSCRIPTION enabled");
			judge.run("DROP SUBSCRIPTION sub");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER SYSTEM SET work_mem = '5MB'", "ALTER SYSTEM RESET ALL", "CREATE DATABASE x",
			"DROP DATABASE x", "DROP DATABASE IF EXISTS x WITH (FORCE)",
			"ALTER DATABASE postgres SET TABLESPACE pg_default", "ALTER DATABASE postgres WITH TABLESPACE pg_default",
			"ALTER DATABASE postgres TABLESPACE pg_default", "CREATE TABLESPACE x LOCATION '/nowhere'",
			"DROP TABLESPACE x", "DROP TABLESPACE IF EXISTS x", "CREATE INDEX CONCURRENTLY ON t (name)",
			"CREATE UNIQUE INDEX CONCURRENTLY x ON t (name)", "create index concurrently if not exists x on t (name)",
			"CREATE /* a */ INDEX -- b\n CONCURRENTLY x ON t (name)", "DROP INDEX CONCURRENTLY i",
			"DROP INDEX CONCURRENTLY IF EXISTS i", "REINDEX TABLE CONCURRENTLY t", "REINDEX INDEX CONCURRENTLY i",
			"REINDEX (VERBOSE) INDEX CONCURRENTLY i", "REINDEX (CONCURRENTLY) TABLE t",
			"REINDEX (CONCURRENTLY on) TABLE t", "REINDEX (VERBOSE, CONCURRENTLY true) INDEX i",
			"REINDEX (concurrently 1) INDEX i", "REINDEX (concurrently 'on', verbose) INDEX i",
			"REINDEX (\"concurrently\") INDEX i", "REINDEX (CONCURRENTLY off, CONCURRENTLY on) INDEX i",
			"REINDEX (CONCURRENTLY false) TABLE CONCURRENTLY t", "REINDEX DATABASE postgres", "REINDEX SYSTEM postgres",
			"REINDEX SCHEMA s", "REINDEX (VERBOSE) SCHEMA s", "REINDEX SCHEMA CONCURRENTLY s", "VACUUM", "VACUUM t",
			"VACUUM FULL t", "VACUUM ANALYZE t", "VACUUM (VERBOSE, ANALYZE) t", "CLUSTER", "CLUSTER VERBOSE",
			"ALTER TABLE parent DETACH PARTITION child CONCURRENTLY",
			"ALTER TABLE IF EXISTS public.parent DETACH PARTITION public.\"child\" CONCURRENTLY",
			"ALTER TABLE ONLY parent DETACH PARTITION child CONCURRENTLY",
			"ALTER TABLE ONLY (parent) DETACH PARTITION child CONCURRENTLY",
			"ALTER TABLE parent * DETACH PARTITION child CONCURRENTLY",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a, b",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a WITH (enabled = false)",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a WITH (create_slot)",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a WITH (connect = true)", "DROP SUBSCRIPTION sub",
			"ALTER SUBSCRIPTION enabled REFRESH PUBLICATION",
			"ALTER SUBSCRIPTION enabled REFRESH PUBLICATION WITH (copy_data = false)",
			"ALTER SUBSCRIPTION enabled SET PUBLICATION a", "ALTER SUBSCRIPTION enabled ADD PUBLICATION a, b",
			"ALTER SUBSCRIPTION enabled DROP PUBLICATION pub2",
			"ALTER SUBSCRIPTION enabled SET PUBLICATION a WITH (refresh)",
			"ALTER SUBSCRIPTION enabled SET PUBLICATION a WITH (refresh = on, copy_data = false)",
			"COMMIT PREPARED 'x'", "ROLLBACK PREPARED 'x'", "DISCARD ALL" })
	void serverRefusesWhatIsForbidden(String sql) throws SQLException {
		assertThat(transactionUse(sql)).isEqualTo(TransactionUse.FORBIDDEN);
		assertThat(stateInTransaction(sql)).isEqualTo(REFUSED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE INDEX ON t (name)", "CREATE INDEX \"concurrently\" ON t (name)",
			"CREATE UNIQUE INDEX x ON t (name)", "DROP INDEX i", "DROP INDEX \"CONCURRENTLY\"", "REINDEX TABLE t",
			"REINDEX INDEX i", "REINDEX (CONCURRENTLY false) TABLE t", "REINDEX (CONCURRENTLY OFF) TABLE t",
			"REINDEX (CONCURRENTLY 0, VERBOSE) INDEX i", "REINDEX (CONCURRENTLY 'off') INDEX i",
			"REINDEX (CONCURRENTLY, CONCURRENTLY false) INDEX i", "REINDEX (VERBOSE) TABLE t",
			"REINDEX TABLE \"concurrently\"", "CLUSTER t USING i", "CLUSTER VERBOSE t USING i",
			"CLUSTER (VERBOSE) t USING i", "CLUSTER i ON t", "ANALYZE", "ANALYZE t",
			"ALTER TABLE parent DETACH PARTITION child", "ALTER TABLE parent DETACH PARTITION child FINALIZE",
			"ALTER TABLE t RENAME TO \"concurrently\"", "ALTER TABLE t ADD COLUMN vacuum text DEFAULT 'CONCURRENTLY'",
			"ALTER DATABASE postgres SET work_mem = '5MB'", "ALTER DATABASE postgres CONNECTION LIMIT 5",
			"ALTER TYPE mood ADD VALUE 'b'", "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'c' BEFORE 'a'",
			"REFRESH MATERIALIZED VIEW CONCURRENTLY m",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a WITH (connect = false)",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a WITH (connect = off, slot_name = NONE)",
			"CREATE SUBSCRIPTION x CONNECTION 'dbname=x' PUBLICATION a WITH (create_slot = 'false')",
			"ALTER SUBSCRIPTION enabled SET PUBLICATION a WITH (refresh = false)",
			"ALTER SUBSCRIPTION enabled ADD PUBLICATION a WITH (refresh = 0)",
			"ALTER SUBSCRIPTION enabled DROP PUBLICATION pub2 WITH (refresh = off)",
			"ALTER SUBSCRIPTION sub SET PUBLICATION a WITH (refresh = off)",
			"ALTER SUBSCRIPTION sub SET (slot_name = NONE)", "ALTER SUBSCRIPTION sub RENAME TO sub2",
			"ALTER SUBSCRIPTION enabled DISABLE", "DISCARD PLANS", "DISCARD SEQUENCES", "DISCARD TEMP", "SAVEPOINT a",
			"PREPARE transaction AS SELECT 1", "PREPARE transaction (int) AS SELECT $1", "CHECKPOINT", "CALL p()",
			"DO 'BEGIN END'", "LOCK TABLE t", "CREATE TABLE vacuum (cluster int)",
			"ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default", "COMMENT ON TABLE t IS 'VACUUM'",
			"EXPLAIN SELECT 1", "CREATE PUBLICATION x", "ALTER INDEX i SET (fillfactor = 90)",
			"SET TRANSACTION READ ONLY", "ALTER TABLE if DETACH PARTITION x",
			"REASSIGN OWNED BY CURRENT_USER TO CURRENT_USER", "LISTEN a" })
	void serverDoesNotRefuseWhatIsAllowed(String sql) throws SQLException {
		assertThat(transactionUse(sql)).isEqualTo(TransactionUse.ALLOWED);
		assertThat(stateInTransaction(sql)).isNotEqualTo(REFUSED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE if DETACH PARTITION x CONCURRENTLY" })
	void tableMayBeNamedLikeAKeyword(String sql) throws SQLException {
		assertThat(transactionUse(sql)).isEqualTo(TransactionUse.FORBIDDEN);
		assertThat(stateInTransaction(sql)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER (VERBOSE)", "CLUSTER (VERBOSE off)" })
	void serverRefusesToClusterAllTablesWithOptionsSince17(String sql) throws SQLException {
		assertThat(transactionUse(sql)).isEqualTo(TransactionUse.FORBIDDEN);
		assertThat(stateInTransaction(sql)).isEqualTo((PostgresServer.major() >= 17) ? REFUSED : UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "ALTER SUBSCRIPTION sub SET (failover = true)", "ALTER SUBSCRIPTION sub SET (failover = false)",
					"ALTER SUBSCRIPTION sub SET (failover)", "ALTER SUBSCRIPTION sub SET (two_phase = false)" })
	void changesOfTheReplicationSlotAreRefusedSince18(String sql) throws SQLException {
		assertThat(transactionUse(sql)).isEqualTo(TransactionUse.FORBIDDEN);
		assertThat(stateInTransaction(sql)).isEqualTo((PostgresServer.major() >= 18) ? REFUSED : UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER SUBSCRIPTION sub SET (two_phase = true)", "ALTER SUBSCRIPTION sub SET (two_phase)",
			"ALTER SUBSCRIPTION sub SET (binary = true)" })
	void otherChangesOfASubscriptionAreAllowed(String sql) throws SQLException {
		assertThat(transactionUse(sql)).isEqualTo(TransactionUse.ALLOWED);
		assertThat(stateInTransaction(sql)).isNotEqualTo(REFUSED);
	}

	private static TransactionUse transactionUse(String sql) {
		return Statements.of(SqlScript.parse(sql).statements().get(0)).transactionUse();
	}

	private static String stateInTransaction(String sql) throws SQLException {
		try (ServerJudge judge = new ServerJudge(database)) {
			return judge.stateInTransaction(sql);
		}
	}

}
