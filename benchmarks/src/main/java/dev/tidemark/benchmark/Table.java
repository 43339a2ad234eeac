package dev.tidemark.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints results as tables in Markdown.
 */
final class Table {

	private static final List<String> LIBRARY_COLUMNS = List.of("", "call, ms", "× raw JDBC", "× Flyway",
			"JVM start to end, ms", "CPU, ms", "peak heap, MB", "peak RSS, MB", "queries", "round trips",
			"connections");

	private static final List<String> BOOT_COLUMNS = List.of("", "JVM start to ready, ms", "added, ms", "CPU, ms",
			"CPU added, ms", "peak heap, MB", "peak RSS, MB", "queries", "round trips", "connections");

	private Table() {
	}

	static String of(ScenarioResult result) {
		List<String> columns = result.boot() ? BOOT_COLUMNS : LIBRARY_COLUMNS;
		StringBuilder table = new StringBuilder("### ").append(result.title()).append("\n\n");
		appendRow(table, columns);
		appendRow(table, columns.stream().map((column) -> column.isEmpty() ? "---" : "--:").toList());
		List<String> failures = new ArrayList<>();
		for (Outcome outcome : result.outcomes()) {
			if (outcome.hasFailed()) {
				failures.add("%s failed: %s\n".formatted(outcome.contestant().title(), outcome.failure()));
			}
			else {
				appendRow(table, result.boot() ? bootRow(result, outcome) : libraryRow(result, outcome));
			}
		}
		failures.forEach((failure) -> table.append('\n').append(failure));
		return table.toString();
	}

	private static List<String> libraryRow(ScenarioResult result, Outcome outcome) {
		List<String> row = new ArrayList<>();
		row.add(outcome.contestant().title());
		row.add(outcome.summary(Measurement::call).toString());
		row.add(ratio(outcome, result.of(Contestant.RAW)));
		row.add(ratio(outcome, result.of(Contestant.FLYWAY)));
		row.add(outcome.summary(Measurement::process).toString());
		row.add(outcome.summary(Measurement::cpu).toString());
		appendCosts(row, outcome);
		return row;
	}

	private static List<String> bootRow(ScenarioResult result, Outcome outcome) {
		Optional<Outcome> none = result.of(Contestant.NONE).filter((other) -> other != outcome);
		List<String> row = new ArrayList<>();
		row.add(outcome.contestant().title());
		row.add(outcome.summary(Measurement::process).toString());
		row.add(none.map((other) -> outcome.added(other, Measurement::process).toString()).orElse(""));
		row.add(outcome.summary(Measurement::cpu).toString());
		row.add(none.map((other) -> outcome.added(other, Measurement::cpu).toString()).orElse(""));
		appendCosts(row, outcome);
		return row;
	}

	private static void appendCosts(List<String> row, Outcome outcome) {
		row.add(outcome.summary(Measurement::heap).toString());
		row.add(outcome.summary(Measurement::resident).toString());
		Traffic traffic = outcome.traffic();
		row.add((traffic != null) ? number(traffic.queries()) : "");
		row.add((traffic != null) ? number(traffic.roundTrips()) : "");
		row.add((traffic != null) ? number(traffic.connections()) : "");
	}

	private static String number(int number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	private static String ratio(Outcome outcome, Optional<Outcome> other) {
		return other.map((compared) -> String.format(Locale.ROOT, "%.2f", outcome.ratio(compared))).orElse("");
	}

	private static void appendRow(StringBuilder table, List<String> cells) {
		table.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

}
