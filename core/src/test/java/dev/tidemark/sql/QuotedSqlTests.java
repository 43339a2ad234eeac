package dev.tidemark.sql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.sql.script.CountingText;
import dev.tidemark.sql.script.HostileTexts;

import static org.assertj.core.api.Assertions.assertThat;

class QuotedSqlTests {

	/** How often a character is looked at, at most and on average. */
	private static final int LOOKS = 40;

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					SQL statement "SELECT 'it''s', E'a', U&'b', B'1', N'c'" | SQL statement "SELECT '***', E'***', U&'***', B'***', N'***'"
					SQL statement "SELECT "a" FROM t WHERE x = 'bob'" | SQL statement "SELECT "a" FROM t WHERE x = '***'"
					SQL statement "SELECT 1.5e3, t1, $1, 0xff FROM t2" | SQL statement "SELECT ***, t1, $1, *** FROM t2"
					SQL function "f" statement 1 | SQL function "f" statement 1
					fonction SQL « f », instruction 1 | fonction SQL « f », instruction 1
					PL/pgSQL function "F"(integer) line 3 at EXECUTE | PL/pgSQL function "F"(integer) line 3 at EXECUTE
					while inserting index tuple (0,1) in relation "t" | while inserting index tuple (0,1) in relation "t"
					""")
	void constantsGoAndNamesStay(String text, String expected) {
		assertThat(QuotedSql.withoutConstants(text)).isEqualTo(expected);
	}

	@Test
	void theCallStackAroundStatementsStays() {
		assertThat(QuotedSql.withoutConstants("""
				SQL statement "INSERT INTO t
				  VALUES ('bob"
				PL/pgSQL function g() line 7 at PERFORM', 4111)"
				PL/pgSQL function f(text) line 3 at EXECUTE
				SQL statement "SELECT f('bob')"
				PL/pgSQL function inline_code_block line 1 at PERFORM""")).isEqualTo("""
				SQL statement "INSERT INTO t
				  VALUES ('***', ***)"
				PL/pgSQL function f(text) line 3 at EXECUTE
				SQL statement "SELECT f('***')"
				PL/pgSQL function inline_code_block line 1 at PERFORM""");
	}

	/** Each of these would turn what is within constants and what is not. */
	@ParameterizedTest
	@ValueSource(strings = { "PL/pgSQL function f() while casting return value to function's return type\n%s",
			"fonction PL/pgSQL f(), ligne 3, lors de l'entrée\ninstruction SQL « SELECT ('bob') »",
			"SQL statement \"SELECT -- don't\n 'bob'\"\n%s", "SQL statement \"SELECT /* don't */ 'bob'\"\n%s",
			"SQL statement \"SELECT \"a 'b\", 'bob'\"\n%s", "SQL statement \"SELECT \" '\", 'bob', \" '\"\"\n%s",
			"SQL statement \"SELECT E'it\\'s bob', 'x'\"\n%s", "SQL statement \"SELECT 'a\\', 'bob'\"\n%s",
			"SQL statement \"SELECT $$it's bob$$\"\n%s", "SQL statement \"SELECT $a$bob$a$, 'bob'\"\n%s",
			"SQL statement \"SELECT 'a', 'bob", "SQL statement \"SELECT $$bob", "%s\nCOPY t, line 1: \"it's bob\"",
			"SQL-Anweisung »SELECT \"a 'b\", 'bob'«" })
	void whereItIsNotSureWhatIsAConstantAllGoes(String text) {
		assertThat(QuotedSql.withoutConstants(text.formatted("SQL statement \"SELECT 'bob'\""))).doesNotContain("bob")
			.contains("***");
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void noConstantOfARandomStatementIsTold(long seed) {
		HostileTexts texts = new HostileTexts(seed);
		for (int i = 0; i < 1000; i++) {
			String constant = "böb" + texts.next() + "böb";
			String name = "x" + texts.next();
			String text = "SQL statement \"SELECT " + Identifiers.quote(name) + ", " + StringLiteral.quote(constant)
					+ ", t.a FROM t\"\nPL/pgSQL function " + Identifiers.quote(name) + "() line 3 at EXECUTE";
			String masked = QuotedSql.withoutConstants(text);
			assertThat(masked).as(text).doesNotContain("böb");
			assertThat(QuotedSql.withoutConstants(masked)).isEqualTo(masked);
		}
	}

	@Test
	void whatATextCostsGrowsWithItsLengthOnly() {
		for (int length : new int[] { 1000, 8000 }) {
			HostileTexts.ofLength(length).forEach((text) -> {
				CountingText counting = new CountingText(text);
				QuotedSql.withoutConstants(counting);
				assertThat(counting.count()).as(() -> text.substring(0, Math.min(60, text.length())))
					.isLessThanOrEqualTo(2000L + (long) LOOKS * text.length());
			});
		}
	}

}
