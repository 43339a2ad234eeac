package dev.tidemark.test.clone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.tidemark.Tidemark;
import dev.tidemark.testkit.Processes;
import dev.tidemark.testkit.TestDatabase;

/**
 * A test run in a JVM of its own, so that it can be killed. It makes a clone and keeps it
 * until its input ends.
 */
final class CloningProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private CloningProcess(Process process) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
	}

	public static void main(String[] arguments) throws IOException {
		TemplateDatabase template = TemplateDatabase.on(arguments[0], arguments[1], arguments[2])
			.migratedBy((database) -> Tidemark.builder(database).locations(arguments[3]).build());
		try (DatabaseClone clone = template.newClone()) {
			System.out.println("clone " + clone.name());
			System.in.readAllBytes();
		}
	}

	static CloningProcess start(TestDatabase database, Migrations migrations) {
		try {
			return new CloningProcess(
					new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
							"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
							CloningProcess.class.getName(), database.jdbcUrl(), database.user(), database.password(),
							migrations.location())
						.redirectErrorStream(true)
						.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits for the clone and returns its name. */
	String awaitClone() throws IOException {
		StringBuilder before = new StringBuilder();
		for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
			if (line.startsWith("clone ")) {
				return line.substring("clone ".length());
			}
			before.append(line).append('\n');
		}
		throw new IllegalStateException("The process has ended: " + before);
	}

	/** Ends the process as the end of a test run does it. */
	void end() throws IOException {
		this.process.getOutputStream().close();
		Processes.awaitEnd(this.process);
	}

	/** Kills the JVM as the kernel does it when memory runs out. */
	void kill() {
		Processes.kill(this.process);
	}

	@Override
	public void close() {
		kill();
	}

}
