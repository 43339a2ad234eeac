package dev.tidemark.migration.backfill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the options in {@code docs/reference/backfill.md} equal to those that there are.
 */
class BackfillReferenceTests {

	@Test
	void theTableHasExactlyTheOptionsThatThereAre() throws IOException {
		String page = Files.readString(Path.of("../docs/reference/backfill.md"));
		String options = page.substring(page.indexOf("## Options"));
		int end = options.indexOf("\n## ", 1);
		List<String> rows = ((end > 0) ? options.substring(0, end) : options).lines()
			.filter((line) -> line.startsWith("| `"))
			.toList();

		assertThat(rows).isEqualTo(Arrays.stream(BackfillOption.values()).map(BackfillReferenceTests::row).toList());
	}

	private static String row(BackfillOption option) {
		return "| `" + option + "` | " + option.kind() + " | `" + option.defaultValue() + "` | `" + option.example()
				+ "` | " + option.meaning() + " |";
	}

}
