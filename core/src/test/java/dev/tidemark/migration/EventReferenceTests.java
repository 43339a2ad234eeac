package dev.tidemark.migration;

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
 * Keeps {@code docs/reference/events.md} equal to the events.
 */
class EventReferenceTests {

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| [^|]+ \\| ([^|]+) \\|(?: (runs) | )\\|$");

	@Test
	void theReferenceSaysOfEveryEventWhichTransactionItHasAndWhetherEachRunHasIt() throws IOException {
		String reference = Files.readString(Path.of("../docs/reference/events.md"));
		List<String> documented = ROW.matcher(reference).results().map(EventReferenceTests::row).toList();

		assertThat(documented).containsExactlyElementsOf(Arrays.stream(CallbackEvent.values())
			.map((event) -> event + (event.isOfMigration() ? " the migration's" : " its own") + " "
					+ event.isOfEveryRun())
			.toList());
	}

	private static String row(MatchResult row) {
		return row.group(1) + " " + row.group(2) + " " + (row.group(3) != null);
	}

}
