package dev.tidemark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.tidemark.error.TidemarkException;
import dev.tidemark.run.ConnectionSource;
import dev.tidemark.run.RunResult;
import dev.tidemark.testkit.PostgresServer;
import dev.tidemark.testkit.Processes;

/**
 * An instance in a JVM of its own, so that it can be killed.
 */
final class MigratingProcess implements AutoCloseable {

	private static final String READY = "ready";

	private final Process process;

	private final BufferedReader output;

	private MigratingProcess(Process process) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
	}

	public static void main(String[] arguments) {
		Tidemark tidemark = Tidemark
			.builder(ConnectionSource.of(arguments[0], PostgresServer.SUPERUSER, PostgresServer.PASSWORD))
			.locations(arguments[1])
			.waitTimeout(Duration.parse(arguments[2]))
			.build();
		System.out.println(READY);
		try {
			System.out
				.println("applied " + ((arguments.length > 3) ? migrate(tidemark, arguments[3]) : migrate(tidemark)));
		}
		catch (TidemarkException ex) {
			System.out.println(ex.getMessage());
			System.exit(1);
		}
	}

	private static int migrate(Tidemark tidemark) {
		RunResult result = tidemark.migrate();
		return result.applied().size();
	}

	private static int migrate(Tidemark tidemark, String tenants) {
		TenantsResult result = Tenants.builder(tidemark, TenantSchemas.of(List.of(tenants.split(","))))
			.build()
			.migrate();
		return result.outcomes().stream().mapToInt(TenantOutcome::applied).sum();
	}

	static MigratingProcess start(String jdbcUrl, Path folder, Duration waitTimeout, String... tenants) {
		return start(List.of(), jdbcUrl, folder, waitTimeout, tenants);
	}

	/**
	 * Starts an instance by another command, such as one that puts it into a network of
	 * its own.
	 * @param prefix what stands in front of the command of the JVM
	 */
	static MigratingProcess start(List<String> prefix, String jdbcUrl, Path folder, Duration waitTimeout,
			String... tenants) {
		return start(prefix, System.getProperty("java.class.path"), MigratingProcess.class.getName(), jdbcUrl, folder,
				waitTimeout, tenants);
	}

	/**
	 * Starts an instance of another build.
	 * @param build the build
	 */
	static MigratingProcess start(OtherBuild build, String jdbcUrl, Path folder, Duration waitTimeout,
			String... tenants) {
		return start(List.of(), build.classPath(), build.mainClass(), jdbcUrl, folder, waitTimeout, tenants);
	}

	private static MigratingProcess start(List<String> prefix, String classPath, String mainClass, String jdbcUrl,
			Path folder, Duration waitTimeout, String... tenants) {
		try {
			List<String> command = new ArrayList<>(prefix);
			command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
					"-XX:TieredStopAtLevel=1", "-cp", classPath, mainClass, jdbcUrl, "filesystem:" + folder,
					waitTimeout.toString()));
			if (tenants.length > 0) {
				command.add(String.join(",", tenants));
			}
			return new MigratingProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits until all that is left to do is the run itself. */
	MigratingProcess awaitReady() throws IOException {
		String line = this.output.readLine();
		while (line != null && !line.equals(READY)) {
			line = this.output.readLine();
		}
		return this;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/** Kills the JVM as the kernel does it when memory runs out. */
	void kill() {
		Processes.kill(this.process);
	}

	void signal(String name) throws IOException, InterruptedException {
		int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
		if (status != 0) {
			throw new IllegalStateException("kill -" + name + " ended with " + status);
		}
	}

	/** Waits for the end of the process and returns its exit status. */
	int exitValue(Duration timeout) throws InterruptedException {
		if (!this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException("The instance still runs after " + timeout);
		}
		return this.process.exitValue();
	}

	/** Returns what an ended process wrote. */
	String output() {
		return this.output.lines().collect(Collectors.joining("\n"));
	}

	@Override
	public void close() {
		kill();
	}

}
