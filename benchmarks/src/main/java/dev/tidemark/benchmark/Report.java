package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that a run has found.
 *
 * @param environment where it ran, and with which versions
 * @param scenarios what it found
 */
record Report(Map<String, String> environment, List<ScenarioResult> scenarios) {

	/**
	 * Writes the report as {@code results.json}, {@code results.md} and pictures.
	 * @param directory where to
	 */
	void write(Path directory) throws IOException {
		Files.writeString(directory.resolve("results.json"), json());
		Files.writeString(directory.resolve("results.md"), markdown());
		for (Map.Entry<String, Chart> chart : Charts.of(this.scenarios).entrySet()) {
			Files.writeString(directory.resolve(chart.getKey()), chart.getValue().svg());
		}
	}

	String json() {
		return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(this) + "\n";
	}

	String markdown() {
		return this.scenarios.stream().map(Table::of).collect(Collectors.joining("\n")) + this.environment.entrySet()
			.stream()
			.map((entry) -> "- " + entry.getKey() + ": " + entry.getValue() + "\n")
			.collect(Collectors.joining("", "\n### Environment\n\n", ""));
	}

}
