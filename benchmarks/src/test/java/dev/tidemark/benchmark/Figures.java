package dev.tidemark.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures that the guard of speed compares with, as {@code figures.txt} has them: a
 * line for each situation and major version of the server.
 */
final class Figures {

	private static final int COLUMNS = 8;

	private final Map<String, Effort> efforts = new HashMap<>();

	static Figures read() throws IOException {
		try (InputStream input = Figures.class.getResourceAsStream("/figures.txt")) {
			return parse(new String(input.readAllBytes(), StandardCharsets.UTF_8));
		}
	}

	static Figures parse(String text) {
		Figures figures = new Figures();
		for (String line : text.lines().filter((line) -> !line.isBlank() && !line.startsWith("#")).toList()) {
			String[] columns = line.strip().split("\\s+");
			if (columns.length != COLUMNS) {
				throw new IllegalArgumentException("No line of figures: " + line);
			}
			int[] numbers = new int[COLUMNS];
			for (int column = 1; column < COLUMNS; column++) {
				numbers[column] = Integer.parseInt(columns[column]);
			}
			figures.efforts.put(key(columns[0], numbers[1]),
					new Effort(numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]));
		}
		return figures;
	}

	private static String key(String situation, int server) {
		return situation + " " + server;
	}

	/**
	 * Tells whether a figure has risen, or is not known at all.
	 * @param situation the situation
	 * @param server the major version of the server
	 * @param counted what was counted
	 * @return whether one has
	 */
	boolean areBelow(String situation, int server, Effort counted) {
		Effort recorded = this.efforts.get(key(situation, server));
		return recorded == null || !recorded.least(counted).equals(counted);
	}

	/**
	 * Compares what was counted with what is recorded.
	 * @param situation the situation
	 * @param server the major version of the server
	 * @param counted what was counted
	 * @return what differs, in words; nothing if all is as it was
	 */
	List<String> differences(String situation, int server, Effort counted) {
		Effort recorded = this.efforts.get(key(situation, server));
		if (recorded == null) {
			return List.of("there are no figures of it: add " + line(situation, server, counted));
		}
		List<String> differences = new ArrayList<>();
		recorded.figures().forEach((name, before) -> {
			int now = counted.figures().get(name);
			if (now > before) {
				differences.add("%s rose from %d to %d: a figure is raised only in a commit of its own that says why"
					.formatted(name, before, now));
			}
			else if (now < before) {
				differences.add("%s fell from %d to %d: lower the figure, or nobody sees it rise again".formatted(name,
						before, now));
			}
		});
		if (!differences.isEmpty()) {
			differences.add("now it is " + line(situation, server, counted));
		}
		return differences;
	}

	static String line(String situation, int server, Effort effort) {
		return "%-15s %6d %11d %11d %7d %7d %7d %9d".formatted(situation, server, effort.connections(),
				effort.roundTrips(), effort.queries(), effort.classes(), effort.lambdas(), effort.libraries());
	}

}
