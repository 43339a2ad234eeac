package dev.tidemark.migration;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;
import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.script.SqlScript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SyntaxProblemsTests {

	private static List<Problem> problems(String text) {
		return new SyntaxProblems("V1__a.sql", Placeholders.DEFAULT)
			.of(catchThrowableOfType(SqlSyntaxException.class, () -> SqlScript.parse(text)).faults());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "\\connect shop|tidemark.connection.url", "\\c shop|tidemark.connection.url", "\\i a.sql|its own",
					"\\ir a.sql|its own", "\\copy t from 'a.csv'|COPY ... FROM stdin;",
					"\\set x 1|tidemark.placeholders.name", "SELECT 1 \\gset|tidemark.placeholders.name",
					"SELECT 1 \\g|semicolon", "SELECT 'a' \\gexec|DO block", "\\if true|-- tidemark: only=",
					"\\echo a|Remove the line", "\\dt+|Remove the line", "\\timing on|Remove the line",
					"\\q|would not have run", "\\! ls|operating system", "\\encoding LATIN1|tidemark.files.encoding",
					"\\password bob|ALTER ROLE", "\\lo_import a|lo_from_bytea()", "\\unheard_of|belong to psql",
					"; \\restrict a|between statements" })
	void eachCommandForPsqlSaysWhatToDoInstead(String text, String remedy) {
		assertThat(problems(text)).singleElement().satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(ErrorCode.SYNTAX);
			assertThat(problem.what()).contains("is a command for psql, not for the server (line 1, column ");
			assertThat(problem.remedy()).contains(remedy);
		});
	}

	@Test
	void anEndOfRowsWithoutACopySaysSo() {
		assertThat(problems("SELECT 1;\n\\.\n").get(0).remedy()).contains("COPY ... FROM stdin");
	}

}
