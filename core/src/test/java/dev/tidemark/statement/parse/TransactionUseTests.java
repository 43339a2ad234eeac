package dev.tidemark.statement.parse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.statement.TransactionUse;
import dev.tidemark.statement.Unknown;

import static org.assertj.core.api.Assertions.assertThat;

/** What can be in a transaction block, for that which no server has to be asked about. */
class TransactionUseTests {

	@ParameterizedTest
	@ValueSource(strings = { "BEGIN", "begin work", "BEGIN ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION READ ONLY",
			"COMMIT", "COMMIT AND CHAIN", "END", "END TRANSACTION", "ROLLBACK", "ROLLBACK WORK",
			"ROLLBACK AND NO CHAIN", "ABORT", "/* c */ ABORT -- d", "PREPARE TRANSACTION 'x'",
			"PREPARE TRANSACTION E'x'" })
	void beginningAndEndOfATransactionAreControl(String sql) {
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(TransactionUse.CONTROL);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SAVEPOINT a", "ROLLBACK TO a", "ROLLBACK TO SAVEPOINT a", "ROLLBACK WORK TO a",
			"ROLLBACK TRANSACTION TO SAVEPOINT a", "RELEASE a", "PREPARE transaction AS SELECT 1",
			"SET TRANSACTION READ ONLY", "\"BEGIN\"", "'COMMIT'" })
	void savepointsAndTheLikeAreAllowed(String sql) {
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(TransactionUse.ALLOWED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "REPACK", "REPACK (VERBOSE)", "REPACK (CONCURRENTLY) t", "REPACK (ANALYZE) t" })
	void repackInStepsIsForbidden(String sql) {
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(TransactionUse.FORBIDDEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "REPACK t", "REPACK (VERBOSE) t", "REPACK (CONCURRENTLY off) t USING INDEX i" })
	void repackOfOneTableIsAllowed(String sql) {
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(TransactionUse.ALLOWED);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			VACUUM AS NOBODY KNOWS IT YET                      | FORBIDDEN
			CREATE INDEX CONCURRENTLY i ON t (a) SOME DAY      | FORBIDDEN
			ALTER SYSTEM FORGET work_mem                       | FORBIDDEN
			COMMIT AND PUBLISH                                 | CONTROL
			ALTER TABLE t IMPROVE                              | ALLOWED
			""")
	void whatIsNotUnderstoodIsJudgedByItsCommand(String sql, TransactionUse use) {
		assertThat(Statements.of(sql)).isInstanceOf(Unknown.class);
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(use);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-- VACUUM\nSELECT 1", "/* VACUUM; */ SELECT 'VACUUM'", "SELECT $$VACUUM$$", "\"VACUUM\"",
			"INSERT INTO t VALUES ('CREATE INDEX CONCURRENTLY')", "CREATE INDEX \"concurrently\" ON t (a)",
			"ALTER TABLE t RENAME TO concurrently", "ALTER TABLE t DETACH PARTITION \"concurrently\"",
			"CREATE TABLE cluster (vacuum int)", "REINDEX TABLE \"CONCURRENTLY\"", "DROP INDEX \"CONCURRENTLY\"" })
	void namesStringsAndCommentsAreNoKeywords(String sql) {
		assertThat(Statements.of(sql).transactionUse()).isEqualTo(TransactionUse.ALLOWED);
	}

}
