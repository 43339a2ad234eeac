package dev.tidemark.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A fresh JVM, of the same Java as this one.
 */
final class JavaProcess {

	/** Nobody is measured while it calls home. */
	private static final Map<String, String> ENVIRONMENT = Map.of("REDGATE_DISABLE_TELEMETRY", "true",
			"LIQUIBASE_ANALYTICS_ENABLED", "false");

	/** Some files make some tools wait for ever. */
	private static final int LIMIT_MINUTES = 30;

	private JavaProcess() {
	}

	/**
	 * Runs a JVM to its end.
	 * @param arguments the arguments of {@code java}
	 * @return the lines that it wrote
	 * @throws FailedException if it ended with an error, or had to be ended after half an
	 * hour
	 */
	static List<String> run(List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().putAll(ENVIRONMENT);
		Process process = builder.start();
		Thread limit = new Thread(() -> endAtLimit(process), "limit");
		limit.setDaemon(true);
		limit.start();
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			List<String> lines = output.lines().toList();
			if (process.waitFor() != 0) {
				throw new FailedException(lines);
			}
			return lines;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static void endAtLimit(Process process) {
		try {
			process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		process.destroyForcibly();
	}

	/** A JVM ended with an error. */
	static final class FailedException extends IOException {

		private static final long serialVersionUID = 1L;

		FailedException(List<String> lines) {
			super(String.join("\n", lines));
		}

		/**
		 * Returns the line that says most about the reason.
		 * @return the first that names an exception or error, else the last
		 */
		String reason() {
			List<String> lines = String.valueOf(getMessage()).lines().toList();
			return lines.stream()
				.filter((line) -> line.matches(".*\\b\\w+(Exception|Error)\\b.*"))
				.findFirst()
				.orElse(lines.isEmpty() ? "no output" : lines.get(lines.size() - 1));
		}

	}

}
