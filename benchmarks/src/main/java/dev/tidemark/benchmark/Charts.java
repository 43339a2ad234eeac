package dev.tidemark.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Chooses what of the results becomes a picture.
 */
final class Charts {

	private static final String SPREAD = "Median; the thin line goes from the smallest to the largest value.";

	private Charts() {
	}

	/**
	 * Draws results.
	 * @param results the results
	 * @return the pictures, by the names of their files
	 */
	static Map<String, Chart> of(List<ScenarioResult> results) {
		Map<String, Chart> charts = new LinkedHashMap<>();
		List<ScenarioResult> libraries = results.stream().filter((result) -> !result.boot()).toList();
		Map<String, List<ScenarioResult>> kinds = new LinkedHashMap<>();
		for (ScenarioResult result : libraries) {
			kinds.computeIfAbsent(result.scenario().replaceAll("-\\d+$", ""), (kind) -> new ArrayList<>()).add(result);
		}
		kinds.forEach((kind, members) -> charts.put(kind + ".svg",
				new Chart("Time to migrate, in a fresh JVM", "Connecting included. " + SPREAD,
						panels(members, "ms", (outcome) -> outcome.summary(Measurement::call)))));
		if (!libraries.isEmpty()) {
			charts.put("memory.svg", new Chart("Peak of resident memory", SPREAD,
					panels(libraries, "MB", (outcome) -> outcome.summary(Measurement::resident))));
			charts.put("round-trips.svg", new Chart("Round trips to the server",
					"Those that open a connection are left out.", panels(libraries, "", Charts::roundTrips)));
		}
		List<Chart.Panel> added = new ArrayList<>();
		for (ScenarioResult result : results) {
			Optional<Outcome> none = result.of(Contestant.NONE);
			if (none.isPresent()) {
				ScenarioResult others = new ScenarioResult(result.scenario(), result.title(), true,
						result.outcomes()
							.stream()
							.filter((outcome) -> outcome.contestant() != Contestant.NONE)
							.toList());
				added.add(panel(others, ": time", "ms", (outcome) -> outcome.added(none.get(), Measurement::process)));
				added.add(panel(others, ": CPU", "ms", (outcome) -> outcome.added(none.get(), Measurement::cpu)));
			}
		}
		if (!added.isEmpty()) {
			charts.put("boot.svg", new Chart("What each adds to the start of a Spring Boot application",
					"200 migrations, nothing pending. " + SPREAD, added));
		}
		return charts;
	}

	private static @Nullable Summary roundTrips(Outcome outcome) {
		Traffic traffic = outcome.traffic();
		return (traffic != null) ? Summary.of(traffic.roundTrips()) : null;
	}

	private static List<Chart.Panel> panels(List<ScenarioResult> results, String unit,
			Function<Outcome, @Nullable Summary> value) {
		return results.stream().map((result) -> panel(result, "", unit, value)).toList();
	}

	private static Chart.Panel panel(ScenarioResult result, String what, String unit,
			Function<Outcome, @Nullable Summary> value) {
		List<Chart.Bar> bars = result.outcomes()
			.stream()
			.map((outcome) -> new Chart.Bar(outcome.contestant().title(), outcome.contestant().color(),
					outcome.hasFailed() ? null : value.apply(outcome)))
			.toList();
		return new Chart.Panel(result.title() + what, unit, bars);
	}

}
