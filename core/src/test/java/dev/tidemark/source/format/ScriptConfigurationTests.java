package dev.tidemark.source.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;

import static org.assertj.core.api.Assertions.assertThat;

class ScriptConfigurationTests {

	private final List<Problem> problems = new ArrayList<>();

	private ScriptConfiguration parse(String text) {
		return ScriptConfiguration.parse(text, "V1__x.sql.conf", this.problems);
	}

	@Test
	void readsAllThatFlywayKnowsAndWeHonour() {
		assertThat(parse("executeInTransaction=false\nencoding=ISO-8859-1\nplaceholderReplacement=true\n"))
			.isEqualTo(new ScriptConfiguration(false, StandardCharsets.ISO_8859_1, true));
		assertThat(this.problems).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "executeInTransaction=false", "  executeInTransaction = FALSE  \r\n",
			"# why\n\n! also\nexecuteInTransaction:false", "executeInTransaction false\r#end" })
	void theFormIsThatOfProperties(String text) {
		assertThat(parse(text)).isEqualTo(new ScriptConfiguration(false, null, null));
		assertThat(this.problems).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n\n", "# executeInTransaction=false" })
	void anEmptyOneSaysNothing(String text) {
		assertThat(parse(text)).isEqualTo(ScriptConfiguration.NONE);
		assertThat(this.problems).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "executeintransaction=false, executeintransaction", "group=true, 'group'",
			"flyway.encoding=UTF-8, flyway.encoding", "encoding=UTF-7½, UTF-7½", "encoding=, 'encoding'",
			"encoding=nowhere-1, nowhere-1", "executeInTransaction=no, 'no'",
			"executeInTransaction, executeInTransaction", "placeholderReplacement=${x}, ${x}", "=false, '=false'",
			"shouldExecute=false, Flyway" })
	void whatIsNotUnderstoodIsNamedWithItsLine(String line, String named) {
		assertThat(parse("# why\n" + line)).isEqualTo(ScriptConfiguration.NONE);

		assertThat(this.problems).hasSize(1);
		Problem problem = this.problems.get(0);
		assertThat(problem.code()).isEqualTo(ErrorCode.SCRIPT_CONFIGURATION);
		assertThat(problem.isError()).isTrue();
		assertThat(problem.place()).hasToString("V1__x.sql.conf:2:1");
		assertThat(problem.what()).contains(named);
	}

	@Test
	void aKeyThatStandsTwiceIsAnError() {
		parse("encoding=UTF-8\nencoding=ISO-8859-1");

		assertThat(this.problems).extracting((problem) -> problem.place().line()).containsExactly(2);
	}

	@Test
	void allThatIsWrongIsToldAtOnce() {
		assertThat(parse("oops=1\nexecuteInTransaction=false\nshouldExecute=true").transaction()).isFalse();

		assertThat(this.problems).extracting((problem) -> problem.place().line()).containsExactly(1, 3);
	}

}
