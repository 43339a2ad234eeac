package dev.tidemark.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	private static final Outcome RAW = outcome(Contestant.RAW, 100, 110);

	private static final Outcome FLYWAY = outcome(Contestant.FLYWAY, 400, 440);

	private static final Outcome FAILED = new Outcome(Contestant.LIQUIBASE, null, List.of(), "OutOfMemoryError");

	@Test
	void theTableTellsMediansSpreadAndRatios() {
		assertThat(report(false, RAW, FLYWAY).markdown()).contains(
				"| Flyway | 420 (400 to 440) | 4.00 | 1.00 | 450 (430 to 470) | 500 (500 to 500) | 60 (60 to 60) | 90 (90 to 90) | 7 | 5 | 2 |");
	}

	@Test
	void theTableTellsWhatIsAddedToAnApplication() {
		Outcome none = outcome(Contestant.NONE, 100, 130);

		assertThat(report(true, none, FLYWAY).markdown()).contains("| no migrations | 145 (130 to 160) |  |")
			.contains("| Flyway | 450 (430 to 470) | 305 (300 to 310) |");
	}

	@Test
	void whoFailedIsNamedWithTheReason() {
		assertThat(report(false, RAW, FAILED).markdown()).contains("Liquibase failed: OutOfMemoryError");
	}

	@Test
	void theJsonHoldsEveryMeasurement() {
		JsonNode json = new JsonMapper().readTree(report(false, RAW, FAILED).json());

		assertThat(json.at("/environment/Java").asString()).isEqualTo("17");
		assertThat(json.at("/scenarios/0/outcomes/0/measurements/1/call").asDouble()).isEqualTo(110);
		assertThat(json.at("/scenarios/0/outcomes/0/traffic/roundTrips").asInt()).isEqualTo(5);
		assertThat(json.at("/scenarios/0/outcomes/1/failure").asString()).isEqualTo("OutOfMemoryError");
	}

	@Test
	void allIsWritten(@TempDir Path directory) throws Exception {
		Outcome none = outcome(Contestant.NONE, 100, 130);
		ScenarioResult fresh = new ScenarioResult("fresh-100", "Fresh", false, List.of(RAW, FLYWAY));
		ScenarioResult boot = new ScenarioResult("boot-jar", "Boot", true, List.of(none, FLYWAY));

		new Report(Map.of(), List.of(fresh, boot)).write(directory);

		assertThat(directory.toFile().list()).containsExactlyInAnyOrder("results.json", "results.md", "fresh.svg",
				"memory.svg", "round-trips.svg", "boot.svg");
	}

	private static Report report(boolean boot, Outcome... outcomes) {
		return new Report(Map.of("Java", "17"),
				List.of(new ScenarioResult("name-1", "Title", boot, List.of(outcomes))));
	}

	private static Outcome outcome(Contestant contestant, double... calls) {
		return new Outcome(contestant, new Traffic(2, 5, 7),
				List.of(new Measurement(calls[0] + 30, calls[0], 500, 60, 90),
						new Measurement(calls[1] + 30, calls[1], 500, 60, 90)),
				null);
	}

}
