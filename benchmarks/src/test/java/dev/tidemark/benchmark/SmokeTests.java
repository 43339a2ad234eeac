package dev.tidemark.benchmark;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every contestant does its work. How fast it is does not matter here.
 */
class SmokeTests {

	@Test
	void everyContestantMigrates(@TempDir Path directory) throws Exception {
		Options options = new Options(List.of(), 1, "256m", null, 3, false);
		Scenario fresh = Scenario.fresh("fresh-10", "Fresh", Corpus.generated(10));

		Report report = Benchmark.run(List.of(fresh), options, directory);

		assertThat(report.environment()).containsEntry("Flyway", "13.12.0");
		assertThat(report.scenarios()).singleElement()
			.satisfies((result) -> assertThat(result.outcomes()).hasSize(4).allSatisfy((outcome) -> {
				assertThat(outcome.failure()).isNull();
				assertThat(outcome.traffic()).isNotNull();
				assertThat(outcome.traffic().connections()).isPositive();
				assertThat(outcome.traffic().roundTrips()).isPositive();
				// A statement of each migration and its row of the history
				assertThat(outcome.traffic().queries()).isGreaterThanOrEqualTo(20);
				assertThat(outcome.measurements()).singleElement().satisfies((measurement) -> {
					assertThat(measurement.call()).isPositive();
					assertThat(measurement.process()).isGreaterThan(measurement.call());
					assertThat(measurement.cpu()).isPositive();
					assertThat(measurement.heap()).isPositive();
				});
			}));
	}

	@Tag("proof")
	@Test
	void everyContestantMigratesManySchemas(@TempDir Path directory) throws Exception {
		Options options = new Options(List.of("tenants"), 1, "256m", null, 3, false);

		Report report = Benchmark.run(options.selected(), options, directory);

		assertThat(report.scenarios()).hasSize(2)
			.allSatisfy((result) -> assertThat(result.outcomes()).hasSize(3).allSatisfy((outcome) -> {
				assertThat(outcome.failure()).isNull();
				assertThat(outcome.measurements()).hasSize(1);
			}));
	}

}
