package dev.tidemark.sql.script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.SqlSyntaxException;
import dev.tidemark.sql.SyntaxFault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class PsqlCommandsTests {

	private static SqlSyntaxException failure(String text) {
		return catchThrowableOfType(SqlSyntaxException.class, () -> SqlScript.parse(text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\\restrict Kp3xQ\nSELECT 1;\n\\unrestrict Kp3xQ\n", "\\restrict it's\r\nSELECT 1",
			"-- a\n\\restrict a\rSELECT 1;\\unrestrict", "SELECT 1;\n\\unrestrict a" })
	void theLinesByWhichADumpRestrictsPsqlArePassedOver(String text) {
		String valid = text.replace(";\\unrestrict", ";\n\\unrestrict");

		assertThat(SqlScript.parse(valid).statements()).extracting(SqlStatement::text).containsExactly("SELECT 1");
	}

	@Test
	void theyDoNotMoveTheStatementsBehindThem() {
		SqlStatement statement = SqlScript.parse("\\restrict a\n\n  SELECT 1;").statements().get(0);

		assertThat(statement.line()).isEqualTo(3);
		assertThat(statement.column()).isEqualTo(3);
		assertThat(statement.offset()).isEqualTo(15);
	}

	@ParameterizedTest
	@ValueSource(strings = { " \\restrict a", "SELECT 1\n\\restrict a", "SELECT 1; \\unrestrict a", "\\restricted a",
			"\\Restrict a" })
	void elsewhereNoDumpHasThem(String text) {
		assertThat(failure(text).reason()).isEqualTo(SyntaxFault.Reason.META_COMMAND);
	}

	@Test
	void allCommandsAreToldAtOnceWithTheirPlaces() {
		SqlSyntaxException failure = failure("""
				\\connect shop
				\\restrict abc
				\\echo it's fine
				CREATE TABLE t (a int);
				SELECT format('DROP TABLE %I', 'x') \\gexec
				SELECT (1 \\gset
				\\copy t from stdin with csv
				1'
				( \\.
				\\.
				  \\i more.sql
				""");

		assertThat(failure.faults()).extracting((fault) -> fault.line() + ":" + fault.column() + " " + fault.command())
			.containsExactly("1:1 connect", "3:1 echo", "5:37 gexec", "6:11 gset", "7:1 copy", "11:3 i");
	}

	@Test
	void whatElseIsWrongIsToldBesides() {
		assertThat(failure("\\echo a\nSELECT 'open").faults()).extracting(SyntaxFault::reason)
			.containsExactly(SyntaxFault.Reason.META_COMMAND, SyntaxFault.Reason.UNTERMINATED_STRING);
	}

	@Test
	void manyCommandsTakeTimeInProportionAndAreNotAllTold() {
		assertThat(failure("\\echo a\n".repeat(100_000)).faults()).hasSize(100);
	}

	@Test
	void aCopyWhoseRowsHaveNoEndTakesTheRest() {
		assertThat(failure("\\copy t from stdin\n1\n2'\n").faults()).hasSize(1);
	}

}
