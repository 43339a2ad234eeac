package dev.tidemark.sql.script;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.testkit.PostgresExtension;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The server is the judge of what one statement is.
 */
@ExtendWith(PostgresExtension.class)
class ServerAgreementTests {

	private static TestDatabase database;

	@BeforeAll
	static void createSchema(TestDatabase database) {
		ServerAgreementTests.database = database;
		database.execute("""
				CREATE TABLE t (id int, name text, price numeric);
				CREATE TABLE log (id int, atomic boolean);
				CREATE TABLE copied (id int, name text);
				CREATE TABLE "from" (id int, name text);
				CREATE TABLE "stdin" (id int, name text);
				CREATE OPERATOR @ (PROCEDURE = pg_catalog.int4mi, LEFTARG = int, RIGHTARG = int);
				CREATE OPERATOR @- (PROCEDURE = pg_catalog.int4mi, LEFTARG = int, RIGHTARG = int);
				""");
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void serverTakesEachPieceAsOneStatement(String text) throws SQLException {
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.run("BEGIN");
			for (SqlStatement statement : SqlScript.parse(text).statements()) {
				judge.parse(statement.text());
				assertThat(judge.run(statement.text())).as(statement.text()).hasSize(1).doesNotContain("EMPTY");
			}
			judge.run("ROLLBACK");
		}
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void serverFindsAsManyStatementsInTheWhole(String text) throws SQLException {
		SqlScript script = SqlScript.parse(text);
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.run("BEGIN");
			assertThat(judge.run(text)).hasSameSizeAs(script.statements());
			judge.run("ROLLBACK");
			List<String> pieces = script.statements().stream().map(SqlStatement::text).toList();
			judge.run("BEGIN");
			assertThat(judge.run(String.join(";", pieces))).hasSameSizeAs(pieces);
			judge.run("ROLLBACK");
		}
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void serverFindsNothingBetweenThePieces(String text) throws SQLException {
		List<String> gaps = new ArrayList<>();
		int end = 0;
		for (SqlStatement statement : SqlScript.parse(text).statements()) {
			gaps.add(text.substring(end, statement.offset()));
			end = statement.end();
		}
		gaps.add(text.substring(end));
		try (ServerJudge judge = new ServerJudge(database)) {
			for (String gap : gaps) {
				assertThat(judge.run(gap)).as(gap).containsExactly("EMPTY");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("scripts")
	void serverCallsTheCommandsTheSame(String text) throws SQLException {
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.run("BEGIN");
			for (SqlStatement statement : SqlScript.parse(text).statements()) {
				String tag = judge.run(statement.text()).get(0).replaceAll("[ 0-9]+$", "");
				String command = statement.command();
				boolean query = tag.equals("SELECT") && Set.of("WITH", "VALUES", "TABLE").contains(command);
				assertThat(query || tag.startsWith(command)).as(command + " for " + tag).isTrue();
			}
			judge.run("ROLLBACK");
		}
	}

	@Test
	void judgeTellsTwoStatementsFromOne() throws SQLException {
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.parse("SELECT 1");
			assertThatThrownBy(() -> judge.parse("SELECT 1; SELECT 2")).isInstanceOf(SQLException.class)
				.hasFieldOrPropertyWithValue("SQLState", "42601");
			assertThat(judge.run("SELECT 1; SELECT 2")).hasSize(2);
		}
	}

	@ParameterizedTest
	@MethodSource("scriptsThatChangeStringSyntax")
	void serverReadsStringsTheSameAfterTheirSyntaxChanged(String text) throws SQLException {
		try (ServerJudge judge = new ServerJudge(database)) {
			for (SqlStatement statement : SqlScript.parse(text).statements()) {
				judge.parse(statement.text());
				assertThat(judge.run(statement.text())).as(statement.text()).hasSize(1);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void serverAgreesAboutRandomScripts(long seed) throws SQLException {
		RandomScripts scripts = new RandomScripts(seed);
		try (ServerJudge judge = new ServerJudge(database)) {
			for (int i = 0; i < 500; i++) {
				String text = scripts.next();
				assertThat(ourVerdict(text)).as(text).matches(serverVerdict(judge, text));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 11, 12, 13, 14 })
	void serverAgreesAboutRandomScriptsWithBackslashEscapes(long seed) throws SQLException {
		String setting = "SET standard_conforming_strings = off; ";
		RandomScripts scripts = new RandomScripts(seed);
		try (ServerJudge judge = new ServerJudge(database)) {
			judge.run(setting);
			for (int i = 0; i < 500; i++) {
				String text = scripts.next();
				assertThat(ourVerdict(setting + text)).as(text).matches(serverVerdict(judge, "SHOW work_mem; " + text));
			}
		}
	}

	private static String ourVerdict(String text) {
		try {
			int statements = SqlScript.parse(text).statements().size();
			return "statements: " + statements;
		}
		catch (SqlSyntaxException ex) {
			return ex.reason().name();
		}
	}

	/** What the server says, as a pattern of what we may say. */
	private static String serverVerdict(ServerJudge judge, String text) {
		try {
			List<String> tags = judge.run(text);
			return "statements: " + (tags.contains("EMPTY") ? 0 : tags.size());
		}
		catch (SQLException ex) {
			String message = String.valueOf(ex.getMessage());
			if (message.contains("unterminated quoted identifier")) {
				return "UNTERMINATED_IDENTIFIER";
			}
			if (message.contains("unterminated dollar-quoted string")) {
				return "UNTERMINATED_DOLLAR_QUOTE";
			}
			if (message.contains("unterminated /* comment")) {
				return "UNTERMINATED_COMMENT";
			}
			// An error of grammar comes before one that stands further behind.
			return message.contains("unterminated") ? "UNTERMINATED_STRING" : ".*";
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "COPY copied FROM stdin", "copy public.copied (id, name) from STDIN",
			"COPY copied FROM stdout", "COPY copied (id, \"name\") FROM stdin WITH (FORMAT text, NULL ';')",
			"COPY copied FROM stdin USING DELIMITERS E'\\t'", "COPY copied FROM stdin WHERE id > 0",
			"COPY U&\"copied\" FROM /* c */ stdin", "COPY public.from FROM stdin", "COPY \"stdin\" FROM stdin" })
	void serverTakesTheInlineRowsOfACopy(String copy) throws SQLException, IOException {
		String text = copy + "; -- rows\r\n1\ta;b\r\n2\t\\\\.'\r\n\\.\r\nSELECT 1";
		SqlScript script = SqlScript.parse(text);
		SqlStatement statement = script.statements().get(0);
		CopyData data = statement.copyData();
		assertThat(script.statements()).hasSize(2);
		assertThat(data).isNotNull();
		try (Connection connection = database.connect()) {
			CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
			String rows = script.text().substring(data.offset(), data.end());
			assertThat(copies.copyIn(statement.text(), new StringReader(rows))).isEqualTo(2);
		}
	}

	@Test
	void serverReadsNoBreakSpaceAsPartOfAName() throws SQLException {
		SqlStatement statement = SqlScript.parse("SELECT 1 AS a\u00a0b").statements().get(0);
		try (ServerJudge judge = new ServerJudge(database)) {
			assertThat(judge.run(statement.text())).hasSize(1);
		}
	}

	static Stream<String> scripts() {
		Stream<String> scripts = Stream.of("SELECT 1", "SELECT 1;", ";;SELECT 1;;;SELECT 2;;",
				"-- first\nSELECT 1; -- second\n/* third */ SELECT 2 -- fourth", "SELECT 1;\r\nSELECT 2;\r\n",
				"SELECT 1;\r-- comment\rSELECT 2", "SELECT\f1;\fSELECT 2", "SELECT 'a;b'; SELECT ''';'''",
				"SELECT 'back\\'; SELECT 'slash'", "SELECT E'it\\'s; one'; SELECT e'\\\\'; SELECT 2",
				"SELECT 'a'\n';b'; SELECT 2", "SELECT 'a' -- comment; here\n  ';b'; SELECT 2",
				"SELECT 'a' -- one\n-- two;\n\n  ';b'; SELECT 2", "SELECT E'a'\n'\\';b'; SELECT 2",
				"SELECT 'a'\r';b'; SELECT 2", "SELECT 'a\\'\n';b\\'; SELECT 2",
				"SELECT U&'\\0041;'; SELECT U&\"n\\0061me;\" FROM (SELECT 1 AS \"name;\") s",
				"SELECT u&'d!0061t!+000061;' UESCAPE '!'; SELECT 2", "SELECT U&'a'\n';b'; SELECT 2",
				"SELECT B'10'; SELECT x'1F'; SELECT B'1'\n'0'; SELECT 2", "SELECT N'a;''b'; SELECT n'c'; SELECT 2",
				"SELECT $$a;b$$; SELECT $x$a;$$;$y$;$x$; SELECT $_1$;$_1$", "SELECT $Tag$;$tag$;$Tag$; SELECT 2",
				"SELECT $\u00e4\u4e16$;$\u00e4\u4e16$; SELECT 2", "SELECT $a$;$$a$; SELECT 2",
				"SELECT $$;$a$$; SELECT 2", "SELECT 1 AS idx$name; SELECT 2 AS b$$; SELECT 3 AS c$x$; SELECT 4",
				"SELECT 1 /* a; /* b; */ c; */; SELECT 2", "SELECT 1 /* ' \" $$ ; */; SELECT 2",
				"SELECT 1 -- ' \" $$ /* ;\n; SELECT 2", "SELECT /*/ * ; /*/ 1 */ */ 2; SELECT 3",
				"SELECT /***/ 1; SELECT /**/ 2; /*;**/ SELECT 3", "SELECT 1 AS \"a;\"\"b\"; SELECT 2 AS \"--\"",
				"SELECT 3 @-1; SELECT 3 @- 1; SELECT 3 @-/* ; */1; SELECT 3 @--;\n 1; SELECT 2",
				"SELECT 3 */* ; */ 2; SELECT 3 *-- ;\n 2; SELECT 3 *-2", "SELECT 1 - -1; SELECT 1 -- - ;\n; SELECT 2",
				"SELECT 1 AS \u00fc\u00df; SELECT 2 AS \u4e16\u754c; SELECT 3 AS \ud83d\ude00",
				"SELECT 1.5e3, .5, 1e-5, 2.; SELECT 1",
				"SELECT '{1,2}'::int[]; SELECT (ARRAY[1,2])[1:2]; SELECT '{\"a\":1}'::jsonb ? 'a'",
				"INSERT INTO t VALUES (1, 'a;b', 2), (2, $$;$$, 3); UPDATE t SET name = 'x;y'; DELETE FROM t",
				"(SELECT 1) UNION (SELECT 2); VALUES (1), (2); TABLE t; WITH a AS (SELECT 1) SELECT * FROM a",
				"SELECT CASE WHEN true THEN 1 END; SELECT 2", """
						CREATE RULE r AS ON INSERT TO t DO ALSO (
						  INSERT INTO log VALUES (new.id, true);
						  UPDATE log SET id = 1 WHERE (id = 2);
						);
						DROP RULE r ON t;
						""", """
						CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2; $$;
						CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$
						BEGIN
						  EXECUTE $q$ SELECT ';' $q$;
						  RETURN 1;
						END;
						$body$;
						SELECT f();
						""", """
						CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql
						BEGIN ATOMIC
						  INSERT INTO log VALUES (a, false);
						  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 3 END ELSE 4 END;
						END;
						SELECT f(1);
						""", "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC END; CALL p(); DROP PROCEDURE p()",
				"CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC ;; SELECT 1;; END; CALL p();",
				"CREATE PROCEDURE p() begin /* ; */ -- ;\n atomic select 1 AS \"end\"; select (2); end; SELECT 1",
				"CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 END; SELECT f()",
				"CREATE FUNCTION f(\"begin\" int, atomic int) RETURNS int LANGUAGE sql RETURN 1; SELECT f(1, 2)",
				"CREATE FUNCTION f(begin int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1;'; SELECT f()",
				"SELECT atomic FROM log; SELECT id AS begin, atomic FROM log; CREATE TABLE atomic (begin int, \"end\" int)",
				"CREATE TABLE begin (atomic int); SELECT begin.atomic FROM begin; SELECT begin atomic FROM (SELECT 1 AS begin) s",
				"""
						CREATE SCHEMA s
						  CREATE TABLE a (id int PRIMARY KEY)
						  CREATE VIEW v AS SELECT * FROM a
						  CREATE INDEX i ON a (id);
						CREATE TABLE s.b (id int);
						""", "DO $$ BEGIN PERFORM 1; END $$; DO LANGUAGE plpgsql 'BEGIN NULL; END'; SELECT 1",
				"CREATE TABLE x (id int DEFAULT 1 CHECK (id > 0), b text DEFAULT ';'); CREATE UNIQUE INDEX x_i ON x (id)",
				"CREATE TYPE mood AS ENUM ('a;', 'b'); ALTER TYPE mood ADD VALUE 'c'; COMMENT ON TYPE mood IS 'a;b'",
				"PREPARE transaction AS SELECT 1; DEALLOCATE transaction", "SAVEPOINT a; ROLLBACK TO a; RELEASE a",
				"CREATE TEMP TABLE q (a int); CREATE MATERIALIZED VIEW m AS SELECT 1 WITH NO DATA; REFRESH MATERIALIZED VIEW m",
				"CREATE ROLE agreement_role PASSWORD 'a;b'; ALTER ROLE agreement_role PASSWORD E'a\\';b'; DROP ROLE agreement_role",
				"CREATE TEXT SEARCH CONFIGURATION c (COPY = pg_catalog.simple); DROP TEXT SEARCH CONFIGURATION c",
				"SET LOCAL search_path = public; SHOW search_path; RESET search_path; SET CONSTRAINTS ALL DEFERRED",
				"LOCK TABLE t; TRUNCATE t; ANALYZE t; EXPLAIN SELECT 1; GRANT SELECT ON t TO PUBLIC; NOTIFY a, ';'",
				"SELECT 1 AS \ufeffa; SELECT 2");
		if (PostgresServer.major() >= 16) {
			scripts = Stream.concat(scripts, Stream.of("SELECT 1_000, 0x1F; SELECT 2"));
		}
		if (PostgresServer.major() >= 17) {
			scripts = Stream.concat(scripts, Stream.of("SELECT\u000b1;\u000bSELECT 2"));
		}
		return scripts;
	}

	static Stream<String> scriptsThatChangeStringSyntax() {
		return Stream.of("SET standard_conforming_strings = off; SELECT 'it\\'s; one'; SELECT 2",
				"SET SESSION standard_conforming_strings TO 'OFF'; SELECT 'a\\';'; SELECT 2",
				"SET standard_conforming_strings TO 0; SELECT '\\';'; SET standard_conforming_strings = on; SELECT '\\'; SELECT 2",
				"SET \"standard_conforming_strings\" TO f; SELECT '\\';'; RESET standard_conforming_strings; SELECT '\\'; SELECT 2",
				"SET standard_conforming_strings = off; SELECT '\\';'; SET standard_conforming_strings TO DEFAULT; SELECT '\\'; SELECT 2",
				"SET standard_conforming_strings = false; SELECT '\\';'; RESET ALL; SELECT '\\'; SELECT 2",
				"SET standard_conforming_strings = no; SELECT N'\\';'; DISCARD ALL; SELECT '\\'; SELECT 2",
				"BEGIN; SET LOCAL standard_conforming_strings = off; SELECT '\\';'; COMMIT; SELECT '\\'; SELECT 2",
				"BEGIN; SET standard_conforming_strings = off; SELECT '\\';'; COMMIT; SELECT '\\';'; SELECT 2",
				"BEGIN; SET standard_conforming_strings = off; SELECT '\\';'; ROLLBACK; SELECT '\\'; SELECT 2",
				"SET standard_conforming_strings = off; BEGIN; SET standard_conforming_strings = on; SELECT '\\'; ROLLBACK; SELECT '\\';'",
				"SET standard_conforming_strings = off; SELECT 'a'\n'\\';b'; SELECT $$\\$$; SELECT E'\\';'; SELECT B'1'");
	}

}
