package dev.tidemark.benchmark;

import java.io.IOException;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import dev.tidemark.benchmark.contestant.Probe;

/**
 * What one process has measured of itself.
 *
 * @param process milliseconds from the start of the JVM to the end of the migration, or
 * until the Boot application was ready
 * @param call milliseconds from the first line of {@code main} until then
 * @param cpu milliseconds of CPU, of all threads, from the start of the JVM until then
 * @param heap megabytes of heap: the sum of its pools' peaks
 * @param resident megabytes of memory that were resident at most, 0 where the system does
 * not tell
 */
record Measurement(double process, double call, double cpu, double heap, double resident) {

	private static final JsonMapper MAPPER = new JsonMapper();

	/**
	 * Finds the measurement in what a process wrote.
	 * @param lines the lines
	 * @return the measurement
	 */
	static Measurement in(List<String> lines) throws IOException {
		return lines.stream()
			.filter((line) -> line.startsWith(Probe.MARK))
			.findFirst()
			.map((line) -> MAPPER.readValue(line.substring(Probe.MARK.length()), Measurement.class))
			.orElseThrow(() -> new IOException("Nothing was measured:\n" + String.join("\n", lines)));
	}

}
