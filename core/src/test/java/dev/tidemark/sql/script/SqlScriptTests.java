package dev.tidemark.sql.script;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SqlScriptTests {

	@ParameterizedTest
	@ValueSource(strings = { "", " \t\r\n\f\u000b", "-- only a comment", "/* a; /* b; */ */", ";", " ; ;;\n-- c\n;" })
	void scriptWithoutAnyTokenHasNoStatements(String text) {
		assertThat(SqlScript.parse(text).statements()).isEmpty();
	}

	@Test
	void semicolonEndsAStatement() {
		assertThat(pieces("SELECT 1; SELECT 2;")).containsExactly("SELECT 1", "SELECT 2");
	}

	@Test
	void lastStatementNeedsNoSemicolon() {
		assertThat(pieces("SELECT 1; SELECT 2")).containsExactly("SELECT 1", "SELECT 2");
	}

	@Test
	void emptyStatementsAreLeftOut() {
		assertThat(pieces(";; SELECT 1;; /* nothing */ ; SELECT 2;;")).containsExactly("SELECT 1", "SELECT 2");
	}

	@Test
	void blanksAndCommentsAroundAStatementAreNotPartOfIt() {
		assertThat(pieces("/* a */ -- b\n SELECT /* c */ 1 -- d\n /* e */ ; -- f")).containsExactly("SELECT /* c */ 1");
	}

	@Test
	void statementsAreNumberedFromOne() {
		assertThat(SqlScript.parse("SELECT 1;;SELECT 2").statements()).extracting(SqlStatement::number)
			.containsExactly(1, 2);
	}

	@Test
	void offsetsSpanTheTokens() {
		SqlStatement statement = SqlScript.parse("  SELECT 1 ; ").statements().get(0);
		assertThat(statement.offset()).isEqualTo(2);
		assertThat(statement.end()).isEqualTo(10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1;\n-- c\n  SELECT 2", "SELECT 1;\r\n-- c\r\n  SELECT 2",
			"SELECT 1;\r-- c\r  SELECT 2", "SELECT 1;\n/* c\r */  SELECT 2" })
	void anyLineBreakStartsALine(String text) {
		SqlStatement statement = SqlScript.parse(text).statements().get(1);
		assertThat(statement.line()).isEqualTo(3);
		assertThat(statement.column()).isEqualTo(text.contains("*/") ? 6 : 3);
	}

	@Test
	void columnCountsCharactersOfUtf16() {
		SqlStatement statement = SqlScript.parse("/*\ud83d\ude00*/\tSELECT 1").statements().get(0);
		assertThat(statement.line()).isEqualTo(1);
		assertThat(statement.column()).isEqualTo(8);
	}

	@Test
	void firstStatementStartsAtLineOneAndColumnOne() {
		SqlStatement statement = SqlScript.parse("SELECT 1").statements().get(0);
		assertThat(statement.line()).isOne();
		assertThat(statement.column()).isOne();
	}

	@Test
	void linesInsideOfLiteralsCount() {
		assertThat(SqlScript.parse("SELECT '\n\n', $$\n$$, \"\n\";\nSELECT 2").statements().get(1).line()).isEqualTo(6);
	}

	@Test
	void textIsKept() {
		assertThat(SqlScript.parse("SELECT 1;\r\n").text()).isEqualTo("SELECT 1;\r\n");
	}

	@Test
	void statementsCannotBeModified() {
		List<SqlStatement> statements = SqlScript.parse("SELECT 1").statements();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(statements::clear);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 'a;b'", "SELECT 'a'';b'", "SELECT 'a\\', 'b'", "SELECT E'a\\';b'",
			"SELECT e'\\\\', 'b;'", "SELECT U&';'", "SELECT u&\";\"", "SELECT B';'", "SELECT x';'", "SELECT N';'",
			"SELECT $$;$$", "SELECT $a$;$$;$b$;$a$", "SELECT $_\u00e49$;$_\u00e49$", "SELECT \"a;\"\";b\"",
			"SELECT 1 /* ; */", "SELECT /* /* ; */ ; */ 1", "SELECT 1 - --;\n1", "SELECT 1 @--;\n1",
			"SELECT 1 @-/*;*/1" })
	void semicolonInLiteralOrCommentEndsNothing(String text) {
		assertThat(pieces(text + ";SELECT 2")).containsExactly(
				text.endsWith("*/") ? text.substring(0, text.lastIndexOf("/*")).strip() : text, "SELECT 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 'a'\n';b'", "SELECT 'a'\r';b'", "SELECT 'a'  \r\n\t ';b'",
			"SELECT 'a' -- c'\n';b'", "SELECT 'a'\n-- c\n-- d\n  ';b'", "SELECT E'a'\n'\\';b'", "SELECT U&'a'\n';b'",
			"SELECT 'a'\n'b'\n';c'" })
	void stringGoesOnAfterALineBreak(String text) {
		assertThat(pieces(text + ";SELECT 2")).containsExactly(text, "SELECT 2");
	}

	@Test
	void plainContinuationOfAnEscapeStringKnowsEscapes() {
		assertThat(pieces("SELECT E'a'\n'\\';'; SELECT 2")).containsExactly("SELECT E'a'\n'\\';'", "SELECT 2");
	}

	@Test
	void stringDoesNotGoOnWithoutLineBreak() {
		assertThat(pieces("SELECT E'a' '\\';SELECT 2")).containsExactly("SELECT E'a' '\\'", "SELECT 2");
	}

	@Test
	void stringDoesNotGoOnBehindABlockComment() {
		assertThat(pieces("SELECT E'a' /* c */\n'\\';SELECT 2")).containsExactly("SELECT E'a' /* c */\n'\\'",
				"SELECT 2");
	}

	@Test
	void bitStringKnowsNoDoubledQuotes() {
		assertThat(pieces("SELECT B'1''\\';SELECT 2")).containsExactly("SELECT B'1''\\'", "SELECT 2");
	}

	@Test
	void letterAtTheEndOfANameIsNoPrefixOfAString() {
		assertThat(pieces("SELECT type'\\';SELECT 2")).containsExactly("SELECT type'\\'", "SELECT 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT idx$name", "SELECT a$$", "SELECT a$b$", "SELECT \u00e4$$", "SELECT _$x$",
			"SELECT $1", "SELECT $1 $ 2", "SELECT $a", "SELECT $1a$" })
	void dollarSignIsNotAlwaysAQuote(String text) {
		assertThat(pieces(text + ";SELECT 2")).containsExactly(text, "SELECT 2");
	}

	@Test
	void tagOfADollarQuoteIsCaseSensitive() {
		assertThat(pieces("SELECT $a$;$A$;$a$;SELECT 2")).containsExactly("SELECT $a$;$A$;$a$", "SELECT 2");
	}

	@Test
	void parameterMayStandRightBeforeADollarQuote() {
		assertThat(pieces("SELECT $1$$;$$;SELECT 2")).containsExactly("SELECT $1$$;$$", "SELECT 2");
	}

	@Test
	void noBreakSpaceAndByteOrderMarkArePartOfNames() {
		assertThat(pieces("\u00a0; \ufeffa")).containsExactly("\u00a0", "\ufeffa");
	}

	@Test
	void commentEndsWithCarriageReturnToo() {
		assertThat(pieces("-- c;\rSELECT 1;-- d\r\nSELECT 2")).containsExactly("SELECT 1", "SELECT 2");
	}

	@Test
	void semicolonInParenthesesEndsNothing() {
		String rule = "CREATE RULE r AS ON INSERT TO t DO (INSERT INTO a VALUES (1); DELETE FROM b;)";
		assertThat(pieces(rule + ";SELECT 2")).containsExactly(rule, "SELECT 2");
	}

	@Test
	void closingParenthesisTooManyIsLeftToTheServer() {
		assertThat(pieces("SELECT 1);SELECT (2)")).containsExactly("SELECT 1)", "SELECT (2)");
	}

	@Test
	void schemaWithElementsIsOneStatement() {
		String schema = "CREATE SCHEMA s CREATE TABLE t (id int) CREATE VIEW v AS SELECT 1";
		assertThat(pieces(schema + ";SELECT 2")).containsExactly(schema, "SELECT 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
			"create or replace procedure p() begin /* ; */ atomic select 1; end",
			"CREATE PROCEDURE p() BEGIN ATOMIC END", "CREATE PROCEDURE p() BEGIN ATOMIC ;; END",
			"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
			"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS \"end\"; SELECT 2; END",
			"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT (SELECT CASE 1 WHEN 1 THEN 2 END); SELECT 2; END",
			"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END; END",
			"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT atomic FROM begin; SELECT begin atomic; END" })
	void atomicBodyIsPartOfItsStatement(String text) {
		assertThat(pieces(text + ";SELECT 2")).containsExactly(text, "SELECT 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT begin, atomic FROM t", "SELECT begin atomic FROM t",
			"CREATE TABLE t (begin int, atomic int)", "CREATE VIEW function AS SELECT begin atomic FROM t",
			"CREATE FUNCTION f(begin int, atomic int) RETURNS int RETURN 1",
			"CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 END",
			"CREATE FUNCTION \"begin\"() RETURNS \"atomic\" AS ';'", "BEGIN", "CREATE FUNCTION f() BEGIN \"atomic\"",
			"CREATE TRIGGER t BEFORE INSERT ON t EXECUTE FUNCTION begin atomic" })
	void nothingElseBeginsABody(String text) {
		assertThat(pieces(text + ";SELECT 2;END")).containsExactly(text, "SELECT 2", "END");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET standard_conforming_strings = off", "set Standard_Conforming_Strings to OFF",
			"SET standard_conforming_strings TO 'off'", "SET standard_conforming_strings = 0",
			"SET standard_conforming_strings = false", "SET SESSION standard_conforming_strings = n",
			"SET LOCAL standard_conforming_strings = of", "SET \"standard_conforming_strings\" /* c */ = -- d\n off" })
	void backslashEscapesAfterStandardStringsWereSwitchedOff(String setting) {
		assertThat(pieces(setting + "; SELECT '\\';'; SELECT 2")).containsExactly(setting, "SELECT '\\';'", "SELECT 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET standard_conforming_strings = on", "SET standard_conforming_strings TO true",
			"SET standard_conforming_strings = 1", "SET standard_conforming_strings = yes",
			"SET standard_conforming_strings TO DEFAULT", "RESET standard_conforming_strings", "RESET ALL",
			"DISCARD ALL" })
	void backslashIsOrdinaryAgainAfterStandardStringsWereSwitchedOn(String setting) {
		assertThat(pieces("SET standard_conforming_strings = off; " + setting + "; SELECT '\\'; SELECT 2")).hasSize(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET escape_string_warning = off", "SET standard_conforming_strings = nonsense",
			"SELECT 'SET standard_conforming_strings = off'", "SET search_path = standard_conforming_strings, off",
			"ALTER ROLE x SET standard_conforming_strings = off" })
	void otherStatementsDoNotSwitchStandardStrings(String statement) {
		assertThat(pieces(statement + "; SELECT '\\'; SELECT 2")).hasSize(3);
	}

	@Test
	void localSettingLastsUntilTheEndOfTheTransaction() {
		assertThat(pieces("SET LOCAL standard_conforming_strings = off; SELECT '\\';'; COMMIT; SELECT '\\'; SELECT 2"))
			.hasSize(5);
	}

	@Test
	void rollbackTakesASettingBack() {
		assertThat(
				pieces("BEGIN; SET standard_conforming_strings = off; SELECT '\\';'; ROLLBACK; SELECT '\\'; SELECT 2"))
			.hasSize(6);
	}

	private static List<String> pieces(String text) {
		return SqlScript.parse(text).statements().stream().map(SqlStatement::text).toList();
	}

}
