package dev.tidemark.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/reference/errors.md} equal to the codes.
 */
class ErrorReferenceTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(TM-[A-Z]+-\\d{3})` \\| ([^|]+) \\|");

	@Test
	void theReferenceListsEveryCodeWithItsTitleAndNoOther() throws IOException {
		String reference = Files.readString(Path.of("../docs/reference/errors.md"));
		List<String> documented = ROW.matcher(reference)
			.results()
			.map((MatchResult row) -> row.group(1) + " " + row.group(2))
			.toList();

		assertThat(documented).containsExactlyInAnyOrderElementsOf(
				Arrays.stream(ErrorCode.values()).map((code) -> code.code() + " " + code.title()).toList());
	}

	@Test
	void noCodeIsUsedTwice() {
		assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
	}

}
