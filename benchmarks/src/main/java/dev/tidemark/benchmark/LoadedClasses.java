package dev.tidemark.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The classes that a JVM has loaded from jars, as its log of them tells. Its own classes
 * are not among them: another release of the JVM has others.
 *
 * @param ours names of Tidemark's classes, without those that have only a number
 * @param lambdas how many classes the JVM made itself for our lambdas and method
 * references
 * @param libraries how many classes of other libraries there are
 */
record LoadedClasses(List<String> ours, int lambdas, int libraries) {

	private static final String OURS = "dev.tidemark.";

	private static final String PROGRAMS = "dev.tidemark.benchmark.";

	/** How the JVM names what it makes for a lambda, with more behind it. */
	private static final String LAMBDA = "$$Lambda";

	private static final String FROM_JAR = ".jar";

	/** Which of them there are is the compiler's affair: 25 makes fewer than 17. */
	private static final Pattern MADE_BY_COMPILER = Pattern.compile(".+\\$\\d+");

	/**
	 * Reads what {@code -Xlog:class+load} has written without decorations: the name of a
	 * class and where it comes from.
	 * @param log the file
	 * @return the classes
	 */
	static LoadedClasses read(Path log) throws IOException {
		List<String> lines = Files.readAllLines(log).stream().filter((line) -> !line.startsWith(PROGRAMS)).toList();
		List<String> fromJars = lines.stream()
			.filter((line) -> line.endsWith(FROM_JAR))
			.map((line) -> line.substring(0, line.indexOf(' ')))
			.sorted()
			.toList();
		List<String> ours = fromJars.stream().filter((name) -> name.startsWith(OURS)).toList();
		List<String> written = ours.stream().filter((name) -> !MADE_BY_COMPILER.matcher(name).matches()).toList();
		long lambdas = lines.stream().filter((line) -> line.startsWith(OURS) && line.contains(LAMBDA)).count();
		return new LoadedClasses(written, (int) lambdas, fromJars.size() - ours.size());
	}

}
