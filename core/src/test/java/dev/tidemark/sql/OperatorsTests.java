package dev.tidemark.sql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OperatorsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			a.b = c                 | a.b OPERATOR(pg_catalog.=) c
			a<>1 AND b = 'x = y'    | a OPERATOR(pg_catalog.<>) 1 AND b OPERATOR(pg_catalog.=) 'x = y'
			a = ANY (?)             | a OPERATOR(pg_catalog.=) ANY (?)
			(a::bigint << 32) - 1   | (a::bigint OPERATOR(pg_catalog.<<) 32) OPERATOR(pg_catalog.-) 1
			f(a) * 2                | f(a) OPERATOR(pg_catalog.*) 2
			a -- = b                | a -- = b
			""")
	void operatorsAreThoseOfTheServer(String sql, String qualified) {
		assertThat(Operators.qualified(sql)).isEqualToNormalizingWhitespace(qualified);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "SELECT pg_catalog.count(*) FROM t", "VALUES (?, ?)", "SELECT 'a = b', \"c + d\"" })
	void whatIsNoOperatorStaysAsItIs(String sql) {
		assertThat(Operators.qualified(sql)).isEqualTo(sql);
	}

	@Test
	void aQueryOfOperatorsThatAreNamedIsNotChangedAgain() {
		assertThat(Operators.qualified("a")).isEqualTo("a");
	}

}
