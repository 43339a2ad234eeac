package dev.tidemark.benchmark;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OptionsTests {

	@Test
	void withoutOptionsAllButTheRealFilesRuns() {
		assertThat(names(Options.parse())).containsExactly("fresh-100", "fresh-1000", "fresh-5000",
				"nothing-pending-100", "nothing-pending-1000", "nothing-pending-10000", "one-new", "huge", "boot-jar",
				"boot-class-path", "boot-service");
	}

	@Test
	void aScenarioIsNotTakenForOneWithALongerNumber() {
		assertThat(names(Options.parse("--scenarios=fresh-100,boot"))).containsExactly("fresh-100", "boot-jar",
				"boot-class-path", "boot-service");
	}

	@Test
	void filesAddScenarios() {
		assertThat(names(Options.parse("--files=somewhere", "--scenarios=real"))).containsExactly("real-fresh",
				"real-nothing-pending");
	}

	@Test
	void eachOptionIsRead() {
		Options options = Options.parse("--scenarios=huge", "--rounds=7", "--heap=1g", "--files=there",
				"--folders=true");

		assertThat(options).isEqualTo(new Options(List.of("huge"), 7, "1g", Path.of("there"), true));
	}

	@Test
	void anUnknownScenarioIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(Options.parse("--scenarios=stale")::selected)
			.withMessageContaining("'stale'")
			.withMessageContaining("fresh-100");
	}

	@Test
	void anUnknownOptionIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--round=3"))
			.withMessageContaining("--round=3");
	}

	private static List<String> names(Options options) {
		return options.selected().stream().map(Scenario::name).toList();
	}

}
