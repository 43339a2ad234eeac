package dev.tidemark.sql.script;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SqlStatementTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			SELECT 1                                         | SELECT
			(SELECT 1) UNION SELECT 2                        | SELECT
			((VALUES (1)))                                   | VALUES
			with a as (select 1) insert into t select 1      | WITH
			TABLE t                                          | TABLE
			insert into secret values ('x')                  | INSERT
			MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING | MERGE
			COPY t FROM '/x'                                 | COPY
			DO $$ $$                                         | DO
			CREATE TABLE t (id int)                          | CREATE TABLE
			CREATE GLOBAL TEMPORARY TABLE t (id int)         | CREATE TABLE
			CREATE UNLOGGED TABLE IF NOT EXISTS t (id int)   | CREATE TABLE
			CREATE TABLE t AS SELECT 1                       | CREATE TABLE
			CREATE INDEX ON t (a)                            | CREATE INDEX
			CREATE UNIQUE INDEX i ON t (a)                   | CREATE INDEX
			CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)      | CREATE INDEX CONCURRENTLY
			CREATE INDEX "CONCURRENTLY" ON t (a)             | CREATE INDEX
			DROP INDEX CONCURRENTLY i                        | DROP INDEX CONCURRENTLY
			CREATE OR REPLACE FUNCTION f() RETURNS int AS '' | CREATE FUNCTION
			CREATE OR REPLACE RECURSIVE VIEW v (a) AS SELECT 1 | CREATE VIEW
			CREATE MATERIALIZED VIEW m AS SELECT 1           | CREATE MATERIALIZED VIEW
			CREATE CONSTRAINT TRIGGER t AFTER INSERT ON t EXECUTE FUNCTION f() | CREATE TRIGGER
			CREATE EVENT TRIGGER t ON sql_drop EXECUTE FUNCTION f() | CREATE EVENT TRIGGER
			CREATE OPERATOR CLASS c FOR TYPE int USING btree AS STORAGE int | CREATE OPERATOR CLASS
			CREATE TEXT SEARCH CONFIGURATION c (COPY = simple) | CREATE TEXT SEARCH CONFIGURATION
			CREATE FOREIGN DATA WRAPPER w                    | CREATE FOREIGN DATA WRAPPER
			CREATE USER MAPPING FOR u SERVER s               | CREATE USER MAPPING
			CREATE USER mallory PASSWORD 'x'                 | CREATE USER
			CREATE SCHEMA s CREATE TABLE t (id int)          | CREATE SCHEMA
			ALTER TABLE t ADD COLUMN a int                   | ALTER TABLE
			alter /* c */ table -- d                         | ALTER TABLE
			ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a | ALTER DEFAULT PRIVILEGES
			ALTER SYSTEM RESET ALL                           | ALTER SYSTEM
			DROP OWNED BY a                                  | DROP OWNED
			DROP secret                                      | DROP
			REFRESH MATERIALIZED VIEW CONCURRENTLY m         | REFRESH MATERIALIZED VIEW
			REINDEX (VERBOSE) TABLE t                        | REINDEX
			SET CONSTRAINTS ALL DEFERRED                     | SET CONSTRAINTS
			SET ROLE secret                                  | SET
			SECURITY LABEL ON TABLE t IS NULL                | SECURITY LABEL
			START TRANSACTION                                | START TRANSACTION
			PREPARE transaction AS SELECT 1                  | PREPARE
			PREPARE TRANSACTION 'secret'                     | PREPARE TRANSACTION
			COMMIT PREPARED 'secret'                         | COMMIT PREPARED
			secret 'x'                                       | UNRECOGNISED
			"SELECT" 1                                       | UNRECOGNISED
			'SELECT'                                         | UNRECOGNISED
			selec\u0442 1                                    | UNRECOGNISED
			""")
	void commandIsMadeOfTheLeadingKeywords(String sql, String command) {
		assertThat(statement(sql).command()).isEqualTo(command);
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT", "\u0131nsert" })
	void onlyAsciiLettersFold(String word) {
		assertThat(statement(word + " INTO t VALUES (1)").command())
			.isEqualTo(word.equals("INSERT") ? "INSERT" : "UNRECOGNISED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "COPY", "COPY t", "REINDEX", "REINDEX (", "CREATE SUBSCRIPTION s WITH (", "ALTER TABLE",
			"ALTER TABLE t DETACH", "ALTER DATABASE", "ALTER SUBSCRIPTION", "SET", "SET LOCAL", "RESET", "ROLLBACK TO",
			"ALTER SUBSCRIPTION s SET (", "CLUSTER (", "(", "()" })
	void incompleteStatementsAreLeftToTheServer(String sql) {
		String closed = sql.endsWith("(") ? sql + "a)" : sql;
		assertThat(SqlScript.parse(closed).statements()).hasSize(1);
	}

	private static SqlStatement statement(String sql) {
		return SqlScript.parse(sql).statements().get(0);
	}

}
