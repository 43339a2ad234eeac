package dev.tidemark.rollout.pace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the signals in {@code docs} equal to those that there are.
 */
class SignalReferenceTests {

	private static String signals(String page) throws IOException {
		String text = Files.readString(Path.of("../docs/" + page));
		String signals = text.substring(text.indexOf("## Signals"));
		int end = signals.indexOf("\n## ", 1);
		return (end > 0) ? signals.substring(0, end) : signals;
	}

	@Test
	void theTableHasExactlyTheSignalsThatThereAre() throws IOException {
		assertThat(signals("reference/backfill.md").lines().filter((line) -> line.startsWith("| `")).toList())
			.isEqualTo(Arrays.stream(ThrottleSignal.values()).map(SignalReferenceTests::row).toList());
	}

	private static String row(ThrottleSignal signal) {
		String meaning = signal.meaning();
		return "| `" + signal.word() + "` | `" + signal.defaults() + "` | " + Character.toUpperCase(meaning.charAt(0))
				+ meaning.substring(1) + ". |";
	}

	@ParameterizedTest
	@EnumSource
	void thePageOfThePaceSaysWhatToDoAboutEachSignal(ThrottleSignal signal) throws IOException {
		assertThat(signals("concepts/pace.md")).contains("**`" + signal.word() + "`**");
	}

}
