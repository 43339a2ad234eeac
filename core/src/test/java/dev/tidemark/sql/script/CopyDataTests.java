package dev.tidemark.sql.script;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault.Reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CopyDataTests {

	@ParameterizedTest
	@ValueSource(strings = { "COPY t FROM stdin", "copy t from STDIN", "COPY s.t (a, \"b\") FROM stdin",
			"COPY t (a,b) FROM stdin WITH (FORMAT csv, DELIMITER ';')", "COPY t FROM stdin WHERE a > 1",
			"COPY BINARY t FROM stdin", "COPY \"from\" FROM stdin", "COPY public.from FROM stdin",
			"COPY t /* c */ FROM -- d\n stdin", "COPY t FROM stdout", "COPY U&\"t\" FROM stdin",
			"COPY t FROM stdin USING DELIMITERS '|'" })
	void rowsFollowCopyFromStdin(String copy) {
		String text = copy + ";\n1\ta;b\n2\t'\n\\.\nSELECT 1;";
		SqlScript script = SqlScript.parse(text);
		assertThat(script.statements()).extracting(SqlStatement::text).containsExactly(copy, "SELECT 1");
		assertThat(rows(script, 0)).isEqualTo("1\ta;b\n2\t'\n");
		assertThat(script.statements().get(1).copyData()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "COPY t TO stdout", "COPY (SELECT 1) TO STDOUT", "COPY stdin FROM '/x'",
			"COPY t FROM 'stdin'", "COPY t FROM \"stdin\"", "COPY t FROM '/x' WITH (FORMAT csv)",
			"COPY t FROM PROGRAM 'cat'", "COPY t (stdin) FROM '/x'", "COPY (SELECT a FROM stdin) TO '/x'",
			"COPY t TO '/x' -- FROM stdin", "SELECT copy FROM stdin" })
	void nothingFollowsAnyOtherCopy(String copy) {
		SqlScript script = SqlScript.parse(copy + "\n;\nSELECT 1");
		assertThat(script.statements()).hasSize(2).allMatch((statement) -> statement.copyData() == null);
	}

	@Test
	void rowsMayBeNone() {
		SqlScript script = SqlScript.parse("COPY t FROM stdin;\n\\.\nSELECT 1");
		assertThat(rows(script, 0)).isEmpty();
		assertThat(script.statements()).hasSize(2);
	}

	@Test
	void rowsKeepTheirCarriageReturns() {
		SqlScript script = SqlScript.parse("COPY t FROM stdin;\r\n1\r\n2\r\n\\.\r\nSELECT 1");
		assertThat(rows(script, 0)).isEqualTo("1\r\n2\r\n");
		assertThat(script.statements().get(1).line()).isEqualTo(5);
	}

	@Test
	void rowsOfAFileWithLoneCarriageReturnsEndWithOne() {
		SqlScript script = SqlScript.parse("COPY t FROM stdin;\r1\r2\r\\.\rSELECT 1");
		assertThat(rows(script, 0)).isEqualTo("1\r2\r");
		assertThat(script.statements()).hasSize(2);
	}

	@Test
	void carriageReturnInsideOfARowEndsNothing() {
		assertThat(rows(SqlScript.parse("COPY t FROM stdin CSV;\n\"a\r\\.\rb\"\n\\.\n"), 0))
			.isEqualTo("\"a\r\\.\rb\"\n");
	}

	@Test
	void terminatorMayEndTheFile() {
		assertThat(rows(SqlScript.parse("COPY t FROM stdin;\n1\n\\."), 0)).isEqualTo("1\n");
	}

	@Test
	void onlyALineOfItsOwnTerminates() {
		assertThat(rows(SqlScript.parse("COPY t FROM stdin;\na\\.\n\\.b\n \\.\n\\. \n\\.\n"), 0))
			.isEqualTo("a\\.\n\\.b\n \\.\n\\. \n");
	}

	@Test
	void rowsBeginOnTheLineAfterTheSemicolon() {
		assertThat(rows(SqlScript.parse("COPY t FROM stdin\n  ;  -- rows follow; really\n1\n\\.\n"), 0))
			.isEqualTo("1\n");
	}

	@Test
	void severalCopiesFollowEachOther() {
		SqlScript script = SqlScript.parse("COPY a FROM stdin;\n1\n\\.\n\nCOPY b FROM stdin;\n2\n\\.\n");
		assertThat(List.of(rows(script, 0), rows(script, 1))).containsExactly("1\n", "2\n");
		assertThat(script.statements().get(1).line()).isEqualTo(5);
	}

	@Test
	void backslashesInRowsAreNoMetaCommands() {
		assertThat(rows(SqlScript.parse("COPY t FROM stdin;\n\\N\t\\connect\n\\.\n"), 0)).isEqualTo("\\N\t\\connect\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n\n COPY t FROM stdin", "\n\n COPY t FROM stdin;", "\n\n COPY t FROM stdin;\n",
			"\n\n COPY t FROM stdin;\n1\n2\n", "\n\n COPY t FROM stdin;\n1\n\\.x", "\n\n COPY t FROM stdin; -- c" })
	void missingTerminatorIsAnErrorOfTheStatement(String text) {
		assertThatExceptionOfType(SqlSyntaxException.class).isThrownBy(() -> SqlScript.parse(text)).satisfies((ex) -> {
			assertThat(ex.reason()).isEqualTo(Reason.UNTERMINATED_COPY);
			assertThat(ex.line()).isEqualTo(3);
			assertThat(ex.column()).isEqualTo(2);
		});
	}

	@Test
	void statementBetweenCopyAndItsRowsIsAnError() {
		assertThatExceptionOfType(SqlSyntaxException.class)
			.isThrownBy(() -> SqlScript.parse("COPY t FROM stdin; SELECT 1;\n1\n\\.\n"))
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo(Reason.UNTERMINATED_COPY);
				assertThat(ex.column()).isEqualTo(20);
			})
			.withMessageContaining("line after its semicolon");
	}

	private static String rows(SqlScript script, int index) {
		CopyData data = script.statements().get(index).copyData();
		assertThat(data).isNotNull();
		return script.text().substring(data.offset(), data.end());
	}

}
