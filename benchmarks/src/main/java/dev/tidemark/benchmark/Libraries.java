package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The libraries of the build, and which of them need which others, as Maven has written
 * it down. A contestant must not pay for what another one needs.
 */
final class Libraries {

	private static final String ARTIFACT = "([\\w.-]+:[\\w.-]+):jar:";

	private static final Pattern EDGE = Pattern.compile("\"\\(?" + ARTIFACT + "[^\"]*\" -> \"\\(?" + ARTIFACT);

	private static final Pattern FILE = Pattern
		.compile("\\s*" + ARTIFACT + "([^:]+):(?:compile|runtime):(.+?)(?: -- module .*)?");

	private final Map<String, Set<String>> dependencies = new HashMap<>();

	private final Map<String, Path> files = new LinkedHashMap<>();

	private final Map<String, String> versions = new HashMap<>();

	/**
	 * Reads what Maven has written.
	 * @param directory where {@code graph.dot} and {@code files.txt} are
	 * @throws IOException if they cannot be read
	 */
	Libraries(Path directory) throws IOException {
		for (String line : Files.readAllLines(directory.resolve("graph.dot"))) {
			Matcher edge = EDGE.matcher(line);
			if (edge.find()) {
				this.dependencies.computeIfAbsent(edge.group(1), (artifact) -> new LinkedHashSet<>())
					.add(edge.group(2));
			}
		}
		for (String line : Files.readAllLines(directory.resolve("files.txt"))) {
			Matcher file = FILE.matcher(line);
			if (file.matches()) {
				this.versions.put(file.group(1), file.group(2));
				this.files.put(file.group(1), Path.of(file.group(3)));
			}
		}
	}

	/**
	 * Returns the files of artifacts and of all that they depend on.
	 * @param artifacts each as {@code group:artifact}
	 * @return the files, or folders of classes where Maven has not packed a module yet
	 */
	List<Path> filesOf(List<String> artifacts) {
		Set<String> needed = new LinkedHashSet<>();
		Deque<String> open = new ArrayDeque<>(artifacts);
		while (!open.isEmpty()) {
			String artifact = open.remove();
			if (needed.add(artifact)) {
				open.addAll(this.dependencies.getOrDefault(artifact, Set.of()));
			}
		}
		List<Path> paths = new ArrayList<>();
		for (String artifact : needed) {
			Path path = this.files.get(artifact);
			if (path == null) {
				throw new IllegalStateException(artifact + " is no dependency of this build");
			}
			paths.add(path);
		}
		return paths;
	}

	/**
	 * Returns the version of an artifact.
	 * @param artifact {@code group:artifact}
	 * @return its version
	 */
	String versionOf(String artifact) {
		return this.versions.getOrDefault(artifact, "unknown");
	}

}
