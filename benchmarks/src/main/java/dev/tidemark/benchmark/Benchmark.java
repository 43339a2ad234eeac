package dev.tidemark.benchmark;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.springframework.util.FileSystemUtils;

/**
 * Runs the scenarios that it is asked for and writes what it found to
 * {@code target/benchmarks}.
 */
final class Benchmark {

	private static final int SYNCS = 51;

	private Benchmark() {
	}

	public static void main(String[] arguments) throws Exception {
		Options options = Options.parse(arguments);
		List<Scenario> scenarios = options.selected();
		Path output = target().resolve("benchmarks");
		FileSystemUtils.deleteRecursively(output);
		Files.createDirectories(output);
		Report report = run(scenarios, options, output);
		report.write(output);
		System.out.println();
		System.out.println(report.markdown());
		System.out.println("Written to " + output);
	}

	/**
	 * Runs scenarios.
	 * @param scenarios the scenarios
	 * @param options how to run them
	 * @param output where the server and the files that are made have room
	 * @return what was found
	 */
	static Report run(List<Scenario> scenarios, Options options, Path output) throws IOException, URISyntaxException {
		Path work = Files.createTempDirectory(output, "run");
		Libraries libraries = new Libraries(target().resolve("dependencies"));
		try (DatabaseServer server = DatabaseServer.start(work.resolve("postgres"))) {
			Map<String, String> environment = environment(server, libraries, options, work);
			Trials trials = new Trials(server, new Packer(work, classes(), libraries, options.folders()), options);
			List<ScenarioResult> results = new ArrayList<>();
			for (Scenario scenario : scenarios) {
				results.add(trials.run(scenario));
			}
			return new Report(environment, results);
		}
		finally {
			FileSystemUtils.deleteRecursively(work);
		}
	}

	private static Map<String, String> environment(DatabaseServer server, Libraries libraries, Options options,
			Path work) throws IOException {
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("System", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
				+ System.getProperty("os.arch"));
		environment.put("Processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
		environment.put("Java", System.getProperty("java.vendor") + " " + Runtime.version());
		environment.put("PostgreSQL", server.version() + ", fsync, synchronous_commit and full_page_writes on");
		environment.put("A sync of the disk", String.format(Locale.ROOT, "%.2f ms", syncMillis(work)));
		environment.put("Flyway", libraries.versionOf("org.flywaydb:flyway-core"));
		environment.put("Liquibase", libraries.versionOf("org.liquibase:liquibase-core"));
		environment.put("Tidemark", libraries.versionOf("dev.tidemark:tidemark-core"));
		environment.put("Spring Boot", libraries.versionOf("org.springframework.boot:spring-boot"));
		environment.put("pgjdbc", libraries.versionOf("org.postgresql:postgresql"));
		environment.put("Biggest heap", options.heap());
		environment.put("Rounds", Integer.toString(options.rounds()));
		environment.put("Migrations lie in", options.folders() ? "a folder of the class path" : "a jar");
		return environment;
	}

	/** What a commit costs at least, so that readers know what kind of disk it was. */
	private static double syncMillis(Path directory) throws IOException {
		double[] millis = new double[SYNCS];
		try (FileChannel file = FileChannel.open(directory.resolve("sync"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			for (int i = 0; i < SYNCS; i++) {
				long start = System.nanoTime();
				file.write(ByteBuffer.allocate(8192), 0);
				file.force(false);
				millis[i] = (System.nanoTime() - start) / 1e6;
			}
		}
		return Summary.of(millis).median();
	}

	private static Path target() throws URISyntaxException {
		return classes().resolveSibling(".").normalize();
	}

	private static Path classes() throws URISyntaxException {
		return Path.of(Benchmark.class.getProtectionDomain().getCodeSource().getLocation().toURI());
	}

}
