package dev.tidemark.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * How all contestants fared in a scenario.
 *
 * @param scenario its name
 * @param title its title
 * @param boot whether Boot applications were started
 * @param outcomes one for each contestant
 */
record ScenarioResult(String scenario, String title, boolean boot, List<Outcome> outcomes) {

	/**
	 * Finds a contestant to compare others with.
	 * @param contestant the contestant
	 * @return its outcome, if it took part and did not fail
	 */
	Optional<Outcome> of(Contestant contestant) {
		return this.outcomes.stream()
			.filter((outcome) -> outcome.contestant() == contestant && !outcome.hasFailed())
			.findFirst();
	}

}
