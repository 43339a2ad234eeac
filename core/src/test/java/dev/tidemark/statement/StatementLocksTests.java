package dev.tidemark.statement;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.QualifiedName;
import dev.tidemark.statement.parse.Statements;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the text of a statement tells about its locks.
 */
class StatementLocksTests {

	private static final QualifiedName TABLE = new QualifiedName(null, "t");

	@Test
	void theStrongestActionDecidesAndTheWidestReaches() {
		assertThat(locks("ALTER TABLE t ALTER x SET STATISTICS 1, ENABLE ROW LEVEL SECURITY"))
			.containsExactly(NamedLock.of(TABLE, LockMode.ACCESS_EXCLUSIVE, Reach.CHILDREN));
	}

	@Test
	void onlyLeavesChildrenAlone() {
		assertThat(locks("ALTER TABLE ONLY t ADD CHECK (x > 0)"))
			.containsExactly(NamedLock.of(TABLE, LockMode.ACCESS_EXCLUSIVE, Reach.RELATION));
	}

	@Test
	void aTableThatRefersToItselfLooksForNothing() {
		assertThat(locks("CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t)")).isEmpty();
	}

	@Test
	void sequencesOfATableAreLoggedWithItSince15() {
		assertThat(StatementLocks.of(Statements.of("ALTER TABLE t SET LOGGED"), 14).locks())
			.containsExactly(NamedLock.of(TABLE, LockMode.ACCESS_EXCLUSIVE, Reach.RELATION));
		assertThat(StatementLocks.of(Statements.of("ALTER TABLE t SET LOGGED"), 15).locks())
			.contains(NamedLock.of(TABLE, LockMode.ACCESS_EXCLUSIVE, Reach.SEQUENCES));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE INDEX CONCURRENTLY ON t (x)", "DROP INDEX CONCURRENTLY t",
			"REINDEX TABLE CONCURRENTLY t", "REINDEX INDEX CONCURRENTLY t", "ALTER TABLE t VALIDATE CONSTRAINT c",
			"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "VACUUM t", "REPACK (CONCURRENTLY) t" })
	void whatRunsBesideOthersKeepsNobodyOut(String sql) {
		assertThat(locks(sql)).isNotEmpty().noneMatch((lock) -> lock.mode().isStrong());
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1", "INSERT INTO t VALUES (now(), nextval('s'))", "UPDATE t SET x = lower(x)",
			"SET lock_timeout = '1s'", "CREATE TYPE m AS ENUM ('a')", "GRANT SELECT ON t TO r",
			"SELECT x INTO u FROM t", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
			"ALTER TYPE m ADD VALUE 'b'", "CREATE VIEW v AS SELECT f() FROM t", "EXPLAIN TRUNCATE t" })
	void whatKeepsNobodyOutIsKnown(String sql) {
		assertThat(StatementLocks.of(Statements.of(sql), 18)).isEqualTo(StatementLocks.NONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT f()", "CALL p()", "DO LANGUAGE plperl 'x'", "COPY (SELECT f()) TO STDOUT",
			"CREATE TABLE u AS SELECT f()", "CREATE EXTENSION x", "REASSIGN OWNED BY a TO b", "FROBNICATE t",
			"EXPLAIN ANALYZE SELECT f()", "DROP OPERATOR FAMILY o USING btree CASCADE" })
	void whatMayLockAnythingIsUnknown(String sql) {
		assertThat(StatementLocks.of(Statements.of(sql), 18).complete()).isFalse();
	}

	@Test
	void aBlockLocksWhatItsStatementsDo() {
		StatementLocks locks = StatementLocks.of(Statements.of("""
				DO $$ BEGIN IF true THEN TRUNCATE t; END IF; EXECUTE 'DROP VIEW ' || x; END $$"""), 18);

		assertThat(locks.locks()).containsExactly(NamedLock.of(TABLE, LockMode.ACCESS_EXCLUSIVE, Reach.CHILDREN));
		assertThat(locks.complete()).isFalse();
	}

	private static List<NamedLock> locks(String sql) {
		return StatementLocks.of(Statements.of(sql), 18).locks();
	}

}
