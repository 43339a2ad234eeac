package dev.tidemark.autoconfigure.exit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.tidemark.autoconfigure.ExitCode;
import dev.tidemark.error.ErrorCode;
import dev.tidemark.error.Problem;

import static org.assertj.core.api.Assertions.assertThat;

class ExitCodeTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| `([a-z-]+)` \\|[^|\\n]*\\|([^|\\n]*)\\|$");

	private static final Pattern CODE = Pattern.compile("`(TM-[A-Z]+-\\d{3})`");

	@ParameterizedTest
	@EnumSource
	void everyErrorHasAnExitCodeThatSaysSo(ErrorCode code) {
		assertThat(ExitCode.of(code)).isNotIn(ExitCode.DONE, ExitCode.REFUSED_BY_GATE, ExitCode.DRIFT_FOUND);
	}

	@Test
	void theReferenceListsTheErrorsOfEachExitCode() throws IOException {
		Map<String, String> expected = new TreeMap<>();
		for (ExitCode code : ExitCode.values()) {
			expected.put(code.number() + " " + code,
					Arrays.stream(ErrorCode.values())
						.filter((error) -> ExitCode.of(error) == code)
						.map(ErrorCode::code)
						.collect(Collectors.toCollection(TreeSet::new))
						.toString());
		}

		Map<String, String> documented = new TreeMap<>();
		ROW.matcher(Files.readString(Path.of("..", "docs", "reference", "modes.md")))
			.results()
			.forEach((row) -> documented.put(row.group(1) + " " + row.group(2),
					CODE.matcher(row.group(3))
						.results()
						.map((code) -> code.group(1))
						.collect(Collectors.toCollection(TreeSet::new))
						.toString()));
		assertThat(documented).isEqualTo(expected);
	}

	@Test
	void noNumberIsOneOfAShellTheJvmOrSpringBoot() {
		assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates()
			.allSatisfy((number) -> assertThat(number).isBetween(0, 125).isNotIn(1, 2, 3));
	}

	@Test
	void theGravestOfSeveralProblemsDecides() {
		assertThat(ExitCode.of(List.of(error(ErrorCode.LOCK_TIMEOUT), error(ErrorCode.SETTING))))
			.isEqualTo(ExitCode.WRONG_CONFIGURATION);
		assertThat(
				ExitCode.of(List.of(error(ErrorCode.CHANGED), error(ErrorCode.SETTING), error(ErrorCode.LOCK_TIMEOUT))))
			.isEqualTo(ExitCode.PERSON_NEEDED);
		assertThat(ExitCode.of(List.of(error(ErrorCode.TENANTS_FAILED), error(ErrorCode.STATEMENT))))
			.isEqualTo(ExitCode.TENANTS_FAILED);
	}

	@Test
	void warningsCountForNothing() {
		assertThat(ExitCode.of(List.of(Problem.warning(ErrorCode.AHEAD, null, "It is ahead.", "Nothing."))))
			.isEqualTo(ExitCode.DONE);
	}

	private static Problem error(ErrorCode code) {
		return Problem.error(code, null, "Something happened.", "Do something.");
	}

}
