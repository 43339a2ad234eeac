package dev.tidemark.sql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SyntaxFault.Reason;
import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SqlSyntaxExceptionTests {

	@ParameterizedTest
	@ValueSource(strings = { "'abc", "'a'';", "'a\\''; SELECT 2", "'" })
	void stringWithoutEnd(String literal) {
		assertFailure("SELECT 1;\n  SELECT " + literal, Reason.UNTERMINATED_STRING, 2, 10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "E'a\\'; SELECT 2", "U&'a", "B'1", "N'a", "E'\\" })
	void stringWithPrefixAndWithoutEndIsReportedAtItsQuote(String literal) {
		assertFailure("\n" + literal, Reason.UNTERMINATED_STRING, 2, literal.indexOf('\'') + 1);
	}

	@Test
	void continuationWithoutEndIsReportedWhereItStarts() {
		assertFailure("SELECT 'a'\n  'b", Reason.UNTERMINATED_STRING, 2, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"a; SELECT 1", "\"a\"\"" })
	void identifierWithoutEnd(String identifier) {
		assertFailure("\r\n\r\n " + identifier, Reason.UNTERMINATED_IDENTIFIER, 3, 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "$$ SELECT 1; $", "$a$ SELECT $$ $A$ $a", "$$" })
	void dollarQuoteWithoutEnd(String literal) {
		assertFailure("DO " + literal, Reason.UNTERMINATED_DOLLAR_QUOTE, 1, 4);
	}

	@Test
	void dollarQuoteWithoutEndNamesItsDelimiter() {
		assertThat(failure("DO $body$ BEGIN")).hasMessageContaining("$body$");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/* a", "/* /* a */ ", "/*/", "/* '/* */ " })
	void commentWithoutEnd(String comment) {
		assertFailure("SELECT 1; " + comment, Reason.UNTERMINATED_COMMENT, 1, 11);
	}

	@Test
	void parenthesisWithoutEndIsReportedWhereTheOutermostOpens() {
		assertFailure("SELECT 1;\nCREATE TABLE t (id int CHECK ((1);\nSELECT 2;", Reason.UNTERMINATED_BLOCK, 2, 16);
	}

	@Test
	void atomicBodyWithoutEndIsReportedAtItsBegin() {
		assertFailure("CREATE PROCEDURE p()\n  BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\nSELECT 2;",
				Reason.UNTERMINATED_BLOCK, 2, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\connect x", "\\restrict abc", "\\i file.sql", "\\.", "\\;", "\\", "\\copy t from stdin",
			"SELECT 1 \\gset" })
	void backslashOutsideOfLiteralsIsAMetaCommand(String command) {
		assertFailure("-- \\\n  " + command, Reason.META_COMMAND, 2, 3 + command.indexOf('\\'));
	}

	@Test
	void metaCommandIsNamedWithoutItsArguments() {
		assertThat(failure("\\connect secret")).hasMessageContaining("\\connect is a command for psql")
			.hasMessageNotContaining("secret");
	}

	@Test
	void endOfRowsWithoutCopyIsExplained() {
		assertThat(failure("1\n\\.\n")).hasMessageContaining("COPY");
	}

	@Test
	void messageTellsThePosition() {
		assertThat(failure("SELECT\n 'a")).hasMessageEndingWith("(line 2, column 2)");
	}

	@Test
	void messageDoesNotQuoteTheLiteral() {
		assertThat(failure("ALTER ROLE a PASSWORD 'secret")).hasMessageNotContaining("secret");
	}

	private static void assertFailure(String text, Reason reason, int line, int column) {
		SqlSyntaxException ex = failure(text);
		assertThat(ex.reason()).isEqualTo(reason);
		assertThat(ex.line()).isEqualTo(line);
		assertThat(ex.column()).isEqualTo(column);
	}

	private static SqlSyntaxException failure(String text) {
		return catchThrowableOfType(SqlSyntaxException.class, () -> SqlScript.parse(text));
	}

}
