package dev.tidemark.sql.script;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RemarkTests {

	@Test
	void theHeadEndsWithTheFirstToken() {
		assertThat(Remark
			.atHead("-- tidemark: a\n/* b */ --TIDEMARK :c \r\n\r\n  -- tidemarks: d\nSELECT 1 -- tidemark: e"))
			.containsExactly(new Remark(new SourcePosition(1, 1), "a"), new Remark(new SourcePosition(2, 9), "c"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--\u00a0tidemark: a", "-- tidemark\u00a0: a", "--\u3000\ttidemark\u2009:a" })
	void blanksThatLookLikeAnyOtherDoNotHideOne(String source) {
		assertThat(Remark.atHead(source)).containsExactly(new Remark(new SourcePosition(1, 1), "a"));
		assertThat(SqlScript.parse("SELECT 1;\n" + source).remarks()).hasSize(1);
	}

	@Test
	void thoseBehindTheFirstTokenAreOfTheScript() {
		assertThat(SqlScript.parse("-- tidemark: a\nSELECT 1; -- tidemark: b\n").remarks())
			.containsExactly(new Remark(new SourcePosition(2, 11), "b"));
	}

	@ParameterizedTest
	@CsvSource({ "'-- tidemark: a\n/* open',1", "'-- tidemark: a\n''open',1", "'-- tidemark: a\n$$open',1",
			"'/* open\n-- tidemark: a',0" })
	void whatHasNoEndIsNotToldHere(String source, int remarks) {
		assertThat(Remark.atHead(source)).hasSize(remarks);
	}

	@Test
	void theyAreReadAsTheSourceHasThemAndNotWithTheValuesOfPlaceholders() {
		Substitution secret = new Substitution() {

			@Override
			public String prefix() {
				return "${";
			}

			@Override
			public String suffix() {
				return "}";
			}

			@Override
			public String replace(String content, Surroundings surroundings, int line, int column) {
				return "1; -- tidemark: secret\n";
			}

		};

		assertThat(SqlScript.parse("SELECT 1;\n-- tidemark: ${x}\nSELECT ${x}", secret).remarks())
			.extracting(Remark::text)
			.doesNotContain("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-", "--\n", "-- tidemark: a\n", "/* */", "/**/--\r" })
	@Timeout(60)
	void aMegabyteOfCommentsTakesNoLongerForEachCharacter(String part) {
		List<Remark> remarks = Remark.atHead(part.repeat(1_000_000 / part.length()));

		assertThat(remarks.size()).isEqualTo(part.contains("tidemark") ? 1_000_000 / part.length() : 0);
	}

}
